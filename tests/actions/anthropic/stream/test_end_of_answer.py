"""Where an answer ends: what may stand behind it, and what may be missing at its end."""

import asyncio
from typing import Any

import pytest

from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import MessageStart, Part, Stop, TextDelta
from actions.anthropic.stream.sse import Decoder
from actions.anthropic.stream.timing import Timing
from actions.contract.errors import ActionError
from tests.actions.anthropic.completing import get_result, get_texts, get_warnings, run
from tests.actions.anthropic.conftest import QUICK, Connect, choose_timing
from tests.actions.anthropic.recordings import ANSWERS, PLAIN
from tests.actions.anthropic.upstream import (
    END,
    FIN,
    HANG,
    PING,
    RESET,
    STOP,
    Pause,
    Step,
    block_start,
    block_stop,
    chunk,
    event,
    failing,
    head,
    message_delta,
    start,
    text,
    upstream,
)

REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}
PATIENT = Timing(drain_s=0.05)
TAILS = {
    "a sentinel": b"data: [DONE]\n\n",
    "a cost frame": b'event: cost\ndata: {"type":"cost","usd":0.01}\n\n',
    "a cost frame without a type": b'data: {"cost":0.01}\n\n',
    "usage once more": message_delta("max_tokens", 900),
    "another answer": PLAIN,
    "a block": block_start(7) + text("x", 7),
    "an error": failing("overloaded_error"),
    "a nameless error": b'data: {"error":{"type":"overloaded_error"}}\n\n',
    "an end once more": STOP,
    "no event at all": b"<html>\n\n\xff\xfe\x00",
    "no end of a line": b"data: [DONE]",
}

Received = tuple[list[Part], list[dict[str, Any]], Any]


async def receive(connect: Connect, *pieces: bytes) -> Received:
    """Return the parts, the content and the usage of an answer whose bytes are read piece by piece."""
    paced: list[Step] = [step for piece in pieces if piece for step in (chunk(piece), Pause(0.001))]
    async with (
        upstream([head(), *paced, END]) as server,
        open_stream(connect(server.url), REQUEST, timing=PATIENT) as stream,
    ):
        return [part async for part in stream], stream.message.content, stream.message.usage


def decode(*pieces: bytes) -> Received:
    """Return the same without a socket, reading on behind the end as well."""
    decoder, message = Decoder(), ApiMessage()
    parts: list[Part] = []
    for piece in pieces:
        for each in decoder.decode(piece):
            parts += [part] if (part := message.apply(each)) is not None else []
            if message.stop:
                return parts, message.content, message.usage
    return parts, message.content, message.usage


@pytest.mark.parametrize("tail", TAILS.values(), ids=TAILS.keys())
@pytest.mark.parametrize("name", ANSWERS)
async def test_what_stands_behind_the_end_in_the_same_read_changes_nothing(
    connect: Connect, name: str, tail: bytes
) -> None:
    data = ANSWERS[name]
    assert await receive(connect, data + tail) == await receive(connect, data)


@pytest.mark.parametrize("name", ANSWERS)
async def test_it_does_not_matter_where_the_end_and_its_tail_are_cut(connect: Connect, name: str) -> None:
    data = ANSWERS[name]
    whole, expected = data + TAILS["a sentinel"] + TAILS["a cost frame"], await receive(connect, data)
    end = data.rindex(b"event: message_stop")
    for cut in range(end, len(whole)):
        assert await receive(connect, whole[:cut], whole[cut:]) == expected, cut


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_the_same_wherever_it_is_cut(name: str) -> None:
    data = ANSWERS[name]
    whole, expected = data + TAILS["a sentinel"], decode(data)
    small = len(data) < 4_000
    for cut in range(0, len(whole), 1 if small else 101):
        assert decode(whole[:cut], whole[cut:]) == expected, cut


@pytest.mark.parametrize("missing", [b"\n", b"\n\n"], ids=["the blank line", "the end of the line"])
@pytest.mark.parametrize("name", ANSWERS)
async def test_a_last_event_needs_no_blank_line(connect: Connect, name: str, missing: bytes) -> None:
    data = ANSWERS[name]
    assert await receive(connect, data.removesuffix(missing)) == await receive(connect, data)


