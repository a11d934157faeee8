"""What a run has yielded, for an answer that is sent when the run has ended."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from pydantic_core import from_json

from flows.events.events import TERMINAL
from flows.events.yielded import YieldedRoom
from flows.log.frames import Frame
from flows.protocols.encoder import YieldedPiece, read_piece


@dataclass(slots=True)
class WholeAnswer:
    """What a run has yielded, as far as there is room for it."""

    end: Frame = field(default=Frame(0, "", b""))
    """Its terminal frame."""
    started_at: str = ""
    """When the run began, as its log writes it."""
    pieces: list[YieldedPiece] = field(default_factory=list)
    is_too_large: bool = False
    """Whether the run has yielded more than there is room for. Nothing of it is held then."""
    _room: YieldedRoom = field(default_factory=YieldedRoom)

    def take(self, frames: Iterable[Frame]) -> None:
        """Take what the next frames of the run say."""
        for frame in frames:
            if frame.type == "item":
                self._take_item(frame)
            elif frame.type == "run.started":
                self.started_at = from_json(frame.data)["at"]
            elif frame.type in TERMINAL:
                self.end = frame

    def _take_item(self, frame: Frame) -> None:
        if self._room.take(len(frame.data)):
            self.pieces.append(read_piece(frame))
        else:
            self.is_too_large = True
            self.pieces.clear()
