"""Loads, appends and clears conversations of one owner in one workspace. Sync; for database threads."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from chats.models import ChatMessage, ChatSession

MAX_KEPT_MESSAGES = 1_000
"""How many messages of a session are kept. Beyond that, the oldest are deleted."""

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
    """Append the turns to a session, all or none, and delete the oldest messages above `max_messages`.

    Two appends at the same time do not mix: the turns of each stay together.
    """
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
    session.messages.filter(position__lte=last + len(turns) - max_messages).delete()


def clear(workspace_id: UUID, owner: str, session_id: str) -> None:
    """Delete a session with its messages, if there is one."""
    ChatSession.objects.filter(workspace_id=workspace_id, owner=owner, session_id=session_id).delete()


def _build_turn(role: str, content: Any, stop_reason: str) -> Turn:
    turn = {"role": role, "content": content}
    return {**turn, "stop_reason": stop_reason} if stop_reason else turn
