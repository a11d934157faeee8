"""The files of visitors: stored before the question is sent, read, deleted, and given to runs. Sync.

A file belongs to a visitor of a page, and to the conversation in which it was sent first: it is deleted with that.
"""

import base64
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone

from actions.chat.completion_trigger import PageFiles
from actions.contract.errors import DomainError
from actions.contract.sizes import MEGABYTE, format_size
from chat_pages.file_types import MAX_FILES, MAX_QUESTION_BYTES, TEXT, build_not_taken, judge_file
from chat_pages.models import ChatPage, Conversation, ConversationFile
from chat_pages.visitors import Visitor
from flows.models import FlowVersion
from flows.protocols.chat_call import CHAT_TRIGGER
from web.database import hold_lock
from web.errors import build_not_found
from workspaces.storage import StoredPart, storage

MAX_UNSENT_FILES = 2 * MAX_FILES
"""Of one visitor of a page."""
MAX_VISITOR_BYTES = 200 * MEGABYTE
"""Of all files of one visitor of a page."""
UNSENT_LIFETIME = timedelta(days=1)


def read_taken(page: ChatPage) -> PageFiles:
    """Return which files the version takes that answers on the page."""
    versions = FlowVersion.objects.filter(flow_id=page.flow_id, revision=page.flow.production_revision or 0)
    nodes = [node for graph in versions.values_list("graph", flat=True) for node in graph["nodes"]]
    trigger: dict[str, Any] = next((node["properties"] for node in nodes if node["action"] == CHAT_TRIGGER), {})
    taken: PageFiles = trigger.get("page_files", "none")
    return taken


def store_file(visitor: Visitor, name: str, content: bytes) -> ConversationFile:
    """Store a file for the next question.

    Raises DomainError as `judge_file` does, `too_many_files` and `limit_visitor_bytes` when the visitor has as much as
    one may have, and `limit_workspace_bytes`.
    """
    media_type = judge_file(name, content, read_taken(visitor.page))
    storage.require_room(visitor.caller.workspace_id)
    with transaction.atomic():
        hold_lock("files of a visitor", f"{visitor.page.pk} {visitor.caller.owner}")
        _require_room(visitor, len(content))
        return ConversationFile.objects.create(
            page=visitor.page,
            owner=visitor.caller.owner,
            name=name,
            media_type=media_type,
            size=len(content),
            content=content,
        )


def get_file(visitor: Visitor, id: UUID) -> ConversationFile:
    """Return a file of the visitor's own, with its content; raises DomainError `not_found`."""
    found = _get_own(visitor).filter(pk=id).first()
    if found is None:
        raise build_not_found()
    return found


def delete_unsent_file(visitor: Visitor, id: UUID) -> None:
    """Delete a file that no question was sent with. One that was sent stays, with its conversation."""
    _get_own(visitor).filter(pk=id, conversation=None).delete()


def choose_files(visitor: Visitor, conversation_id: UUID, ids: Sequence[UUID]) -> list[ConversationFile]:
    """Return the files of a question in the given order, without their contents.

    Each is the visitor's, and of no other conversation. Raises DomainError `file_gone`, `files_not_taken` and
    `files_too_large`.
    """
    if not ids:
        return []
    if read_taken(visitor.page) == "none":
        raise build_not_taken()
    rows = _get_own(visitor).filter(pk__in=ids).defer("content")
    found = {row.pk: row for row in rows if row.conversation_id in (None, conversation_id)}
    if any(id not in found for id in ids):
        message = "A file of the question is not there any more."
        raise DomainError("invalid", "file_gone", message, field="files", hint="Remove it, or add it again.")
    chosen = [found[id] for id in dict.fromkeys(ids)]
    size = sum(row.size for row in chosen)
    if size > MAX_QUESTION_BYTES:
        message = (
            f"The files of the question have {format_size(size)}, and {format_size(MAX_QUESTION_BYTES)} are allowed."
        )
        raise DomainError("too_large", "files_too_large", message, field="files", hint="Remove one of them.")
    return chosen


def attach_files(conversation: Conversation, ids: Collection[UUID]) -> None:
    """Let the files belong to the conversation in which they were sent."""
    if ids:
        ConversationFile.objects.filter(pk__in=ids, conversation=None).update(conversation=conversation)


def describe_for_run(row: ConversationFile) -> dict[str, Any]:
    """Return the file as the input of a run names it; `flows.stored_files` says how that is read."""
    kind = "image" if row.media_type.startswith("image/") else "document"
    facts = {"type": kind, "media_type": row.media_type, "title": row.name}
    return {**facts, "bytes": row.size, "stored": str(row.pk)}


def load_contents(workspace_id: UUID, owner: str, ids: Collection[UUID]) -> Mapping[UUID, Mapping[str, str]]:
    """Return the contents of these files of the owner, as a chat completion takes them."""
    rows = ConversationFile.objects.filter(page__flow__workspace_id=workspace_id, owner=owner, pk__in=ids)
    return {row.pk: _encode(row) for row in rows}


def measure_for_run(rows: Collection[ConversationFile]) -> int:
    """Return how many bytes the contents have as `load_contents` returns them, or a few more."""
    return sum(row.size if row.media_type == TEXT else 4 * (row.size // 3 + 1) for row in rows)


def delete_abandoned_files() -> None:
    """Delete the files that were never sent and are older than a day."""
    ConversationFile.objects.filter(conversation=None, created_at__lt=timezone.now() - UNSENT_LIFETIME).delete()


def measure_storage(workspace_id: UUID) -> list[StoredPart]:
    """Return what the files of all visitors of the workspace's pages store together."""
    files = ConversationFile.objects.filter(page__flow__workspace_id=workspace_id)
    stored = files.aggregate(bytes=Sum("size", default=0))["bytes"]
    return [StoredPart("conversations", "", "Files of visitors", stored)]


def _encode(row: ConversationFile) -> dict[str, str]:
    if row.media_type == TEXT:
        return {"text": bytes(row.content).decode("utf-8-sig")}
    return {"data": base64.b64encode(row.content).decode()}


def _require_room(visitor: Visitor, size: int) -> None:
    own = _get_own(visitor)
    if own.filter(conversation=None).count() >= MAX_UNSENT_FILES:
        message = f"{MAX_UNSENT_FILES} files wait to be sent."
        raise DomainError("too_many", "too_many_files", message, field="file", hint="Send some, or remove some.")
    if own.aggregate(bytes=Sum("size", default=0))["bytes"] + size > MAX_VISITOR_BYTES:
        message = f"Your chats here have files of {format_size(MAX_VISITOR_BYTES)}, which is as much as they may."
        raise DomainError("too_large", "limit_visitor_bytes", message, field="file", hint="Delete an older chat.")


def _get_own(visitor: Visitor) -> QuerySet[ConversationFile]:
    return ConversationFile.objects.filter(page=visitor.page, owner=visitor.caller.owner)
