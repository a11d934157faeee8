"""How a history is made shorter before it is sent. Pure."""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

Turn = dict[str, Any]


@runtime_checkable
class HistoryReducer(Protocol):
    """Attached to an action that sends a history, it decides what of it is sent."""

    def reduce(self, turns: Sequence[Turn]) -> list[Turn]:
        """Return the turns to send, in their order, beginning with a user's."""
        ...


def take_newest(turns: Sequence[Turn], count: int) -> list[Turn]:
    """Return the newest turns, `count` at most, that can be sent without those before them.

    They begin with a user's turn that brings no result of a tool: a result without its call is refused by every API,
    so a call and its results are kept together or dropped together.
    """
    first = max(0, len(turns) - count)
    while first < len(turns) and not _can_begin(turns[first]):
        first += 1
    return list(turns[first:])


def _can_begin(turn: Turn) -> bool:
    content = turn.get("content")
    blocks = content if isinstance(content, list) else []
    return turn.get("role") == "user" and not any(block.get("type") == "tool_result" for block in blocks)
