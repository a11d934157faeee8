"""What a run has yielded, for an answer that is sent when the run has ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from flows.events.events import TERMINAL
from flows.events.fold import RunState
from flows.events.yielded import YieldedRoom, YieldedValues
from flows.log.frames import Frame
from flows.log.record_reader import LogReading
from flows.log.run_record import RunRecord, fold_frames
from flows.protocols.encoder import YieldedPiece, build_piece, read_piece
from flows.runs.local_run import hear_run

ENDS = frozenset(type.removeprefix("run.") for type in TERMINAL)
"""The statuses of runs that have ended."""


@dataclass(slots=True)
class WholeAnswer:
    """What a run has yielded, as far as there is room for it."""

    pieces: list[YieldedPiece] = field(default_factory=list)
    is_too_large: bool = False
    """Whether the run has yielded more than there is room for. Nothing of it is held then."""
    _record: RunRecord = field(default_factory=lambda: fold_frames([]))
    """Of the beginning and the end of the run."""
    _room: YieldedRoom = field(default_factory=YieldedRoom)

    @property
    def end(self) -> RunState:
        """How the run has ended. Its status is none of `ENDS` when the end could not be stored."""
        return self._record.state

    @property
    def started_at(self) -> str:
        """When the run began, as its log writes it. Known of every run that has ended."""
        assert self.end["started_at"] is not None
        return self.end["started_at"]

    def take(self, frames: Iterable[Frame]) -> None:
        """Take what the next frames of the run say."""
        for frame in frames:
            if frame.type == "item":
                self._take_item(frame)
            elif frame.type == "run.started" or frame.type in TERMINAL:
                fold_frames([frame], self._record)

    def restore(self, kept: RunRecord) -> None:
        """Take what is kept of a run whose log has gone: its texts and its data, and how it has ended."""
        self._record = kept
        text = kept.state["text"]
        yielded = kept.yielded or YieldedValues([text] if text else [])
        if yielded.left_out:
            self.is_too_large = True
            return
        data_places = frozenset(yielded.data_places)
        self.pieces = [
            build_piece(value, "data" if place in data_places else None) for place, value in enumerate(yielded.values)
        ]

    def _take_item(self, frame: Frame) -> None:
        if self._room.take(len(frame.data)):
            self.pieces.append(read_piece(frame))
        else:
            self.is_too_large = True
            self.pieces.clear()


async def hear_whole_answer(run_id: UUID, reading: LogReading) -> WholeAnswer:
    """Return what a run has yielded, once it has ended. Of one whose log has gone, it is what was kept.

    It is in memory as long as the `reading` lasts.
    """
    answer = WholeAnswer()
    await hear_run(run_id, answer.take)
    if answer.end["status"] not in ENDS:  # its log has expired, or its end could not be stored
        answer.restore(await reading.read_record(run_id, public=True))
    return answer
