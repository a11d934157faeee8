"""Values and shapes that the API does not send, at every place of an answer: it is read, or refused as what it is."""

import copy
import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import pytest

from actions.anthropic.answer.chunker import Chunker
from actions.anthropic.answer.response import build_response, build_step, build_usage, warn_of_ending
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.message_error import ErrorEvent, MessageError
from actions.anthropic.stream.sse import Decoder
from actions.contract.json_values import build_json_value
from tests.actions.anthropic.completing import get_result, get_texts, get_warnings, run
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    STOP,
    Step,
    block_start,
    block_stop,
    chunk,
    delta,
    event,
    head,
    message_delta,
    start,
    text,
)
from tests.actions.anthropic.upstream import upstream as serve
from tests.odd_values import CARRIED, REFUSED

Path = tuple[str | int, ...]
MARK = "HERE"
WEB = {"type": "web_search_tool_result", "tool_use_id": "s"}
USAGE = {
    "input_tokens": 25,
    "output_tokens": 1,
    "cache_creation": {"ephemeral_5m_input_tokens": 1},
    "server_tool_use": {"web_search_requests": 0},
}
SOURCE = {"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "c"}
BLOCKS: list[tuple[dict[str, Any], list[dict[str, Any]]]] = [
    (
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}},
        [{"type": "input_json_delta", "partial_json": '{"query":"x"}'}],
    ),
    ({**WEB, "content": [{"type": "web_search_result", "url": "u", "title": "t", "encrypted_content": "e"}]}, []),
    ({**WEB, "content": {"type": "web_search_tool_result_error", "error_code": "unavailable"}}, []),
    (
        {"type": "thinking", "thinking": "", "signature": ""},
        [{"type": "thinking_delta", "thinking": "hm"}, {"type": "signature_delta", "signature": "abc"}],
    ),
    (
        {"type": "text", "text": "", "citations": [SOURCE]},
        [{"type": "text_delta", "text": "Hello"}, {"type": "citations_delta", "citation": SOURCE}],
    ),
]
SHAPES = ["null", "0", "-1", "1.5", '""', '"15"', "true", "[]", "{}", '["a"]', "[null]", "[1]", '{"a": 1}']
ODD = [*SHAPES, *(text for text, _ in CARRIED.values()), *(text for text in REFUSED.values() if len(text) < 200)]


def list_events() -> list[dict[str, Any]]:
    message: dict[str, Any] = {"id": "m", "model": "claude", "content": [], "stop_reason": None, "usage": USAGE}
    events: list[dict[str, Any]] = [{"type": "message_start", "message": message}]
    for index, (block, deltas) in enumerate(BLOCKS):
        events.append({"type": "content_block_start", "index": index, "content_block": block})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    details = {"stop_reason": "end_turn", "stop_sequence": None, "stop_details": {"category": "x"}}
    return [
        *events,
        {"type": "message_delta", "delta": details, "usage": {"output_tokens": 15}},
        {"type": "message_stop"},
    ]


def list_paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the way to each value within a value."""
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield (*path, key)
            yield from list_paths(value[key], (*path, key))


def write(path: Path, odd: str) -> Iterator[bytes]:
    """Yield the events of the answer, with the odd JSON at the end of the path."""
    events: Any = copy.deepcopy(list_events())
    place = events
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = MARK
    for each in events:
        yield b"event: x\ndata: %s\n\n" % json.dumps(each).replace(f'"{MARK}"', odd).encode()


def read(frames: Iterator[bytes]) -> Iterator[Any]:
    """Yield all that a flow is given of the answer, and the log told."""
    decoder, message, chunker = Decoder(), ApiMessage(), Chunker()
    streamed = ""
    for part in (part for frame in frames for each in decoder.decode(frame) if (part := message.apply(each))):
        for piece in chunker.chunk(part):
            streamed += piece["text"]
            yield dict(piece)
        if step := build_step(part):
            yield asdict(step)
    response = build_response([message])
    assert streamed == response["text"]
    yield dict(response)
    yield asdict(build_usage(message))
    yield from (asdict(warning) for warning in warn_of_ending([message]))


@pytest.mark.parametrize("path", list(list_paths(list_events())), ids=lambda path: ".".join(map(str, path)))
def test_an_odd_value_at_any_place_is_carried_or_refused(path: Path) -> None:
    for odd in ODD:
        try:
            for given in read(write(path, odd)):
                assert repr(build_json_value(given)) == repr(given), odd
        except (MessageError, ErrorEvent):
            pass


async def test_the_run_names_the_event_that_holds_a_number_that_json_has_not(connect: Connect) -> None:
    block = {**WEB, "content": [{"type": "web_search_result", "page_age": float("inf")}]}
    script = [head(), chunk(start() + block_start(0, block)), END]
    async with serve(script) as server:
        with pytest.raises(Exception, match="content_block_start holds what a flow cannot carry: a number is infinite"):
            await run(connect(server.url))


async def test_a_stop_reason_may_come_at_the_start_and_the_media_type_twice(connect: Connect) -> None:
    begun = start().replace(b'"stop_reason": null', b'"stop_reason": "end_turn"')
    whole = begun + block_start() + text("Hi") + block_stop() + STOP
    async with serve([head(content_type="text/event-stream, text/event-stream"), chunk(whole), END]) as server:
        steps = await run(connect(server.url))
    assert (get_result(steps)["stop_reason"], get_texts(steps)) == ("end_turn", ["Hi"])


TOLD: dict[str, list[bytes]] = {
    "the reason and then the usage": [
        event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}),
        event("message_delta", delta={"stop_reason": None, "stop_sequence": None}, usage={"output_tokens": 15}),
    ],
    "the usage without a delta": [
        event("message_delta", usage={"output_tokens": 15}),
        event("message_delta", delta={"stop_reason": "end_turn"}),
    ],
    "the reason and then empty texts": [
        event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 3}),
        event("message_delta", delta={"stop_reason": "", "stop_sequence": ""}, usage={"output_tokens": 15}),
    ],
    "the usage with a delta that is null": [
        event("message_delta", delta={"stop_reason": "end_turn"}, usage={"output_tokens": 3}),
        event("message_delta", delta=None, usage={"output_tokens": 15}),
    ],
}


@pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)
async def test_what_several_message_deltas_tell_counts_together(connect: Connect, told: list[bytes]) -> None:
    script: list[Step] = [
        head(),
        chunk(start() + block_start() + text("Hi") + block_stop()),
        chunk(b"".join(told) + STOP),
    ]
    async with serve([*script, END]) as server:
        steps = await run(connect(server.url))
    response = get_result(steps)
    assert (response["stop_reason"], response["usage"]["output_tokens"], get_texts(steps)) == ("end_turn", 15, ["Hi"])
    assert get_warnings(steps) == []


async def test_a_block_may_end_twice_and_its_signature_may_be_null(connect: Connect) -> None:
    thought = {"type": "thinking", "thinking": "hm", "signature": "abc"}
    blocks = block_start(0, thought) + delta(type="signature_delta", signature=None) + block_stop() + block_stop()
    said = blocks + block_start(1) + text("Hi", 1) + block_stop(1) + block_stop(0) + block_stop(1)
    async with serve([head(), chunk(start() + said + message_delta() + STOP), END]) as server:
        steps = await run(connect(server.url))
    assert get_result(steps)["content"] == [thought, {"type": "text", "text": "Hi"}]
