"""What the encoders of all protocols have in common. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

from pydantic_core import from_json, to_json

from actions.contract.records import render
from actions.contract.steps import FinishKind, PartKind
from flows.events.events import Citation
from flows.events.fold import RunError, RunState
from flows.log.frames import Frame
from flows.log.run_record import fold_frames
from flows.wire.format import Format
from flows.wire.sse import ServerSentEvents

State = TypeVar("State")


class TokenCounts(NamedTuple):
    """What all model calls of a run cost, as far as the vendors tell."""

    input: int
    """Without those that were read from, or written to, a cache of the vendor."""
    output: int
    cache_read: int
    cache_write: int

    @property
    def whole_input(self) -> int:
        return self.input + self.cache_read + self.cache_write


class YieldedPiece(NamedTuple):
    """What one event has yielded. A source is a citation without a text."""

    text: str
    """Of the answer; empty for every other kind."""
    citations: Sequence[Citation]
    kind: PartKind | None = None
    """None for text of the answer."""
    value: Any = None
    """Of every other kind."""

    @property
    def thinking(self) -> str:
        return str(self.value) if self.kind == "thinking" else ""


class Mapped(NamedTuple):
    """What a protocol makes of a part of a call or of a run: a row of its page."""

    part: str
    becomes: str


class _SharedPiece(NamedTuple):
    state: Any
    frames: list[Frame]
    piece: bytes
    next_state: Any


class Encoder(Format, Generic[State]):
    """Writes a run in the words of one protocol.

    The bytes follow from the frames and the state alone. A commit gives the readers of a run the same frames one after
    the other, so what was encoded for one of them is there for the next.
    """

    media = ServerSentEvents.media
    heartbeat = ServerSentEvents.heartbeat
    mapped: ClassVar[Sequence[Mapped]]
    """For the documentation: what becomes of the parts of a call and of a run."""
    kinds: ClassVar[Mapping[PartKind, str]]
    """For the documentation: the protocol's words for what is no text of the answer. Other kinds are left out."""
    _last_piece: ClassVar[dict[type, _SharedPiece]] = {}

    def __init__(self, state: State) -> None:
        self._state = state

    def encode(self, frames: Iterable[Frame]) -> bytes:
        given = list(frames)
        last = self._last_piece.get(type(self))
        if last is None or last.frames != given or last.state != self._state:
            pieces, state = [], self._state
            for frame in given:
                piece, state = self.encode_frame(state, frame)
                pieces.append(piece)
            last = self._last_piece[type(self)] = _SharedPiece(self._state, given, b"".join(pieces), state)
        self._state = last.next_state
        return last.piece

    @staticmethod
    def encode_frame(state: State, frame: Frame) -> tuple[bytes, State]:
        """Return the bytes of one frame, and the state behind it."""
        raise NotImplementedError


def read_text_json(frame: Frame) -> bytes | None:
    """Return the text that an `item` has yielded as the JSON that is stored, which need not be read and written again.

    None unless the item is a text of the answer that is not empty and cites nothing. A quote within a text is escaped,
    so these bytes are found nowhere but between two fields.
    """
    text = frame.data.partition(b',"text":')[2]
    if text.endswith(b'"}') and b'","' not in text and text != b'""}':
        return text[:-1]
    return None


def read_piece(frame: Frame) -> YieldedPiece:
    """Return what an `item` has yielded, as text unless it is of another kind."""
    event = from_json(frame.data)
    if "kind" in event:
        return build_piece(event["value"], event["kind"])
    return build_piece(event.get("text", event.get("value")), citations=event.get("citations", ()))


def build_piece(value: Any, kind: PartKind | None = None, citations: Sequence[Citation] = ()) -> YieldedPiece:
    """Return a value that was yielded, as text unless it is of another kind."""
    if kind:
        return YieldedPiece("", (value,) if kind == "source" else (), kind, value)
    return YieldedPiece(render(value), citations)


def has_text(pieces: Iterable[YieldedPiece]) -> bool:
    """Return whether a text of the answer was yielded, be it empty. What a flow returns is the answer else."""
    return any(piece.kind is None for piece in pieces)


def read_result(event: Mapping[str, Any], has_yielded: bool) -> str:
    """Return the text of a completed run that has yielded nothing: what it has returned."""
    return "" if has_yielded else render(event["result"])


def read_counts(event: Mapping[str, Any]) -> TokenCounts:
    """Return the counts of a terminal event; what no vendor tells is 0."""
    usage = event.get("usage") or {}
    names = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    return TokenCounts(*(usage.get(name) or 0 for name in names))


def read_end(frame: Frame) -> RunState:
    """Return what a terminal event alone says of its run."""
    return fold_frames([frame]).state


def read_error(frame: Frame) -> RunError:
    """Return why a run did not complete, from its terminal event."""
    return get_error(read_end(frame))


def get_error(end: RunState) -> RunError:
    """Return why a run that has ended did not complete."""
    assert end["error"] is not None
    return end["error"]


def describe_error(error: RunError) -> str:
    return f"{error['message']} {error['hint']}" if error["hint"] else error["message"]


def map_finish(words: Mapping[FinishKind, str], event: Mapping[str, Any], usual: str) -> str:
    """Return a protocol's word for why the answer ended; `usual` where it has none."""
    kind = event.get("finish_kind")
    return words.get(kind, usual) if kind else usual


def write_data(value: Any) -> bytes:
    """Return a value as the data of an event without a name."""
    return b"data: %b\n\n" % to_json(value)
