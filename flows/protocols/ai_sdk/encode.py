"""Writes a run as a UI message stream, version 1. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.steps import FinishKind
from flows.events.events import TERMINAL, Citation
from flows.log.frames import Frame
from flows.protocols.encoder import (
    Encoder,
    Mapped,
    describe_error,
    map_finish,
    read_counts,
    read_error,
    read_piece,
    read_result,
    read_text_json,
    write_data,
)

FINISH_REASONS: Mapping[FinishKind, str] = {
    "length": "length",
    "content_filter": "content-filter",
    "other": "other",
}
USUAL_FINISH = "stop"
TEXT_ID = "text"
TEXT_START = write_data({"type": "text-start", "id": TEXT_ID})
TEXT_END = write_data({"type": "text-end", "id": TEXT_ID})
BEFORE_DELTA = b'data: {"type":"text-delta","id":"text","delta":'
AFTER_DELTA = b"}\n\n"
DONE = b"data: [DONE]\n\n"


class StreamState(NamedTuple):
    """What the next part depends on."""

    is_open: bool
    """Whether the text has begun."""
    thinking: int
    """How many thinkings have begun."""
    is_thinking: bool
    """Whether the last of them goes on."""
    sources: tuple[tuple[Any, ...], ...]
    """The sources that were told; each is told once."""
    has_yielded: bool


class UiMessageStream(Encoder[StreamState]):
    """One yielded text is one delta. A stream that is cut would go unnoticed, so each one has its end."""

    headers = {"X-Vercel-AI-UI-Message-Stream": "v1"}
    mapped = (
        Mapped("`id`", "`session_id` of the trigger"),
        Mapped("last `user` message", "`prompt`"),
        Mapped("earlier `user` and `assistant` messages", "`history`: their text"),
        Mapped("`system` messages", "`instructions`"),
        Mapped("`file` parts of the last message", "`files`"),
        Mapped("`trigger`, `messageId`", "not needed: regenerating is another run for the same messages"),
        Mapped("header `Idempotency-Key`", "the same run for the same call"),
        Mapped("all other fields and parts", "ignored"),
        Mapped("yielded text", "`text-delta`"),
        Mapped("yielded value that is no text", "`data-yield`"),
        Mapped("what the flow returns, when it has yielded nothing", "`text-delta`"),
        Mapped("citations", "`source-url` with a URL, else `source-document`, each source once"),
        Mapped("why the answer ended", "`finishReason`"),
        Mapped("id of the run, usage of all its models", "`messageMetadata` of `finish`"),
        Mapped("failure before or after the first words, drain", "`error`"),
        Mapped("cancel", "`abort`"),
        Mapped("client that leaves", "the run goes on, unless its trigger says otherwise"),
    )

    kinds = {
        "thinking": "`reasoning-delta`",
        "source": "`source-url` with a URL, else `source-document`, each source once",
        "data": "`data-yield`",
        "tool": "`tool-input-available`, and `tool-output-available` when it has an output",
    }

    def __init__(self) -> None:
        super().__init__(StreamState(False, 0, is_thinking=False, sources=(), has_yielded=False))

    @staticmethod
    def encode_frame(state: StreamState, frame: Frame) -> tuple[bytes, StreamState]:
        if frame.type == "item":
            if state.is_open and not state.is_thinking and (text := read_text_json(frame)):
                return b"".join((BEFORE_DELTA, text, AFTER_DELTA)), state
            return _write_item(state, frame)
        if frame.type == "run.started":
            run = from_json(frame.data)["run"]
            begin = {"type": "start", "messageId": run, "messageMetadata": {"run": run}}
            return write_data(begin) + write_data({"type": "start-step"}), state
        if frame.type in TERMINAL:
            return _write_end(state, frame) + DONE, state
        return b"", state


def _write_item(state: StreamState, frame: Frame) -> tuple[bytes, StreamState]:
    piece = read_piece(frame)
    if piece.thinking:
        return _write_thinking(state, piece.thinking)
    before, state = _end_thinking(state)
    if piece.kind in ("data", "tool"):
        return before + (_write_yield(piece.value) if piece.kind == "data" else _write_tool(piece.value)), state
    if piece.kind is None and not state.has_yielded:
        state = state._replace(has_yielded=True)
    if b'"value":' in frame.data and piece.kind is None and "text" not in (event := from_json(frame.data)):
        return before + _write_yield(event.get("value")), state
    text, state = _write_text(state, piece.text)
    written = before + text
    for citation in piece.citations:
        told, state = _write_source(state, citation)
        written += told
    return written, state


def _write_yield(value: Any) -> bytes:
    return write_data({"type": "data-yield", "data": value})


def _write_tool(step: Mapping[str, Any]) -> bytes:
    head = {"toolCallId": step["id"], "dynamic": True}
    given = {"type": "tool-input-available", "toolName": step["name"], "input": step["input"] or {}, **head}
    if step["output"] is None:
        return write_data(given)
    return write_data(given) + write_data({"type": "tool-output-available", "output": step["output"], **head})


def _write_thinking(state: StreamState, thinking: str) -> tuple[bytes, StreamState]:
    begin = b""
    if not state.is_thinking:
        state = state._replace(thinking=state.thinking + 1, is_thinking=True)
        begin = write_data({"type": "reasoning-start", "id": _name_thinking(state)})
    delta = {"type": "reasoning-delta", "id": _name_thinking(state), "delta": thinking}
    return begin + write_data(delta), state


def _end_thinking(state: StreamState) -> tuple[bytes, StreamState]:
    if not state.is_thinking:
        return b"", state
    return write_data({"type": "reasoning-end", "id": _name_thinking(state)}), state._replace(is_thinking=False)


def _name_thinking(state: StreamState) -> str:
    return f"thinking-{state.thinking}"


def _write_text(state: StreamState, text: str) -> tuple[bytes, StreamState]:
    if not text:
        return b"", state
    delta = b"".join((BEFORE_DELTA, to_json(text), AFTER_DELTA))
    return (delta, state) if state.is_open else (TEXT_START + delta, state._replace(is_open=True))


def _write_source(state: StreamState, citation: Citation) -> tuple[bytes, StreamState]:
    source = (citation["url"], citation["source"], citation["title"])
    if source in state.sources:
        return b"", state
    state = state._replace(sources=(*state.sources, source))
    id, title = f"source-{len(state.sources)}", citation["title"] or citation["source"] or ""
    if citation["url"]:
        told = {"type": "source-url", "sourceId": id, "url": citation["url"], "title": title}
    else:
        told = {"type": "source-document", "sourceId": id, "mediaType": "text/plain", "title": title}
    return write_data(told), state


def _write_end(state: StreamState, frame: Frame) -> bytes:
    before, state = _end_thinking(state)
    return before + _write_last_parts(state, frame)


def _write_last_parts(state: StreamState, frame: Frame) -> bytes:
    if frame.type != "run.completed":
        error, closed = read_error(frame), TEXT_END if state.is_open else b""
        if frame.type == "run.cancelled":
            return closed + write_data({"type": "abort", "reason": error["message"]})
        return closed + write_data({"type": "error", "errorText": describe_error(error)})
    event = from_json(frame.data)
    text, state = _write_text(state, read_result(event, state.has_yielded))
    counts = read_counts(event)
    usage = {"inputTokens": counts.whole_input, "outputTokens": counts.output, "cachedInputTokens": counts.cache_read}
    finish = {
        "type": "finish",
        "finishReason": map_finish(FINISH_REASONS, event, USUAL_FINISH),
        "messageMetadata": {"usage": usage},
    }
    closed = TEXT_END if state.is_open else b""
    return text + closed + write_data({"type": "finish-step"}) + write_data(finish)
