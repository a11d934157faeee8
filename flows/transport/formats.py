"""The forms in which a run is sent over HTTP. All are made from the same frames of the log, in their order.

A format is made for one answer, and gives bytes for what it is given; it knows no request and no run.
"""

from collections.abc import Iterable
from typing import ClassVar

from pydantic_core import from_json, to_json

from actions.contract.records import render
from flows.events.events import TERMINAL
from flows.log.rows import Frame


class CutShort(Exception):
    """The run did not complete, and the format has no other way to say so than to end in the middle."""


class Format:
    """One way of sending a run."""

    media: ClassVar[str]
    heartbeat: ClassVar[bytes] = b""
    """What is sent when nothing has happened for a while; it means nothing to a reader of the format."""
    come_again: ClassVar[bytes] = b""
    """What ends an answer that is to be asked for again, after its cursor; empty where a format cannot say so."""

    def begin(self) -> bytes:
        """Return what the answer begins with, before anything has happened."""
        return b""

    def encode(self, frames: Iterable[Frame]) -> bytes:
        """Return the frames as one piece of the answer: what one read of the log gave is one write."""
        raise NotImplementedError


class ServerSentEvents(Format):
    """One event of the log is one event, and its `id` is the cursor to resume from."""

    media = "text/event-stream"
    heartbeat = b": still here\n\n"
    come_again = b"event: reconnect\nretry: 2000\ndata: {}\n\n"

    def begin(self) -> bytes:
        return b"retry: 1000\n\n"  # how long a browser waits before it comes back, in milliseconds

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, type.encode(), data) for seq, type, data in frames)


class Lines(Format):
    """One event of the log is one line of JSON; its `seq` is the cursor to resume from."""

    media = "application/x-ndjson"
    heartbeat = b" "

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(b"%b\n" % data for _, _, data in frames)


class JsonArray(Format):
    """One yield is one element, a text or a value; a run that fails ends with an element `{"error": …}`."""

    media = "application/json"
    heartbeat = b" "

    def __init__(self) -> None:
        self._comma = b""

    def begin(self) -> bytes:
        return b"["

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(self._part(frame) for frame in frames)

    def _part(self, frame: Frame) -> bytes:
        if frame.type == "item":
            event = from_json(frame.data)
            return self._element(event.get("text", event.get("value")))
        if frame.type not in TERMINAL:
            return b""
        return (self._element({"error": _error(frame)}) if frame.type != "run.completed" else b"") + b"]"

    def _element(self, value: object) -> bytes:
        comma, self._comma = self._comma, b","
        return b"%b%b" % (comma, to_json(value))


class PlainText(Format):
    """What was yielded, as text and nothing else. A run that does not complete is cut short."""

    media = "text/plain"

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(self._part(frame) for frame in frames)

    def _part(self, frame: Frame) -> bytes:
        if frame.type == "item":
            event = from_json(frame.data)
            return render(event.get("text", event.get("value"))).encode("utf-8", "replace")
        if frame.type in TERMINAL and frame.type != "run.completed":
            raise CutShort(frame.type)
        return b""


FORMATS: tuple[type[Format], ...] = (ServerSentEvents, Lines, JsonArray, PlainText)


def _error(frame: Frame) -> dict[str, object]:
    event = from_json(frame.data)
    code = event.get("code", frame.type.removeprefix("run."))
    return {"code": code, "message": event.get("message", event.get("reason")), "hint": event.get("hint")}
