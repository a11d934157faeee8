"""One JSON array: each yield is one element."""

from collections.abc import Iterable

from pydantic_core import from_json, to_json

from flows.events.events import TERMINAL
from flows.log.frames import Frame
from flows.log.run_record import fold_frames
from flows.wire.format import Format


class JsonArray(Format):
    """One yield is one element, a text or a value. Kinds other than text and data are left out.

    The array of a run that does not complete ends with an element `{"error": …}` and is left open: it is no JSON, so
    that the error is not taken for a value that was yielded.
    """

    media = "application/json"
    heartbeat = b" "
    tells_end = False

    def __init__(self) -> None:
        self._comma = b""

    def begin(self) -> bytes:
        return b"["

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(self._encode_frame(frame) for frame in frames)

    def _encode_frame(self, frame: Frame) -> bytes:
        if frame.type == "item":
            event = from_json(frame.data)
            is_value = event.get("kind", "data") == "data"
            return self._encode_element(event.get("text", event.get("value"))) if is_value else b""
        if frame.type not in TERMINAL:
            return b""
        if frame.type == "run.completed":
            return b"]"
        return self._encode_element({"error": fold_frames([frame]).state["error"]})

    def _encode_element(self, value: object) -> bytes:
        comma, self._comma = self._comma, b","
        return b"%b%b\n" % (comma, to_json(value))  # the line's end shows that a number is complete
