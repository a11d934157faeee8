"""An event as it is stored and sent, and what a run's row says at its end. Values only."""

from typing import Any, NamedTuple, TypedDict
from uuid import UUID


class Frame(NamedTuple):
    """One event as it is stored and sent. `data` is one line of JSON."""

    seq: int
    type: str
    data: bytes


class Finish(TypedDict):
    """What a run's row says when the run has ended."""

    status: str
    finished_at: Any
    duration_ms: int
    first_item_ms: int | None
    items: int
    error_code: str
    error_message: str


Entry = tuple[UUID, Frame, Finish | None]
