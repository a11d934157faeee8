"""Server-sent events out of the bytes of an answer, cut anywhere. Pure.

What is read of an event is its JSON, which names its own type: a gateway may leave out the `event:` lines. The
event's name matters in three cases only: a ping says nothing, an error is one whatever its data is, and data without a
type under a name that is not the API's, such as `heartbeat`, says nothing either.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pydantic_core import from_json

from actions.anthropic.stream.error_body import is_error, is_error_list
from actions.anthropic.stream.message_error import MessageError
from actions.contract.json_values import build_json_value

Event = dict[str, Any]

MAX_EVENT_BYTES = 16 * 1024 * 1024
"""Several lines may make an event; a single line has the limit of the transport."""
NUL = b"\\u0000"
USUAL_NAMES = (b"event: content_block_", b"event: message_")
"""How the events of an answer begin. Their name says what the type within their data says again."""
API_NAMES = (b"content_block_", b"message_")
UNNAMED = (b"", b"message")
"""What SSE calls an event without a name."""
TEXT_FIELDS = {"text_delta": "text", "thinking_delta": "thinking", "input_json_delta": "partial_json"}
"""Where the text of a delta stands, by its type."""
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Stands before the first event of some gateways, and belongs to none."""


class Decoder:
    """Turns what was read into events, and keeps what is not complete for the next time."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._ended_in_return = False
        self._half: Event | None = None
        """A delta whose text is the first half of a surrogate pair: a gateway may cut between the two."""
        self._usual_names: tuple[bytes, ...] = USUAL_NAMES
        """How the frames begin that need no second look: none, while a half waits."""

    def decode(self, data: bytes) -> Iterator[Event]:
        """Yield the events that `data` completes, in order; raise MessageError at the first that is none."""
        for frame in self._split_frames(data):
            # How the API writes it: one line of name, one of data.
            name, _, text = frame.partition(b"\ndata: ")
            if text and b"\n" not in text and NUL not in text and name.startswith(self._usual_names):
                try:
                    event = from_json(text)
                except ValueError:
                    yield from self._read_frame(frame)
                else:
                    yield event
            else:
                yield from self._read_frame(frame)

    def finish(self) -> Iterator[Event]:
        """Return the event of what is held at the end of the body, if any.

        A last event needs no blank line behind it. One that is not whole says nothing.
        """
        if not self._held:
            return iter(())
        frame = bytes(self._held).strip()
        self._held.clear()
        try:
            return iter(self._read_frame(frame))
        except MessageError:
            return iter(())

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
        """Return `data` with `\\n` for `\\r\\n` and `\\r`.

        A `\\r` at its end ends the line at once, because nothing may follow for long; a `\\n` that does is left out.
        """
        rest = data.removeprefix(b"\n") if self._ended_in_return else data
        self._ended_in_return = data.endswith(b"\r")
        return rest.replace(b"\r\n", b"\n").replace(b"\r", b"\n")

    def _is_completed_by(self, data: bytes) -> bool:
        return data.startswith(b"\n") and self._held.endswith(b"\n")

    def _hold(self, piece: bytes) -> None:
        self._held += piece
        if len(self._held) > MAX_EVENT_BYTES:
            raise MessageError("an event is longer than any that the API sends")

    def _read_frame(self, frame: bytes) -> list[Event]:
        """Return what the lines of a frame say: most often one event, and none where they say nothing."""
        name, lines = b"", []
        for line in frame.removeprefix(BYTE_ORDER_MARK).split(b"\n"):
            field, _, value = line.partition(b":")
            if field == b"event":
                name = value.removeprefix(b" ")
            elif field == b"data":
                lines.append(value.removeprefix(b" "))
        text = b"\n".join(lines)
        if name != b"error" and (name == b"ping" or not text):
            if not _is_text(text):
                raise MessageError("an event is no text")
            return []
        event, is_clean = _read_error(text) if name == b"error" else _parse_json(text)
        if _says_nothing(name, event):
            return []
        return [event] if is_clean and self._half is None else self._join_halves(event)

    def _join_halves(self, event: Any) -> list[Event]:
        """Return an event without the characters that no store takes: U+0000, and halves of surrogate pairs.

        A half at the end of a text waits. If the next event is text of the same kind for the same block, the half
        stands before that text, else in an event of its own. Two halves side by side become one character. Any other
        becomes U+FFFD, as does U+0000. So everybody who is given the text, the history included, is given the same.
        """
        half, self._half, self._usual_names = self._half, None, USUAL_NAMES
        place = _find_place(event)
        is_next = half is not None and _find_place(half) == place
        if place is not None:
            delta, field = event["delta"], TEXT_FIELDS[place[1]]
            text = half["delta"][field] + delta[field] if half is not None and is_next else delta[field]
            if "\ud800" <= text[-1:] <= "\udbff":
                self._half, self._usual_names = {**event, "delta": {**delta, field: text[-1]}}, ()
                text = text[:-1]
            delta[field] = text
        try:
            events: list[Event] = build_json_value([event] if half is None or is_next else [half, event])
        except ValueError:
            raise MessageError("an event is no JSON") from None
        return events


def _find_place(event: Any) -> tuple[Any, str] | None:
    """Return for which block a piece of text is, and its kind; None for any other event."""
    if not isinstance(event, dict) or not isinstance(delta := event.get("delta"), dict):
        return None
    kind = str(delta.get("type"))
    return (event.get("index"), kind) if isinstance(delta.get(TEXT_FIELDS.get(kind)), str) else None


def _says_nothing(name: bytes, event: Any) -> bool:
    """Return whether an event is a gateway's own word, under a name of its own and without a type."""
    if name in UNNAMED or name.startswith(API_NAMES) or not isinstance(event, dict):
        return False
    return "type" not in event and not is_error(event)


def _read_error(text: bytes) -> tuple[Event, bool]:
    """Return the error that an event by this name holds, whatever its data is, and whether it is clean."""
    try:
        document, is_clean = _parse_json(text)
    except MessageError:
        document, is_clean = None, True
    document = document[0] if is_error_list(document) else document
    body = document if isinstance(document, dict) else {"error": {"message": text.decode(errors="replace")}}
    return {**body, "type": "error"}, is_clean


def _parse_json(text: bytes) -> tuple[Any, bool]:
    """Return the JSON of an event, and whether it is clean: all its characters are such as a store takes.

    Raises MessageError for what is no JSON.
    """
    if NUL not in text:
        with suppress(ValueError):
            return from_json(text), True
    try:
        return json.loads(text.decode()), False
    except ValueError:
        raise MessageError("an event is no JSON") from None


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
