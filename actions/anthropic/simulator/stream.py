"""The events of a streamed answer, in the shapes and the order of the API."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from pydantic_core import to_json

from actions.anthropic.simulator.answer import answer_to, chunks_of, tokens_of
from actions.anthropic.simulator.script import Script

PING_EVERY = 20
PING_S = 0.2


def sse(event: dict[str, Any]) -> bytes:
    return b"event: %b\ndata: %b\n\n" % (event["type"].encode(), to_json(event))


async def events(body: dict[str, Any], script: Script, message_id: str) -> AsyncGenerator[bytes, None]:
    """Yield the whole answer as server-sent events, with the faults that the script asks for."""
    text = script.answer(body) if script.answer else answer_to(body)
    chunks, stop_reason = _limited(chunks_of(text), body, script)
    yield sse({"type": "message_start", "message": message(body, message_id)})
    yield sse({"type": "ping"})
    await asyncio.sleep(script.first_pause_s)
    index = 0
    async for event in _thinking(body, script):
        index = 1
        yield event
    yield sse({"type": "content_block_start", "index": index, "content_block": {"type": "text", "text": ""}})
    for count, chunk in enumerate(chunks):
        fault = await _fault(script, count)
        if fault is not None:
            async for event in fault:
                yield event
            return
        delta = {"type": "text_delta", "text": chunk}
        yield sse({"type": "content_block_delta", "index": index, "delta": delta})
        if count % PING_EVERY == PING_EVERY - 1:
            yield sse({"type": "ping"})
        await asyncio.sleep(script.pause_s * (0.6 + 0.8 * ((count * 7) % 11) / 10))
    yield sse({"type": "content_block_stop", "index": index})
    yield sse(_message_delta(stop_reason, "".join(chunks), script))
    yield sse({"type": "message_stop"})


def message(body: dict[str, Any], message_id: str) -> dict[str, Any]:
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage(body, 1),
    }


def usage(body: dict[str, Any], output: int) -> dict[str, int]:
    sent = to_json([body.get("system"), body["messages"]]).decode()
    counts = {"input_tokens": tokens_of(sent), "output_tokens": output}
    return {**counts, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}


def _limited(chunks: list[str], body: dict[str, Any], script: Script) -> tuple[list[str], str]:
    """Cut the answer at `max_tokens`, and at a refusal."""
    if script.refuse_after is not None:
        return chunks[: script.refuse_after], "refusal"
    kept: list[str] = []
    spent = 0
    for chunk in chunks:
        spent += tokens_of(chunk)
        if spent > body["max_tokens"]:
            return kept, "max_tokens"
        kept.append(chunk)
    return kept, script.stop_reason


def _message_delta(stop_reason: str, text: str, script: Script) -> dict[str, Any]:
    details = (
        {"type": "refusal", "category": "general_harms", "explanation": None} if stop_reason == "refusal" else None
    )
    sequence = "END" if stop_reason == "stop_sequence" else None
    delta = {"stop_reason": stop_reason, "stop_sequence": sequence, "stop_details": details}
    return {"type": "message_delta", "delta": delta, "usage": {"output_tokens": tokens_of(text)}}


async def _thinking(body: dict[str, Any], script: Script) -> AsyncIterator[bytes]:
    if script.thinking is None:
        return
    shown = (body.get("thinking") or {}).get("display") == "summarized"
    yield sse(
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "thinking", "thinking": "", "signature": ""},
        }
    )
    if shown:
        delta = {"type": "thinking_delta", "thinking": script.thinking}
        yield sse({"type": "content_block_delta", "index": 0, "delta": delta})
    yield sse({"type": "content_block_delta", "index": 0, "delta": {"type": "signature_delta", "signature": "c2ln"}})
    yield sse({"type": "content_block_stop", "index": 0})


async def _fault(script: Script, count: int) -> AsyncIterator[bytes] | None:
    if script.fail_after == count:
        return _once(sse({"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}))
    if script.cut_after == count:
        return _once(b"")
    return _pings() if script.stall_after == count else None


async def _once(event: bytes) -> AsyncIterator[bytes]:
    yield event


async def _pings() -> AsyncIterator[bytes]:
    while True:
        yield sse({"type": "ping"})
        await asyncio.sleep(PING_S)
