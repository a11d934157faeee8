"""Loads, appends, clears and measures conversations of one owner in one workspace. Sync; for database threads."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Sum, TextField
from django.db.models.functions import Cast, Length

from chats.models import ChatMessage, ChatSession
from workspaces.storage import StoredPart, storage

MAX_KEPT_MESSAGES = 1_000
"""How many messages of a session are kept. Beyond that, the oldest are deleted."""
MAX_KEPT_BYTES = 8 * 1024 * 1024
"""Of the messages of a session that are kept, but what was saved last is kept whole."""

Turn = dict[str, Any]


def load(workspace_id: UUID, owner: str, session_id: str, limit: int) -> list[Turn]:
    """Return the newest `limit` messages of a session, the oldest of them first; none when there is no such session."""
    rows = ChatMessage.objects.filter(
        session__workspace_id=workspace_id, session__owner=owner, session__session_id=session_id
    )
    newest = rows.order_by("-position").values_list("role", "content", "stop_reason")[:limit]
    return [_build_turn(*row) for row in reversed(newest)]


@transaction.atomic
def append(
    workspace_id: UUID,
    owner: str,
    session_id: str,
    turns: Sequence[Turn],
    run_id: UUID | None,
    max_messages: int = MAX_KEPT_MESSAGES,
) -> None:
    """Append the turns to a session, all or none, and delete the oldest above `max_messages` and `MAX_KEPT_BYTES`.

    Two appends at the same time do not mix: the turns of each stay together. Raises ActionError
    `limit_workspace_bytes` when the workspace stores as much as it may.
    """
    storage.require_room(workspace_id)
    sessions = ChatSession.objects.select_for_update()
    session, _ = sessions.get_or_create(workspace_id=workspace_id, owner=owner, session_id=session_id)
    session.save(update_fields=("updated_at",))  # also locks a session that was just created
    last = session.messages.aggregate(last=Max("position"))["last"] or 0
    ChatMessage.objects.bulk_create(
        ChatMessage(
            session=session,
            position=position,
            role=turn["role"],
            content=turn["content"],
            stop_reason=turn.get("stop_reason") or "",
            run_id=run_id,
        )
        for position, turn in enumerate(turns, last + 1)
    )
    session.stored_bytes = _delete_oldest(session, len(turns), max_messages)
    session.save(update_fields=("stored_bytes",))


@transaction.atomic
def copy_session(workspace_id: UUID, owner: str, session_id: str, copy_id: str, run_ids: Collection[UUID]) -> bool:
    """Begin the session `copy_id` with the messages of another one that these runs have saved.

    A session of that id which exists already stays as it is. Returns whether one was begun. Raises DomainError
    `limit_workspace_bytes`.
    """
    sessions = ChatSession.objects.filter(workspace_id=workspace_id, owner=owner)
    source = sessions.filter(session_id=session_id).first()
    if source is None or sessions.filter(session_id=copy_id).exists():
        return False
    storage.require_room(workspace_id)
    copy, is_new = sessions.get_or_create(workspace_id=workspace_id, owner=owner, session_id=copy_id)
    if not is_new:  # another request was a moment earlier
        return False
    kept = list(source.messages.filter(run_id__in=run_ids).order_by("position"))
    for message in kept:
        message.pk, message.session = None, copy
    ChatMessage.objects.bulk_create(kept)
    copy.stored_bytes = _delete_oldest(copy, len(kept), MAX_KEPT_MESSAGES)
    copy.save(update_fields=("stored_bytes",))
    return True


def clear(workspace_id: UUID, owner: str, session_id: str) -> None:
    """Delete a session with its messages, if there is one."""
    ChatSession.objects.filter(workspace_id=workspace_id, owner=owner, session_id=session_id).delete()


def measure_storage(workspace_id: UUID) -> list[StoredPart]:
    """Return what all conversations of the workspace store together."""
    sessions = ChatSession.objects.filter(workspace_id=workspace_id)
    stored = sessions.aggregate(bytes=Sum("stored_bytes", default=0))["bytes"]
    return [StoredPart("conversations", "", "Conversations", stored)]


def _delete_oldest(session: ChatSession, new: int, max_messages: int) -> int:
    """Delete the oldest messages beyond what is kept, but none of the `new` ones; return the bytes of the others."""
    size = Length(Cast("content", TextField()))
    kept = 0
    for count, (position, bytes) in enumerate(session.messages.order_by("-position").values_list("position", size)):
        if count >= max_messages or (count >= new and kept + bytes > MAX_KEPT_BYTES):
            session.messages.filter(position__lte=position).delete()
            break
        kept += bytes
    return kept


def _build_turn(role: str, content: Any, stop_reason: str) -> Turn:
    turn = {"role": role, "content": content}
    return {**turn, "stop_reason": stop_reason} if stop_reason else turn
