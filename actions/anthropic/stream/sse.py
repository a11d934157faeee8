"""Server-sent events out of the bytes of an answer, cut anywhere. Pure.

What is read of an event is its JSON, which names its own type: a gateway may leave out the `event:` lines. The
event's name matters in two cases only: a ping says nothing, and an error is one whatever its data is.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

Event = dict[str, Any]

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""Several lines may make an event; a single line has the limit of the transport."""
SPECIAL_NAMES = (b"event: ping", b"event: error")


class Decoder:
    """Turns what was read into events, and keeps what is not complete for the next time."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._ended_in_return = False

    def decode(self, data: bytes) -> Iterator[Event]:
        """Yield the events that `data` completes, in order; raise ValueError at the first that is none."""
        for frame in self._split_frames(data):
            # How the API writes it: one line of name, one of data.
            name, _, text = frame.partition(b"\ndata: ")
            if text and b"\n" not in text and name.startswith(b"event: ") and name not in SPECIAL_NAMES:
                yield _parse_json(text)
            elif (event := _read_frame(frame)) is not None:
                yield event

    def _split_frames(self, data: bytes) -> list[bytes]:
        if self._ended_in_return or b"\r" in data:
            data = self._normalize_line_ends(data)
        # What is held is not looked at again until it is complete, so that tiny pieces cost no more than large ones.
        if b"\n\n" not in data and not self._is_completed_by(data):
            self._hold(data)
            return []
        if self._held:
            data = bytes(self._held + data)
            self._held.clear()
        whole, _, rest = data.rpartition(b"\n\n")
        self._hold(rest)
        return whole.split(b"\n\n")

    def _normalize_line_ends(self, data: bytes) -> bytes:
        """Return `data` with `\\n` for `\\r\\n` and `\\r`; a `\\r` at its end waits for what follows."""
        if self._ended_in_return:
            data = b"\r" + data
        self._ended_in_return = data.endswith(b"\r")
        return data.removesuffix(b"\r").replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _is_completed_by(self, data: bytes) -> bool:
        return data.startswith(b"\n") and self._held.endswith(b"\n")

    def _hold(self, piece: bytes) -> None:
        self._held += piece
        if len(self._held) > MAX_EVENT_BYTES:
            raise ValueError("An event is longer than any that the API sends.")


def _read_frame(frame: bytes) -> Event | None:
    """Return the event that the lines of a frame make, or None where they say nothing."""
    name, lines = b"", []
    for line in frame.split(b"\n"):
        field, _, value = line.partition(b":")
        if field == b"event":
            name = value.removeprefix(b" ")
        elif field == b"data":
            lines.append(value.removeprefix(b" "))
    text = b"\n".join(lines)
    if name == b"error":
        return _read_error(text)
    text.decode()  # a ping too has to be text
    return None if name == b"ping" or not text else _parse_json(text)


def _read_error(text: bytes) -> Event:
    try:
        document = _parse_json(text)
    except ValueError:
        document = None
    body = document if isinstance(document, dict) else {"error": {"message": text.decode(errors="replace")}}
    return {**body, "type": "error"}


def _parse_json(text: bytes) -> Any:
    try:
        return from_json(text)
    except ValueError:
        # Half of a surrogate pair, which a model may write: json takes it, and so do the readers of the event.
        return json.loads(text.decode())
