"""Server-sent events out of the bytes of an answer, cut anywhere. Pure.

What is read of an event is its JSON, which names its own type: a gateway may leave out the `event:` lines. The
event's name matters in two cases only: a ping says nothing, and an error is one whatever its data is.
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic_core import from_json

from actions.anthropic.stream.error_body import is_error_list
from actions.anthropic.stream.json_answer import read_json_answer
from actions.anthropic.stream.message_error import MessageError
from actions.contract.json_values import build_json_value

Event = dict[str, Any]

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""Several lines may make an event; a single line has the limit of the transport."""
NUL = b"\\u0000"
USUAL_NAMES = (b"event: content_block_", b"event: message_")
"""How the events of an answer begin. Their name says what the type within their data says again."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Stands before the first event of some gateways, and belongs to none."""


class Decoder:
    """Turns what was read into events, and keeps what is not complete for the next time."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._ended_in_return = False
        self._half_pair = ""
        """The first half of a surrogate pair that ended the last text: a gateway may cut between the two."""

    def decode(self, data: bytes) -> Iterator[Event]:
        """Yield the events that `data` completes, in order; raise MessageError at the first that is none."""
        for frame in self._split_frames(data):
            # How the API writes it: one line of name, one of data.
            name, _, text = frame.partition(b"\ndata: ")
            if text and b"\n" not in text and name.startswith(USUAL_NAMES):
                try:
                    event = from_json(text)
                except ValueError:
                    event = self._parse_odd_json(text)
                yield event if NUL not in text else self._parse_odd_json(text)
            elif (odd_event := self._read_frame(frame)) is not None:
                yield odd_event

    def finish(self) -> Iterator[Event] | None:
        """Return the events of what is held at the end of the body, None when it is nothing.

        A last event needs no blank line behind it. One that is not whole says nothing. Some gateways answer with JSON
        under the name of a stream.
        """
        frame = bytes(self._held).removeprefix(BYTE_ORDER_MARK).strip()
        self._held.clear()
        if not frame:
            return None
        if frame.startswith((b"{", b"[")):
            return read_json_answer(frame)
        try:
            event = self._read_frame(frame)
        except MessageError:
            return None
        return None if event is None else iter((event,))

    def _split_frames(self, data: bytes) -> list[bytes]:
        if self._ended_in_return or b"\r" in data:
            data = self._normalize_line_ends(data)
        if not self._held and data.endswith(b"\n\n"):  # the usual read: whole frames
            return data[:-2].split(b"\n\n")
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
            raise MessageError("an event is longer than any that the API sends")

    def _read_frame(self, frame: bytes) -> Event | None:
        """Return the event that the lines of a frame make, or None where they say nothing."""
        name, lines = b"", []
        for line in frame.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
            field, _, value = line.partition(b":")
            if field == b"event":
                name = value.removeprefix(b" ")
            elif field == b"data":
                lines.append(value.removeprefix(b" "))
        text = b"\n".join(lines)
        if name == b"error":
            return self._read_error(text)
        if name != b"ping" and text:
            event: Event = self._parse_json(text)
            return event
        if not _is_text(text):
            raise MessageError("an event is no text")
        return None

    def _read_error(self, text: bytes) -> Event:
        try:
            document = self._parse_json(text)
        except MessageError:
            document = None
        document = document[0] if is_error_list(document) else document
        body = document if isinstance(document, dict) else {"error": {"message": text.decode(errors="replace")}}
        return {**body, "type": "error"}

    def _parse_json(self, text: bytes) -> Any:
        try:
            event = from_json(text)
        except ValueError:
            return self._parse_odd_json(text)
        return event if NUL not in text else self._parse_odd_json(text)

    def _parse_odd_json(self, text: bytes) -> Any:
        """Return an event with characters that no store takes: U+0000, or half of a surrogate pair that a gateway cut.

        Two halves in texts that follow one another become one character. A half at the end of a text that no other half
        follows is left out; elsewhere it becomes U+FFFD, as does U+0000. So everybody who is given the text, the
        history included, is given the same. Raises MessageError for what is no JSON at all.
        """
        try:
            event = json.loads(text.decode())
            self._join_halves(event)
            return build_json_value(event)
        except ValueError:
            raise MessageError("an event is no JSON") from None

    def _join_halves(self, event: Any) -> None:
        delta = event.get("delta") if isinstance(event, dict) else None
        if not isinstance(delta, dict) or not isinstance(delta.get("text"), str):
            return
        text = self._half_pair + delta["text"]
        is_half = "\ud800" <= text[-1:] <= "\udbff"
        delta["text"], self._half_pair = (text[:-1], text[-1]) if is_half else (text, "")


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