@pytest.mark.parametrize("line_end", [b"\r", b"\r\n"], ids=["returns", "returns and line feeds"])
async def test_the_end_is_seen_when_it_comes_and_not_with_the_next_byte(connect: Connect, line_end: bytes) -> None:
    script: list[Step] = [head(), chunk(PLAIN.replace(b"\n", line_end)), HANG]
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=PATIENT) as stream:
        async with asyncio.timeout(10):
            assert [part async for part in stream][-1] == Stop("end_turn")


BREAKS: dict[str, tuple[bytes, tuple[Step, ...]]] = {
    "a clean end": (b"", (END,)),
    "a sentinel": (b"data: [DONE]\n\n", (END,)),
    "a sentinel without a blank line": (b"data: [DONE]", (END,)),
    "half of message_stop": (STOP[:-12], (END,)),
    "a frame of cost, and an end": (b'data: {"cost":1}\n\n', (END,)),
    "a lost connection": (b"", (FIN,)),
    "a reset connection": (b"", (RESET,)),
    "silence": (b"", (HANG,)),
    "pings": (PING, (HANG,)),
}


@pytest.mark.parametrize(("instead", "rest"), BREAKS.values(), ids=BREAKS.keys())
async def test_a_complete_answer_without_message_stop_is_completed_with_a_warning(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, instead: bytes, rest: tuple[Step, ...]
) -> None:
    monkeypatch.setitem(vars(open_stream)["__wrapped__"].__kwdefaults__, "timing", Timing(silence_s=1, drain_s=0.05))
    said = start() + block_start() + text("All of it.") + block_stop() + message_delta("end_turn", 15)
    async with upstream([head(), chunk(said + instead), *rest]) as server:
        steps = await run(connect(server.url))
    assert get_texts(steps) == ["All of it."]
    response = get_result(steps)
    assert (response["text"], response["stop_reason"]) == ("All of it.", "end_turn")
    assert response["usage"]["output_tokens"] == 15
    assert get_warnings(steps) == [("answer_without_end", None)]
    assert len(server.requests) == 1


async def test_a_complete_answer_without_any_text_is_not_tried_again(connect: Connect) -> None:
    script: list[Step] = [head(), chunk(start() + message_delta("refusal", 1)), END]
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=PATIENT) as stream:
        parts = [part async for part in stream]
    assert (parts[-1], len(server.requests)) == (Stop("refusal", is_inferred=True), 1)


INCOMPLETE = {
    "no stop reason": block_stop() + message_delta(None),
    "an open block": message_delta(),
    "no count of the output": block_stop() + event("message_delta", delta={"stop_reason": "end_turn"}),
    "nothing": b"",
}


@pytest.mark.parametrize("rest", INCOMPLETE.values(), ids=INCOMPLETE.keys())
@pytest.mark.parametrize("end", [END, HANG], ids=["a clean end", "silence"])
async def test_an_answer_that_is_not_complete_stays_a_failure(connect: Connect, rest: bytes, end: Step) -> None:
    parts: list[Part] = []
    begun = start() + block_start() + text("Half of")
    async with (
        upstream([head(), chunk(begun + rest), end]) as server,
        open_stream(connect(server.url), REQUEST, timing=choose_timing([end])) as stream,
    ):
        with pytest.raises(ActionError) as failed:
            async for part in stream:
                parts.append(part)  # noqa: PERF401 (what came before the failure is kept)
    assert failed.value.code == ("upstream_truncated" if end is END else "upstream_stalled")
    assert [part.text for part in parts if isinstance(part, TextDelta)] == ["Half of"]


async def test_an_error_that_the_api_sends_in_place_of_the_end_is_a_failure(connect: Connect) -> None:
    said = start() + block_start() + text("All of it.") + block_stop() + message_delta()
    async with (
        upstream([head(), chunk(said + failing("overloaded_error")), END]) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        with pytest.raises(ActionError) as failed:
            [part async for part in stream]
    assert failed.value.code == "upstream_overloaded"


async def test_the_start_of_an_answer_is_told_before_its_first_content(connect: Connect) -> None:
    script: list[Step] = [head(), chunk(start()), HANG]
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        part = await anext(aiter(stream))
    assert isinstance(part, MessageStart)
    assert (part.id, part.model, part.usage.input_tokens) == ("msg_1", "claude-opus-4-6", 25)
