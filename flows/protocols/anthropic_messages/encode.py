"""Writes a run as a message, event by event or whole. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.steps import FinishKind
from flows.events.events import TERMINAL, Citation
from flows.events.fold import RunError
from flows.log.frames import Frame
from flows.protocols.encoder import (
    Encoder,
    Mapped,
    TokenCounts,
    YieldedPiece,
    describe_error,
    has_text,
    map_finish,
    read_counts,
    read_error,
    read_piece,
    read_result,
    read_text_json,
)

STOP_REASONS: Mapping[FinishKind, str] = {"length": "max_tokens", "content_filter": "refusal"}
USUAL_STOP = "end_turn"
ERROR_TYPES = {"cancelled": "api_error", "interrupted": "overloaded_error"}
EMPTY_THINKING = {"type": "thinking", "thinking": "", "signature": ""}
EMPTY_TEXT = {"type": "text", "text": ""}


class MessageState(NamedTuple):
    """What the next event depends on."""

    model: str
    block: int
    """The index of the block that is open, or of the next one."""
    is_open: bool
    """Whether a block of text is open."""
    is_thinking: bool
    """Whether a block of thinking is open."""
    delta_bytes: bytes
    """The beginning of a text delta of the open block."""
    sources: tuple[str, ...]
    """The sources that were cited, in order of their first citation: a citation numbers them."""
    has_yielded: bool


class MessageEvents(Encoder[MessageState]):
    """Texts are deltas of a text block, which ends behind a text that is cited."""

    heartbeat = b'event: ping\ndata: {"type":"ping"}\n\n'
    mapped = (
        Mapped("`model`", "the flow, by its address name or its id"),
        Mapped("last `user` message", "`prompt` of the trigger"),
        Mapped("earlier messages", "`history`: their text"),
        Mapped("`system`", "`instructions`"),
        Mapped("`image` and `document` blocks of the last message", "`files`"),
        Mapped("`stream`", "as Anthropic documents it"),
        Mapped("header `X-Session-Id`", "`session_id`"),
        Mapped("header `Idempotency-Key`", "the same run for the same call"),
        Mapped("`max_tokens`, `temperature`, `tools`, `thinking`, `metadata` and all other fields", "ignored"),
        Mapped("thinking blocks; blocks in earlier messages that are no text", "ignored"),
        Mapped("`tool_choice` that demands a call, `tool_use` and `tool_result` blocks, other blocks", "refused"),
        Mapped("yielded text, or a value as JSON", "`text_delta`"),
        Mapped("what the flow returns, when it has yielded nothing", "`text_delta`"),
        Mapped(
            "citations",
            "`citations_delta`: `web_search_result_location` with a URL, else `search_result_location`, "
            "whose positions are 0 because the log does not keep them",
        ),
        Mapped("why the answer ended", "`stop_reason`: `end_turn`, `max_tokens` or `refusal`"),
        Mapped("usage of all models of the run", "`usage` of `message_delta`, input and cache included"),
        Mapped("failure before the first words", "status and error body"),
        Mapped("failure in the middle, cancel, drain", "`event: error`"),
        Mapped("client that leaves", "cancels the run"),
    )

    kinds = {
        "thinking": "`thinking_delta` of a thinking block, without a signature",
        "source": "a citation of a text block, as the citations of a text",
    }

    def __init__(self, model: str) -> None:
        super().__init__(MessageState(model, 0, False, False, b"", (), False))

    @staticmethod
    def encode_frame(state: MessageState, frame: Frame) -> tuple[bytes, MessageState]:
        if frame.type == "item":
            if state.is_open and (text := read_text_json(frame)):
                return b"".join((state.delta_bytes, text, b"}}\n\n")), state
            return _write_item(state, frame)
        if frame.type == "run.started":
            return _write_start(state.model, from_json(frame.data)), state
        if frame.type == "run.completed":
            return _end(state, from_json(frame.data))
        if frame.type in TERMINAL:
            return _write("error", {"error": describe_failure(frame.type, read_error(frame))}), state
        return b"", state


def describe_failure(end: str, error: RunError) -> dict[str, str]:
    kind = ERROR_TYPES.get(end.removeprefix("run."), "api_error")
    return {"type": kind, "message": describe_error(error)}


def build_usage(counts: TokenCounts) -> dict[str, int]:
    return {
        "input_tokens": counts.input,
        "output_tokens": counts.output,
        "cache_read_input_tokens": counts.cache_read,
        "cache_creation_input_tokens": counts.cache_write,
    }


def build_message(
    model: str, run: str, content: Sequence[Any], stop_reason: str | None, usage: Mapping[str, int]
) -> dict[str, Any]:
    return {
        "id": f"msg_{run.replace('-', '')}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": usage,
    }


def build_whole_message(
    model: str, run: str, pieces: Sequence[YieldedPiece], event: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a whole answer; `event` is the end of the run."""
    result = read_result(event, has_text(pieces))
    content = _build_blocks([*pieces, YieldedPiece(result, ())] if result else pieces)
    reason = map_finish(STOP_REASONS, event, USUAL_STOP)
    return build_message(model, run, content, reason, build_usage(read_counts(event)))


