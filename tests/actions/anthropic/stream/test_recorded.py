"""Streams as the real API sent them, cut in every awkward way. Skipped where the recordings are not at hand."""

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import Citation, Part, Stop, TextDelta, ThinkingDelta
from tests.actions.anthropic.conftest import QUICK, Connect
from tests.actions.anthropic.recordings import FOLDER, RECORDED, read_recording
from tests.actions.anthropic.upstream import END, Step, chunk, head, upstream
from tests.actions.anthropic.ways import every_way  # noqa: F401  # a fixture

REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}

pytestmark = [
    pytest.mark.skipif(not RECORDED, reason="the recorded streams are not at hand"),
    pytest.mark.usefixtures("every_way"),
]


Cut = Callable[[bytes], Iterator[bytes]]


def whole(data: bytes) -> Iterator[bytes]:
    yield data


def every_17_bytes(data: bytes) -> Iterator[bytes]:
    yield from (data[at : at + 17] for at in range(0, len(data), 17))


def at_random(data: bytes) -> Iterator[bytes]:
    sizes, at = random.Random(7), 0  # noqa: S311 (the same cuts in every run)
    while at < len(data):
        size = sizes.choice([1, 2, 3, 50, 700])
        yield data[at : at + size]
        at += size


def between_the_bytes_of_a_letter(data: bytes) -> Iterator[bytes]:
    begun = 0
    for at, byte in enumerate(data):
        if byte >= 0x80 or byte in b"\n{":
            yield data[begun:at]
            begun = at
    yield data[begun:]


async def received(connect: Connect, data: bytes, cut: Cut) -> tuple[list[Part], ApiMessage]:
    script: list[Step] = [head(), *(chunk(piece) for piece in cut(data) if piece), END]
    async with (
        upstream(script) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        return [part async for part in stream], stream.message


def events_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line[5:]) for line in data.decode().splitlines() if line.startswith("data:")]


def deltas_of(data: bytes, kind: str, name: str) -> list[Any]:
    found = (event["delta"] for event in events_of(data) if event["type"] == "content_block_delta")
    return [delta[name] for delta in found if delta["type"] == kind]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
@pytest.mark.parametrize("cut", [whole, every_17_bytes, at_random, between_the_bytes_of_a_letter])
async def test_nothing_of_a_recorded_answer_is_lost(connect: Connect, path: Path, cut: Cut) -> None:
    data = read_recording(path)
    parts, message = await received(connect, data, cut)
    texts = [text for text in deltas_of(data, "text_delta", "text") if text]
    thoughts = [text for text in deltas_of(data, "thinking_delta", "thinking") if text]
    assert [part.text for part in parts if isinstance(part, TextDelta)] == texts
    assert [part.text for part in parts if isinstance(part, ThinkingDelta)] == thoughts
    citations = deltas_of(data, "citations_delta", "citation")
    assert [part.citation for part in parts if isinstance(part, Citation)] == citations
    told = [event for event in events_of(data) if event["type"] == "message_delta"][-1]
    assert isinstance(parts[-1], Stop)
    assert parts[-1].reason == told["delta"]["stop_reason"]
    assert message.usage.output_tokens == told["usage"]["output_tokens"]
    assert len(message.content) == sum(event["type"] == "content_block_start" for event in events_of(data))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
async def test_blocks_without_deltas_come_back_as_they_were_sent(connect: Connect, path: Path) -> None:
    data = read_recording(path)
    _, message = await received(connect, data, whole)
    deltas = {event["index"] for event in events_of(data) if event["type"] == "content_block_delta"}
    starts = {e["index"]: e["content_block"] for e in events_of(data) if e["type"] == "content_block_start"}
    untouched = {index: block for index, block in starts.items() if index not in deltas}
    assert {index: message.content[index] for index in untouched} == untouched


async def test_a_tool_call_is_whole(connect: Connect) -> None:
    _, message = await received(connect, read_recording(FOLDER / "22-tool-use.sse"), every_17_bytes)
    call = message.content[-1]
    assert (call["type"], call["name"]) == ("tool_use", "get_weather")
    assert call["input"] == {"location": "Paris"}


async def test_input_that_is_told_only_at_the_end_is_counted(connect: Connect) -> None:
    data = read_recording(FOLDER / "49-message-delta-input-tokens.sse")
    _, message = await received(connect, data, whole)
    told = [event for event in events_of(data) if event["type"] == "message_delta"][-1]["usage"]
    assert message.usage.input_tokens == told["input_tokens"] > 0
