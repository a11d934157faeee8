"""The events of a streamed answer, in the shapes, the order and the pace of the API."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

from pydantic_core import to_json

from actions.anthropic.simulator.answer import Request, all_text_of, chunks_of, text_of, tokens_of
from actions.anthropic.simulator.content import Answer, Block, compose
from actions.anthropic.simulator.script import Script

CHUNKS_PER_PING = 20
PING_INTERVAL_S = 0.2
MAX_PADDING_BYTES = 9
PIECE_BYTES = 512


class Ended(Exception):
    """The body ends here, before its time."""


class Dropped(Exception):
    """The socket is to be closed within the body."""


def sse(event: dict[str, Any]) -> bytes:
    """Encode an event as the API does, which pads its JSON with blanks to hide the length of a token."""
    data = to_json(event)
    padding = b" " * (len(data) % MAX_PADDING_BYTES)
    return b"event: %b\ndata: %b%b}\n\n" % (event["type"].encode(), data[:-1], padding)


async def events(body: Request, script: Script, message_id: str) -> AsyncGenerator[bytes, None]:
    """Yield the whole answer as server-sent events, with the faults that the script asks for."""
    written = _recorded(script) if script.replay is not None else _written(body, script, message_id)
    with suppress(Ended):
        async for piece in written:
            yield piece


async def _written(body: Request, script: Script, message_id: str) -> AsyncIterator[bytes]:
    answer = compose(body, script)
    yield sse({"type": "message_start", "message": message(body, message_id)})
    yield sse({"type": "ping"})
    await asyncio.sleep(script.first_pause_s)
    for index, block in enumerate(answer.content):
        yield sse({"type": "content_block_start", "index": index, "content_block": _emptied(block)})
        if block["type"] == "text":
            async for piece in _text(index, block["text"], script):
                yield piece
        for delta in _deltas(block):
            yield sse({"type": "content_block_delta", "index": index, "delta": delta})
        yield sse({"type": "content_block_stop", "index": index})
    yield sse(_message_delta(body, answer))
    yield sse({"type": "message_stop"})


def message(body: Request, message_id: str) -> dict[str, Any]:
    return {
        "model": body["model"],
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**_input(body), "output_tokens": 1},
    }


def usage(body: Request, answer: Answer) -> dict[str, Any]:
    """Return what the whole answer used. Within a stream these counts are cumulative."""
    searches = {"server_tool_use": {"web_search_requests": answer.searches}} if answer.searches else {}
    return {**_input(body), "output_tokens": answer.output_tokens, **searches}


def _input(body: Request) -> dict[str, int]:
    sent = "".join(all_text_of(turn["content"]) for turn in body["messages"])
    tokens = tokens_of(text_of(body.get("system")) + sent)
    return {"input_tokens": tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}


def _message_delta(body: Request, answer: Answer) -> dict[str, Any]:
    delta = {
        "stop_reason": answer.stop_reason,
        "stop_sequence": answer.stop_sequence,
        "stop_details": answer.stop_details,
    }
    return {"type": "message_delta", "delta": delta, "usage": usage(body, answer)}


def _emptied(block: Block) -> Block:
    """Return the block as its start event shows it: what comes in deltas is left out."""
    empty = {"text": "", "thinking": "", "signature": "", "input": {}}
    streamed = {name: empty.get(name, value) for name, value in block.items()}
    return {**streamed, "citations": []} if "citations" in block else streamed


def _deltas(block: Block) -> Iterator[Block]:
    """Yield the deltas of a block but for its text."""
    if block.get("thinking"):
        yield {"type": "thinking_delta", "thinking": block["thinking"]}
    if "signature" in block:
        yield {"type": "signature_delta", "signature": block["signature"]}
    if "input" in block:
        written = to_json(block["input"]).decode()
        for part in ("", written[: len(written) // 2], written[len(written) // 2 :]):
            yield {"type": "input_json_delta", "partial_json": part}
    for citation in block.get("citations", ()):
        yield {"type": "citations_delta", "citation": citation}


async def _text(index: int, text: str, script: Script) -> AsyncIterator[bytes]:
    count = 0
    for count, chunk in enumerate(chunks_of(text)):
        async for piece in _faults(script, count):
            yield piece
        yield sse({"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": chunk}})
        if count % CHUNKS_PER_PING == CHUNKS_PER_PING - 1:
            yield sse({"type": "ping"})
        await asyncio.sleep(script.pause_s * (0.6 + 0.8 * ((count * 7) % 11) / 10))
    async for piece in _faults(script, count + 1):
        yield piece


async def _faults(script: Script, count: int) -> AsyncIterator[bytes]:
    """Yield what a fault that is due after `count` chunks sends, and raise `Ended` when nothing follows it."""
    if script.fail_after == count:
        yield sse({"type": "error", "error": {"type": script.fail_with, "message": "Scripted"}})
        raise Ended
    if script.cut_after == count:
        raise Ended
    if script.drop_after == count:
        raise Dropped
    if script.silent_after == count:
        await asyncio.Event().wait()
    while script.stall_after == count:
        yield sse({"type": "ping"})
        await asyncio.sleep(PING_INTERVAL_S)


async def _recorded(script: Script) -> AsyncIterator[bytes]:
    body = (script.replay or b"")[: script.replay_cut]
    for at in range(0, len(body), PIECE_BYTES):
        yield body[at : at + PIECE_BYTES]
