"""The events of a streamed answer, in the shapes, the order and the pace of the API."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

from pydantic_core import to_json

from actions.anthropic.simulator.answer import Request, count_tokens, cut_chunks, get_counted_text, get_text
from actions.anthropic.simulator.content import Answer, Block, compose
from actions.anthropic.simulator.script import Script

CHUNKS_PER_PING = 20
PING_INTERVAL_S = 0.2
MAX_PADDING_BYTES = 9
PIECE_BYTES = 512


class BodyEnd(Exception):
    """The body ends here, before its time."""


class SocketClosed(Exception):
    """The socket is to be closed within the body."""


def encode_event(event: dict[str, Any]) -> bytes:
    """Encode an event as the API does, which pads its JSON with blanks to hide the length of a token."""
    data = to_json(event)
    padding = b" " * (len(data) % MAX_PADDING_BYTES)
    return b"event: %b\ndata: %b%b}\n\n" % (event["type"].encode(), data[:-1], padding)


async def stream_events(body: Request, script: Script, message_id: str) -> AsyncGenerator[bytes, None]:
    """Yield the whole answer as server-sent events, with the faults that the script asks for."""
    pieces = _replay(script) if script.replay is not None else _write_answer(body, script, message_id)
    with suppress(BodyEnd):
        async for piece in pieces:
            yield piece


async def _write_answer(body: Request, script: Script, message_id: str) -> AsyncIterator[bytes]:
    answer = compose(body, script)
    yield encode_event({"type": "message_start", "message": build_message(body, message_id)})
    yield encode_event({"type": "ping"})
    await asyncio.sleep(script.first_pause_s)
    for index, block in enumerate(answer.content):
        yield encode_event({"type": "content_block_start", "index": index, "content_block": _empty_block(block)})
        if block["type"] == "text":
            async for piece in _stream_text(index, block["text"], script):
                yield piece
        for delta in _build_deltas(block):
            yield encode_event({"type": "content_block_delta", "index": index, "delta": delta})
        yield encode_event({"type": "content_block_stop", "index": index})
    yield encode_event(_build_message_delta(body, answer))
    yield encode_event({"type": "message_stop"})


def build_message(body: Request, message_id: str) -> dict[str, Any]:
    return {
        "model": body["model"],
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**_count_input(body), "output_tokens": 1},
    }


def build_usage(body: Request, answer: Answer) -> dict[str, Any]:
    """Return what the whole answer used. Within a stream these counts are cumulative."""
    searches = {"server_tool_use": {"web_search_requests": answer.searches}} if answer.searches else {}
    return {**_count_input(body), "output_tokens": answer.output_tokens, **searches}


def _count_input(body: Request) -> dict[str, int]:
    sent = "".join(get_counted_text(turn["content"]) for turn in body["messages"])
    tokens = count_tokens(get_text(body.get("system")) + sent)
    return {"input_tokens": tokens, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}


def _build_message_delta(body: Request, answer: Answer) -> dict[str, Any]:
    delta = {
        "stop_reason": answer.stop_reason,
        "stop_sequence": answer.stop_sequence,
        "stop_details": answer.stop_details,
    }
    return {"type": "message_delta", "delta": delta, "usage": build_usage(body, answer)}


def _empty_block(block: Block) -> Block:
    """Return the block as its start event shows it: what comes in deltas is left out."""
    empty = {"text": "", "thinking": "", "signature": "", "input": {}}
    streamed = {name: empty.get(name, value) for name, value in block.items()}
    return {**streamed, "citations": []} if "citations" in block else streamed


def _build_deltas(block: Block) -> Iterator[Block]:
    """Yield the deltas of a block but for its text."""
    if block.get("thinking"):
        yield {"type": "thinking_delta", "thinking": block["thinking"]}
    if "signature" in block:
        yield {"type": "signature_delta", "signature": block["signature"]}
    if "input" in block:
        pieces = to_json(block["input"]).decode()
        for part in ("", pieces[: len(pieces) // 2], pieces[len(pieces) // 2 :]):
            yield {"type": "input_json_delta", "partial_json": part}
    for citation in block.get("citations", ()):
        yield {"type": "citations_delta", "citation": citation}


async def _stream_text(index: int, text: str, script: Script) -> AsyncIterator[bytes]:
    count = 0
    for count, chunk in enumerate(cut_chunks(text)):
        async for piece in _send_fault(script, count):
            yield piece
        yield encode_event(
            {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": chunk}}
        )
        if count % CHUNKS_PER_PING == CHUNKS_PER_PING - 1:
            yield encode_event({"type": "ping"})
        await asyncio.sleep(script.pause_s * (0.6 + 0.8 * ((count * 7) % 11) / 10))
    async for piece in _send_fault(script, count + 1):
        yield piece


async def _send_fault(script: Script, count: int) -> AsyncIterator[bytes]:
    """Yield what a fault that is due after `count` chunks sends, and raise `BodyEnd` when nothing follows it."""
    if script.fail_after == count:
        yield encode_event({"type": "error", "error": {"type": script.fail_with, "message": "Scripted"}})
        raise BodyEnd
    if script.cut_after == count:
        raise BodyEnd
    if script.drop_after == count:
        raise SocketClosed
    if script.silent_after == count:
        await asyncio.Event().wait()
    while script.stall_after == count:
        yield encode_event({"type": "ping"})
        await asyncio.sleep(PING_INTERVAL_S)


async def _replay(script: Script) -> AsyncIterator[bytes]:
    body = (script.replay or b"")[: script.replay_cut]
    for at in range(0, len(body), PIECE_BYTES):
        yield body[at : at + PIECE_BYTES]
