"""Plain text: what was yielded, and nothing else."""

from collections.abc import Iterable

from pydantic_core import from_json

from actions.contract.records import render
from flows.log.frames import Frame
from flows.wire.format import Format


class PlainText(Format):
    """The text that was yielded and nothing else. A run that does not complete is cut short."""

    media = "text/plain"
    tells_end = False

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(self._encode_frame(frame) for frame in frames)

    def _encode_frame(self, frame: Frame) -> bytes:
        if frame.type == "item":
            event = from_json(frame.data)
            if "kind" in event:
                return b""
            return render(event.get("text", event.get("value"))).encode("utf-8", "replace")
        return b""
