"""Writes a run as a chat completion, in chunks or whole. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.steps import FinishKind
from flows.events.events import TERMINAL
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
    write_data,
)

FINISH_REASONS: Mapping[FinishKind, str] = {"length": "length", "content_filter": "content_filter"}
USUAL_FINISH = "stop"
DONE = b"data: [DONE]\n\n"
AFTER_TEXT = b'},"logprobs":null,"finish_reason":null}]}\n\n'
BEFORE_TEXT = b',"choices":[{"index":0,"delta":{"content":'


class ChunkState(NamedTuple):
    """What the next chunk depends on."""

    model: str
    includes_usage: bool
    head: Mapping[str, Any]
    """The fields that all chunks begin with."""
    head_bytes: bytes
    """The same as JSON, without its last brace."""
    has_yielded: bool


class ChatCompletionChunks(Encoder[ChunkState]):
    """One yield is one chunk; then come the reason, the usage when it was asked for, and `[DONE]`."""

    mapped = (
        Mapped("`model`", "the flow, by its address name or its id"),
        Mapped("last `user` message", "`prompt` of the trigger"),
        Mapped("earlier `user` and `assistant` messages", "`history`: their text"),
        Mapped("`system` and `developer` messages", "`instructions`, joined by an empty line"),
        Mapped("`image_url` and `file` parts of the last message", "`files`"),
        Mapped("`stream`, `stream_options.include_usage`", "as OpenAI documents them"),
        Mapped("header `X-Session-Id`", "`session_id`"),
        Mapped("header `Idempotency-Key`", "the same run for the same call"),
        Mapped("`temperature`, `max_tokens`, `tools`, `response_format`, `user` and all other fields", "ignored"),
        Mapped("parts in earlier messages that are no text", "ignored"),
        Mapped("`n` above 1, `tool_choice` that demands a call, messages of tools", "refused"),
        Mapped("yielded text, or a value as JSON", "`delta.content`"),
        Mapped("what the flow returns, when it has yielded nothing", "`delta.content`"),
        Mapped("citations", "left out: the protocol has no word for them"),
        Mapped("why the answer ended", "`finish_reason`: `stop`, `length` or `content_filter`"),
        Mapped("usage of all models of the run", "`usage`; cached input counts in `prompt_tokens`"),
        Mapped("failure before the first words", "status and `error`"),
        Mapped("failure in the middle, cancel, drain", '`data: {"error": …}` and `[DONE]`'),
        Mapped("client that leaves", "cancels the run"),
    )

    kinds = {"thinking": "`delta.reasoning_content`, which many chat pages show"}

    def __init__(self, model: str, *, includes_usage: bool = False) -> None:
        super().__init__(ChunkState(model, includes_usage, {}, b"", has_yielded=False))

    @staticmethod
    def encode_frame(state: ChunkState, frame: Frame) -> tuple[bytes, ChunkState]:
        if frame.type == "item":
            if state.has_yielded and (text := read_text_json(frame)):
                return b"".join((state.head_bytes, BEFORE_TEXT, text, AFTER_TEXT)), state
            return _write_item(state, frame)
        if frame.type == "run.started":
            state = _begin(state, from_json(frame.data))
            return _write_choice(state, {"role": "assistant", "content": ""}, None), state
        if frame.type == "run.completed":
            return _end(state, from_json(frame.data)), state
        if frame.type in TERMINAL:
            error = read_error(frame)
            told = {"message": describe_error(error), "type": "server_error", "param": None, "code": error["code"]}
            return write_data({"error": told}) + DONE, state
        return b"", state


def _write_item(state: ChunkState, frame: Frame) -> tuple[bytes, ChunkState]:
    piece = read_piece(frame)
    if piece.kind:
        return _write_thinking(state, piece.thinking), state
    next_state = state if state.has_yielded else state._replace(has_yielded=True)
    return (_write_text(state, piece.text) if piece.text else b""), next_state


def _begin(state: ChunkState, event: Mapping[str, Any]) -> ChunkState:
    head = build_head("chat.completion.chunk", state.model, event["run"], event["at"])
    return state._replace(head=head, head_bytes=b"data: " + to_json(head)[:-1])


def build_head(kind: str, model: str, run: str, at: str) -> dict[str, Any]:
    created = int(datetime.fromisoformat(at).timestamp())
    return {"id": f"chatcmpl-{run}", "object": kind, "created": created, "model": model, "system_fingerprint": None}


def _write_text(state: ChunkState, text: str) -> bytes:
    return b"".join((state.head_bytes, BEFORE_TEXT, to_json(text), AFTER_TEXT))


def _write_thinking(state: ChunkState, thinking: str) -> bytes:
    return _write_choice(state, {"reasoning_content": thinking}, None) if thinking else b""


def _write_choice(state: ChunkState, delta: Mapping[str, Any], finish_reason: str | None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    return write_data({**state.head, "choices": [choice]})


def _end(state: ChunkState, event: Mapping[str, Any]) -> bytes:
    result = read_result(event, state.has_yielded)
    reason = map_finish(FINISH_REASONS, event, USUAL_FINISH)
    usage = {**state.head, "choices": [], "usage": build_usage(read_counts(event))}
    return b"".join(
        (
            _write_text(state, result) if result else b"",
            _write_choice(state, {}, reason),
            write_data(usage) if state.includes_usage else b"",
            DONE,
        )
    )


def build_usage(counts: TokenCounts) -> dict[str, Any]:
    return {
        "prompt_tokens": counts.whole_input,
        "completion_tokens": counts.output,
        "total_tokens": counts.whole_input + counts.output,
        "prompt_tokens_details": {"cached_tokens": counts.cache_read},
    }


def build_completion(
    model: str, run: str, at: str, pieces: Sequence[YieldedPiece], event: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a whole answer; `event` is the end of the run."""
    text = "".join(piece.text for piece in pieces) + read_result(event, has_text(pieces))
    thinking = "".join(piece.thinking for piece in pieces)
    message = {"role": "assistant", "content": text, "refusal": None}
    if thinking:
        message["reasoning_content"] = thinking
    reason = map_finish(FINISH_REASONS, event, USUAL_FINISH)
    return {
        **build_head("chat.completion", model, run, at),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": reason}],
        "usage": build_usage(read_counts(event)),
    }
