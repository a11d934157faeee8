"""A call of the API when all goes well: its parts, its request, its sockets."""

import asyncio
import re
from typing import Any

import pytest

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.client_pool import MAX_CLIENTS, borrow_client, close_clients
from actions.anthropic.stream.message_stream import MessageStream, open_stream
from actions.anthropic.stream.parts import (
    BlockStart,
    BlockStop,
    Citation,
    MessageStart,
    Part,
    Stop,
    TextDelta,
    ThinkingDelta,
)
from actions.anthropic.stream.timing import Timing
from actions.anthropic.stream.usage_counts import UsageCounts
from actions.contract.errors import ActionError
from tests.actions.anthropic.conftest import KEY, QUICK, SOON_SILENT, Connect
from tests.actions.anthropic.upstream import (
    END,
    HANG,
    PING,
    STOP,
    Pause,
    Step,
    block_start,
    block_stop,
    chunk,
    delta,
    event,
    head,
    message_delta,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.ways import every_way  # noqa: F401  # a fixture

COUNTS = UsageCounts(25, None, 0, 0)
BEGIN = MessageStart("msg_1", "claude-opus-4-6", COUNTS)
REQUEST = {"model": "claude-opus-4-6", "max_tokens": 100, "messages": [{"role": "user", "content": "Hi"}]}


pytestmark = pytest.mark.usefixtures("every_way")


async def received(stream: MessageStream) -> list[Part]:
    return [part async for part in stream]


async def whole(connection: AnthropicConnection, timing: Timing = QUICK) -> tuple[list[Part], ApiMessage]:
    """Return all the parts of one answer, and the message."""
    async with open_stream(connection, REQUEST, timing=timing) as stream:
        return await received(stream), stream.message


async def test_an_answer_comes_part_by_part_and_ends_with_stop(connect: Connect) -> None:
    async with upstream(streamed("Hel", "lo")) as server:
        parts, message = await whole(connect(server.url))
    assert parts == [
        BEGIN,
        BlockStart(0, "text"),
        TextDelta("Hel"),
        TextDelta("lo"),
        BlockStop(0, {"type": "text", "text": "Hello"}),
        Stop("end_turn"),
    ]
    assert (message.text, message.id, message.model) == (
        "Hello",
        "msg_1",
        "claude-opus-4-6",
    )


async def test_each_chunk_is_given_before_the_next_one_is_sent(connect: Connect) -> None:
    script: list[Step] = [head(), chunk(start() + block_start()), chunk(text("first")), HANG]
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        parts = aiter(stream)
        assert [await anext(parts) for _ in range(3)] == [BEGIN, BlockStart(0, "text"), TextDelta("first")]


async def test_the_request_is_sent_as_it_is_given_with_the_key_of_the_connection(connect: Connect) -> None:
    async with upstream(streamed("a")) as server:
        await whole(connect(server.url))
    request = server.requests[0]
    assert request.line == "POST /v1/messages HTTP/1.1"
    assert request.body == {**REQUEST, "stream": True}
    sent = {name: request.headers.get(name) for name in ("authorization", "x-api-key", "anthropic-version")}
    assert sent == {"authorization": f"Bearer {KEY}", "x-api-key": None, "anthropic-version": "2026-10-21"}
    assert request.headers["accept-encoding"] == "identity"


async def test_the_connection_names_the_version_and_the_path(connect: Connect) -> None:
    async with upstream(streamed("a")) as server:
        await whole(connect(f"{server.url}/gateway/anthropic", api_version="2023-06-01"))
    assert server.requests[0].line == "POST /gateway/anthropic/v1/messages HTTP/1.1"
    assert server.requests[0].headers["anthropic-version"] == "2023-06-01"


async def test_the_environment_of_the_server_changes_nothing(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    foreign = {
        "ANTHROPIC_API_KEY": "sk-operator",
        "ANTHROPIC_AUTH_TOKEN": "operator",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:9",
        "ANTHROPIC_CUSTOM_HEADERS": "x-api-key: sk-operator\nX-Operator: 1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
    }
    for name, value in foreign.items():
        monkeypatch.setenv(name, value)
    async with upstream(streamed("a")) as server:
        await whole(connect(server.url))
    headers = server.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert "operator" not in str(headers).lower()


async def test_without_a_key_nothing_is_sent(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-operator")
    async with upstream(streamed("a")) as server:
        valid = connect(server.url)
        keyless = valid.model_copy(update={"api_key": type(valid.api_key)("")})
        with pytest.raises(ActionError) as refused:
            async with open_stream(keyless, REQUEST, timing=QUICK):
                pass
    assert (refused.value.code, server.connections) == ("connection_not_configured", 0)


async def test_thinking_citations_and_tools_are_parts_of_their_own(connect: Connect) -> None:
    citation = {"type": "web_search_result_location", "url": "https://example.com", "cited_text": "x"}
    tool = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
    script: list[Step] = [
        head(),
        chunk(start() + block_start(0, {"type": "thinking", "thinking": "", "signature": ""})),
        chunk(delta(0, type="thinking_delta", thinking="Hm")),
        chunk(delta(0, type="signature_delta", signature="c2ln") + block_stop(0)),
        chunk(block_start(1, tool) + delta(1, type="input_json_delta", partial_json="")),
        chunk(delta(1, type="input_json_delta", partial_json='{"query": "w') + PING),
        chunk(delta(1, type="input_json_delta", partial_json='ind"}') + block_stop(1)),
        chunk(block_start(2) + text("Wind", 2) + delta(2, type="citations_delta", citation=citation)),
        chunk(block_stop(2) + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        parts, message = await whole(connect(server.url))
    content: list[dict[str, Any]] = [
        {"type": "thinking", "thinking": "Hm", "signature": "c2ln"},
        {**tool, "input": {"query": "wind"}},
        {"type": "text", "text": "Wind", "citations": [citation]},
    ]
    assert message.content == content
    assert (message.text, message.thinking) == ("Wind", "Hm")
    assert [part for part in parts if isinstance(part, ThinkingDelta | Citation | BlockStop)] == [
        ThinkingDelta("Hm"),
        BlockStop(0, content[0]),
        BlockStop(1, content[1]),
        Citation(2, citation),
        BlockStop(2, content[2]),
    ]


async def test_events_blocks_and_deltas_of_unknown_kinds_are_passed_over(connect: Connect) -> None:
    script: list[Step] = [
        head(),
        chunk(event("novelty", value=1) + start() + block_start(0, {"type": "novel_block", "data": {"a": 1}})),
        chunk(delta(0, type="novel_delta", value="x") + block_stop(0) + block_start(1) + text("a", 1)),
        chunk(start() + event("ping") + b": comment\n\n" + block_stop(1) + message_delta("novel_reason") + STOP),
        END,
    ]
    async with upstream(script) as server:
        parts, message = await whole(connect(server.url))
    assert message.content == [
        {"type": "novel_block", "data": {"a": 1}},
        {"type": "text", "text": "a"},
    ]
    assert parts[-1] == Stop("novel_reason")


@pytest.mark.parametrize(
    ("delta_event", "stop"),
    [
        (message_delta("end_turn"), Stop("end_turn")),
        (message_delta("max_tokens"), Stop("max_tokens")),
        (message_delta("tool_use"), Stop("tool_use")),
        (message_delta("pause_turn"), Stop("pause_turn")),
        (message_delta("model_context_window_exceeded"), Stop("model_context_window_exceeded")),
        (message_delta("stop_sequence", stop_sequence="END"), Stop("stop_sequence", "END")),
        (
            message_delta("refusal", stop_details={"type": "refusal", "category": "bio", "explanation": "x"}),
            Stop("refusal", None, "bio"),
        ),
        (message_delta("refusal", stop_details=None), Stop("refusal")),
    ],
)
async def test_each_stop_reason_is_told_as_it_came(connect: Connect, delta_event: bytes, stop: Stop) -> None:
    script: list[Step] = [head(), chunk(start() + delta_event + STOP), END]
    async with upstream(script) as server:
        parts, message = await whole(connect(server.url))
    assert (parts, message.content) == ([BEGIN, stop], [])


async def test_usage_is_what_the_end_tells_and_unknown_before(connect: Connect) -> None:
    counted = {"input_tokens": 3, "cache_read_input_tokens": 7}
    script: list[Step] = [head(), chunk(start(**counted) + block_start() + text("a") + text("b")), HANG]
    async with upstream(script) as server, open_stream(connect(server.url), REQUEST, timing=QUICK) as stream:
        await anext(aiter(stream))
        usage = stream.message.usage
    assert (usage.input_tokens, usage.output_tokens, usage.cache_read_input_tokens) == (3, None, 7)


async def test_calls_of_one_connection_share_a_socket(connect: Connect) -> None:
    async with upstream(streamed("a")) as server:
        for _ in range(3):
            await whole(connect(server.url))
    assert (len(server.requests), server.connections) == (3, 1)


async def test_fifty_calls_at_once_do_not_mix(connect: Connect) -> None:
    async with upstream(streamed(*"abcdefgh")) as server:
        answers = await asyncio.gather(*(whole(connect(server.url), Timing()) for _ in range(50)))
    assert {message.text for _, message in answers} == {"abcdefgh"}


def test_every_event_loop_has_a_client_of_its_own(connect: Connect) -> None:
    async def call() -> str:
        async with upstream(streamed("a")) as server:
            _, message = await whole(connect(server.url))
            await close_clients()
        return message.text

    assert [asyncio.run(call()), asyncio.run(call())] == ["a", "a"]


async def test_idle_clients_make_room_and_used_ones_stay(connect: Connect) -> None:
    async with upstream(streamed("a", "b")) as server:
        async with open_stream(connect(server.url, api_key="sk-0"), REQUEST, timing=QUICK) as first:
            await anext(aiter(first))
            for number in range(1, MAX_CLIENTS + 3):
                await whole(connect(server.url, api_key=f"sk-{number}"))
            await received(first)
        async with borrow_client(connect(server.url, api_key="sk-0")) as kept:
            assert not kept.is_closed()
    assert first.message.text == "ab"
    assert sum(request.left.is_set() for request in server.requests) >= 3


WRITING: list[Step] = [head(), chunk(start() + block_start() + text("a")), HANG]


async def test_leaving_the_block_closes_the_socket_at_once(connect: Connect) -> None:
    async with upstream(WRITING) as server:
        async with open_stream(connect(server.url), REQUEST) as stream:
            await anext(aiter(stream))
        await server.requests[0].wait_until_left()


@pytest.mark.parametrize("parts", [1, 3], ids=["while its consumer works", "while it waits for the API"])
async def test_cancelling_closes_the_socket_at_once(connect: Connect, parts: int) -> None:
    async with upstream(WRITING) as server:
        has_part = asyncio.Event()

        async def call() -> None:
            async with open_stream(connect(server.url), REQUEST) as stream:
                for _ in range(parts):
                    await anext(aiter(stream))
                    has_part.set()
                await asyncio.Event().wait()

        task = asyncio.create_task(call())
        await has_part.wait()
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.requests[0].wait_until_left()
    assert task.cancelled()


async def test_a_cancel_before_the_answer_closes_the_socket_at_once(connect: Connect) -> None:
    async with upstream([HANG]) as server:
        task = asyncio.create_task(whole(connect(server.url), Timing()))
        await server.wait_until_asked()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await server.requests[0].wait_until_left()
    assert task.cancelled()


async def test_an_answer_is_complete_although_its_socket_is_not_closed(connect: Connect) -> None:
    script: list[Step] = [*streamed("a")[:-1], HANG]
    async with upstream(script) as server:
        parts, _ = await whole(connect(server.url))
    assert parts[-1] == Stop("end_turn")


async def test_the_time_of_the_consumer_does_not_count(connect: Connect) -> None:
    async with (
        upstream(streamed("a", "b", "c")) as server,
        open_stream(connect(server.url), REQUEST, timing=SOON_SILENT) as stream,
    ):
        await anext(aiter(stream))
        await asyncio.sleep(SOON_SILENT.silence_s * 1.5)
        await received(stream)
    assert stream.message.text == "abc"


@pytest.mark.parametrize("silent", ["thinking", "server_tool_use"])
async def test_thinking_and_searching_may_be_silent_for_longer(connect: Connect, silent: str) -> None:
    block = {"type": silent, "thinking": "", "signature": "", "input": {}}
    script: list[Step] = [
        head(),
        chunk(start() + block_start(0, block)),
        Pause(SOON_SILENT.silence_s * 1.7),
        chunk(block_stop(0) + block_start(1) + text("a", 1) + block_stop(1) + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        _, message = await whole(connect(server.url), SOON_SILENT)
    assert (message.text, len(server.requests)) == ("a", 1)


async def test_a_slow_consumer_gets_all_that_came(connect: Connect) -> None:
    async with (
        upstream(streamed(*"abcdefgh")) as server,
        open_stream(connect(server.url), REQUEST, timing=QUICK) as stream,
    ):
        words = []
        async for part in stream:
            await asyncio.sleep(0.005)
            words += [part.text] if isinstance(part, TextDelta) else []
    assert words == list("abcdefgh")


async def test_a_gateway_may_leave_out_the_names_of_events(connect: Connect) -> None:
    named = start() + block_start() + text("a") + text("b") + block_stop() + message_delta() + STOP
    unnamed: list[Step] = [head(), chunk(re.sub(rb"event: \w+\n", b"", named)), END]
    async with upstream(unnamed) as server:
        _, message = await whole(connect(server.url))
    assert message.text == "ab"
