"""What a run has given, folded from the frames of its log. Pure."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from flows.events.events import RunEvent, run_event
from flows.events.fold import RunState, create_state, fold
from flows.events.yielded import YieldedValues
from flows.log.frames import Frame


class RunRecord(NamedTuple):
    """What a run has given, from its log or from what remains of it."""

    state: RunState
    """The fold of its events."""
    yielded: YieldedValues | None
    """What it has yielded; None when its log expired before that was kept."""


def fold_frames(frames: Iterable[Frame], record: RunRecord | None = None) -> RunRecord:
    """Return `record` (a new run by default) after the events of `frames`; the record given is changed in place."""
    record = record or RunRecord(create_state(), YieldedValues())
    fold(_read_events(frames, record.yielded), record.state)
    return record


def _read_events(frames: Iterable[Frame], yielded: YieldedValues | None) -> Iterator[RunEvent]:
    """Yield the events of the frames; what they yield is added to `yielded`."""
    for frame in frames:
        event = run_event.validate_json(frame.data)
        if yielded is not None:
            yielded.add(event, len(frame.data))
        yield event
