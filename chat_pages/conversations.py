"""The conversations of a visitor: list, read, rename, delete, and the turn that a question adds. Sync.

A visitor reaches no conversation but the own ones of this page: any other does not exist for the visitor.
"""

import hashlib
from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from chat_pages.feedback.pending import store_feedback
from chat_pages.files import attach_files
from chat_pages.models import Conversation, ConversationTurn
from chat_pages.visitors import Visitor
from chats import services as chats
from flows.models import MAX_QUESTION_CHARACTERS
from web.database import hold_lock
from web.errors import build_not_found

MAX_LISTED = 200
MAX_TURNS = 100
"""Of a conversation, the last ones, as they are shown."""


class NextTurn(NamedTuple):
    """Where the answer to a question belongs."""

    conversation_id: UUID
    session_id: str
    """The session of its run."""
    replaced_id: int | None = None
    """The first turn that it takes the place of; None when it follows the last one."""
    begins_session: bool = False
    """Whether the session was begun for it, with the messages of an earlier one."""


def list_conversations(visitor: Visitor, words: str = "") -> list[Conversation]:
    """Return the visitor's conversations whose name or question has the words, the one used last first."""
    rows = _get_own(visitor)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(name="", question__icontains=words))
    return list(rows.order_by("-updated_at")[:MAX_LISTED])


def get_conversation(visitor: Visitor, id: UUID) -> Conversation:
    """Return the visitor's conversation; raises DomainError `not_found`."""
    found = _get_own(visitor).filter(pk=id).first()
    if found is None:
        raise build_not_found()
    return found


def list_turns(conversation: Conversation) -> list[ConversationTurn]:
    """Return the last turns that count, the oldest first, each with its run."""
    rows = conversation.turns.filter(is_replaced=False).select_related("run").defer("run__kept", "run__kept_yields")
    return list(rows.order_by("-pk")[:MAX_TURNS])[::-1]


def get_turn(visitor: Visitor, run_id: UUID) -> ConversationTurn:
    """Return the visitor's turn that the run answers; raises DomainError `not_found`."""
    turns = ConversationTurn.objects.filter(conversation__in=_get_own(visitor), run_id=run_id)
    found = turns.select_related("run__version").defer("run__input", "run__version__graph").first()
    if found is None:
        raise build_not_found()
    return found


def rename_conversation(conversation: Conversation, name: str) -> Conversation:
    """Name the conversation; an empty name takes the name away."""
    conversation.name = name
    conversation.save(update_fields=("name",))
    return conversation


@transaction.atomic
def delete_conversation(visitor: Visitor, conversation: Conversation) -> None:
    """Delete the conversation with its files, and what the flow remembers of it.

    Its runs stay, as all runs of the workspace do. They name the files and do not hold them.
    """
    for session_id in set(conversation.turns.values_list("run__session_id", flat=True)):
        chats.clear(visitor.caller.workspace_id, visitor.caller.owner, session_id)
    conversation.delete()


def prepare_turn(visitor: Visitor, id: UUID, replaces: UUID | None, key: str) -> NextTurn:
    """Return where the answer to a question belongs. Where it replaces a turn, what came before that is remembered.

    A repeated call, which has the same `key`, is given the same session. Raises DomainError `not_found`: for a
    conversation of somebody else, and for a turn that is none of this one.
    """
    found = Conversation.objects.filter(pk=id).first()
    if found is None and replaces is None:
        return NextTurn(id, str(id))
    conversation = get_conversation(visitor, id)
    if replaces is None:
        return NextTurn(id, conversation.session_id)
    replaced = conversation.turns.filter(run_id=replaces).select_related("run").first()
    if replaced is None:
        raise build_not_found()
    session_id = f"{id}.{hashlib.sha256(key.encode()).hexdigest()[:16]}"
    earlier = conversation.turns.filter(pk__lt=replaced.pk, is_replaced=False).values_list("run_id", flat=True)
    owner = visitor.caller.owner
    is_begun = chats.copy_session(visitor.caller.workspace_id, owner, replaced.run.session_id, session_id, set(earlier))
    return NextTurn(id, session_id, replaced.pk, is_begun)


def forget_turn(visitor: Visitor, turn: NextTurn) -> None:
    """Undo what `prepare_turn` has done, because no run was started. A session of an earlier call stays."""
    if turn.begins_session:
        chats.clear(visitor.caller.workspace_id, visitor.caller.owner, turn.session_id)


@transaction.atomic
def store_turn(visitor: Visitor, turn: NextTurn, run_id: UUID, prompt: str, file_ids: Collection[UUID] = ()) -> None:
    """Store that the run answers the question with these files. Does nothing when that is stored already."""
    hold_lock("turn of a run", run_id)
    if ConversationTurn.objects.filter(run_id=run_id).exists():
        return
    conversation, is_new = Conversation.objects.get_or_create(
        pk=turn.conversation_id,
        defaults={
            "page": visitor.page,
            "owner": visitor.caller.owner,
            "session_id": turn.session_id,
            "question": prompt[:MAX_QUESTION_CHARACTERS],
            "updated_at": timezone.now(),
        },
    )
    if turn.replaced_id is not None:
        conversation.turns.filter(pk__gte=turn.replaced_id).update(is_replaced=True)
    ConversationTurn.objects.create(conversation=conversation, run_id=run_id)
    attach_files(conversation, file_ids)
    if not is_new:
        conversation.session_id, conversation.updated_at = turn.session_id, timezone.now()
        conversation.save(update_fields=("session_id", "updated_at"))


@transaction.atomic
def rate_turn(turn: ConversationTurn, rating: int | None, comment: str) -> None:
    """Store what the visitor thinks of an answer, and that flows are to be told; None takes it back.

    Raises DomainError `not_found` when the conversation was deleted meanwhile.
    """
    rows = ConversationTurn.objects.select_for_update(of=("self",)).select_related("conversation")
    stored = rows.filter(pk=turn.pk).first()
    if stored is None:
        raise build_not_found()
    previous_rating, previous_comment = stored.rating, stored.comment
    stored.rating, stored.comment = rating, comment if rating else ""
    stored.save(update_fields=("rating", "comment"))
    store_feedback(stored, previous_rating, previous_comment)


def _get_own(visitor: Visitor) -> QuerySet[Conversation]:
    return Conversation.objects.filter(page=visitor.page, owner=visitor.caller.owner)
