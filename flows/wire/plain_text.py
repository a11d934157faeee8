"""Plain text: what was yielded, and nothing else."""

from collections.abc import Iterable

from pydantic_core import from_json

from actions.contract.records import render
from flows.events.events import TERMINAL
from flows.log.frames import Frame
from flows.wire.format import Format


class CutShort(Exception):
    """The run did not complete, and the format has no other way to say so than to end in the middle."""


class PlainText(Format):
    """What was yielded, as text and nothing else. A run that does not complete is cut short."""

    media = "text/plain"

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(self._encode_frame(frame) for frame in frames)

    def _encode_frame(self, frame: Frame) -> bytes:
        if frame.type == "item":
            event = from_json(frame.data)
            return render(event.get("text", event.get("value"))).encode("utf-8", "replace")
        if frame.type in TERMINAL and frame.type != "run.completed":
            raise CutShort(frame.type)
        return b""