def _build_blocks(pieces: Sequence[YieldedPiece]) -> list[dict[str, Any]]:
    """Return the blocks that the events would make: one ends behind a text that is cited."""
    blocks: list[dict[str, Any]] = []
    sources: tuple[str, ...] = ()
    for is_thinking, group in groupby(_drop_left_out(pieces), key=lambda piece: bool(piece.thinking)):
        if is_thinking:
            blocks.append({**EMPTY_THINKING, "thinking": "".join(piece.thinking for piece in group)})
        else:
            found, sources = _build_text_blocks(group, sources)
            blocks += found
    return blocks


def _drop_left_out(pieces: Iterable[YieldedPiece]) -> Iterator[YieldedPiece]:
    return (piece for piece in pieces if piece.text or piece.citations or piece.thinking)


def _build_text_blocks(
    pieces: Iterable[YieldedPiece], sources: tuple[str, ...]
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """Return the blocks of texts that follow one another, and the sources with those that they cite."""
    blocks: list[dict[str, Any]] = []
    texts: list[str] = []
    for piece in pieces:
        texts.append(piece.text)
        citations: list[dict[str, Any]] = []
        for citation in piece.citations:
            described, sources = _describe_citation(citation, sources)
            citations.append(described)
        if citations:
            blocks.append({"type": "text", "text": "".join(texts), "citations": citations})
            texts = []
    rest = "".join(texts)
    return [*blocks, {"type": "text", "text": rest}] if rest else blocks, sources


def _write_start(model: str, event: Mapping[str, Any]) -> bytes:
    usage = build_usage(TokenCounts(0, 0, 0, 0))  # the counts come with the end, and replace these
    return _write("message_start", {"message": build_message(model, event["run"], [], None, usage)})


def _write_item(state: MessageState, frame: Frame) -> tuple[bytes, MessageState]:
    piece = read_piece(frame)
    if piece.kind is None and not state.has_yielded:
        state = state._replace(has_yielded=True)
    return _write_thinking(state, piece.thinking) if piece.thinking else _write_piece(state, piece)


def _write_piece(state: MessageState, piece: YieldedPiece) -> tuple[bytes, MessageState]:
    if not piece.text and not piece.citations:
        return b"", state
    begin, state = (b"", state) if state.is_open else _open_block(*_close_block(state))
    written = [begin, state.delta_bytes, to_json(piece.text), b"}}\n\n"]
    for citation in piece.citations:
        described, sources = _describe_citation(citation, state.sources)
        state = state._replace(sources=sources)
        delta = {"type": "citations_delta", "citation": described}
        written.append(_write("content_block_delta", {"index": state.block, "delta": delta}))
    if piece.citations:
        stop, state = _close_block(state)
        written.append(stop)
    return b"".join(written), state


def _write_thinking(state: MessageState, thinking: str) -> tuple[bytes, MessageState]:
    written = []
    if not state.is_thinking:
        stop, state = _close_block(state)
        begin = _write("content_block_start", {"index": state.block, "content_block": EMPTY_THINKING})
        written, state = [stop, begin], state._replace(is_thinking=True)
    delta = {"type": "thinking_delta", "thinking": thinking}
    written.append(_write("content_block_delta", {"index": state.block, "delta": delta}))
    return b"".join(written), state


def _open_block(before: bytes, state: MessageState) -> tuple[bytes, MessageState]:
    """Return the bytes before with those that open a block of text."""
    begin = _write("content_block_start", {"index": state.block, "content_block": EMPTY_TEXT})
    delta = b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d' % state.block
    delta += b',"delta":{"type":"text_delta","text":'
    return before + begin, state._replace(is_open=True, delta_bytes=delta)


def _close_block(state: MessageState) -> tuple[bytes, MessageState]:
    if not state.is_open and not state.is_thinking:
        return b"", state
    closed = state._replace(is_open=False, is_thinking=False, block=state.block + 1)
    return _write("content_block_stop", {"index": state.block}), closed


def _describe_citation(citation: Citation, sources: tuple[str, ...]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return a citation in the API's shape, and the sources with that of the citation."""
    cited = {"cited_text": citation["cited_text"] or "", "title": citation["title"]}
    if citation["url"]:
        return {"type": "web_search_result_location", "url": citation["url"], "encrypted_index": "", **cited}, sources
    source = citation["source"] or citation["title"] or ""
    sources = sources if source in sources else (*sources, source)
    place = {"search_result_index": sources.index(source), "start_block_index": 0, "end_block_index": 0}
    return {"type": "search_result_location", "source": source, **place, **cited}, sources


def _end(state: MessageState, event: Mapping[str, Any]) -> tuple[bytes, MessageState]:
    result = read_result(event, state.has_yielded)
    text, state = _write_piece(state, YieldedPiece(result, ()))
    stop, state = _close_block(state)
    delta = {"stop_reason": map_finish(STOP_REASONS, event, USUAL_STOP), "stop_sequence": None}
    told = {"delta": delta, "usage": build_usage(read_counts(event))}
    return text + stop + _write("message_delta", told) + _write("message_stop", {}), state


def _write(name: str, fields: Mapping[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (name.encode(), to_json({"type": name, **fields}))
