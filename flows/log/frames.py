"""An event as it is stored and sent, how many a reader is given at once, and what a run's row says at its end."""

from collections.abc import Mapping, Set
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
    stored_bytes: int
    """Beside the events, which the log adds."""
    tokens: str
    """What the answers of models cost, as `flows.events.model_tokens` writes it."""


class News(NamedTuple):
    """What was found of the runs that were looked for."""

    frames: Mapping[UUID, list[Frame]]
    """By run, in order: the events after its cursor. A run without any is left out."""
    is_cut: bool
    """Whether there may be more already."""
    ended: Set[UUID] = frozenset()
    """The runs that go on no more, or are gone; empty when that was not asked."""


Entry = tuple[UUID, Frame, Finish | None]

MAX_BATCH_BYTES = 64 * 1024
"""Of events that a reader is given at once. A reader that stalls holds so much, and not a page of large events."""


def cut_batch(frames: list[Frame]) -> list[Frame]:
    """Return the first of the frames, at least one, and no more bytes than a reader is given at once."""
    if len(frames) < 2:
        return frames
    size = 0
    for index, frame in enumerate(frames):
        size += len(frame.data)
        if size > MAX_BATCH_BYTES and index:
            return frames[:index]
    return frames
