"""The official client of the Model Context Protocol, unmodified, with flows as its tools, in both generations."""

import asyncio
import signal
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from tests.clients.calls import FAILS_AFTER_WORDS, FAILS_BEFORE_WORDS, WORDS, count_calls
from tests.faults.rig import Server, get_site, get_upstream, run_rig, run_two_servers
from tests.faults.upstream import WHEN_ASKED, WORDS_BEFORE_FAULT, ScriptedPrompt

INVALID_PARAMS = -32602
STOPPED_WITHIN_S = 2.0


@pytest.fixture(params=["legacy", "auto"], ids=["handshake", "stateless"])
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def connect(server: Server, mode: str, key: str = "") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {key or get_site().key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{server.url}/mcp", http_client=http)
        async with Client(transport, mode=mode) as client:
            yield client


async def list_names(server: Server, mode: str, key: str = "") -> list[str]:
    async with connect(server, mode, key) as client:
        return [tool.name for tool in (await client.list_tools()).tools]


def read_texts(result: Any) -> list[str]:
    return [block.text for block in result.content]


async def test_each_generation_is_chosen_as_it_is_meant(server: Server, mode: str) -> None:
    async with connect(server, mode) as client:
        assert client.protocol_version == {"legacy": "2025-11-25", "auto": "2026-07-28"}[mode]
        assert client.server_info is not None
        assert client.server_info.name == "millrace"


async def test_flows_that_say_so_are_tools(server: Server, mode: str) -> None:
    async with connect(server, mode) as client:
        desk, order = (await client.list_tools()).tools
    assert (desk.name, desk.title, desk.input_schema["required"]) == ("desk", "Desk", ["prompt"])
    assert (order.name, order.description) == ("order", "Takes an order.")
    assert order.input_schema["properties"]["count"] == {"type": "integer", "minimum": 1}


async def test_each_progress_comes_before_the_model_writes_the_next(server: Server, mode: str) -> None:
    prompt, told = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []

    async def take(progress: float, total: float | None, message: str | None) -> None:
        told.append((progress, message))
        await get_upstream().ask_for_next(prompt)

    async with connect(server, mode) as client:
        result = await client.call_tool("desk", {"prompt": prompt.prompt}, progress_callback=take)
    assert told == [(number, word) for number, word in enumerate(WORDS, start=1)]
    assert (read_texts(result), result.is_error) == (["".join(WORDS)], False)


async def test_without_progress_the_result_has_the_whole_answer(server: Server, mode: str) -> None:
    async with connect(server, mode) as client:
        result = await client.session.call_tool("desk", {"prompt": ScriptedPrompt(script="overloaded twice").prompt})
    assert read_texts(result) == ["".join(WORDS_BEFORE_FAULT)]


async def test_an_answer_larger_than_an_event_of_the_client_comes_as_json(server: Server, mode: str) -> None:
    prompt = ScriptedPrompt(chunks=3, size=500_000)
    async with connect(server, mode) as client:
        result = await client.session.call_tool("desk", {"prompt": prompt.prompt})
    assert len(read_texts(result)[0]) > 1_500_000


async def test_an_object_that_a_flow_returns_is_structured_content(server: Server, mode: str) -> None:
    async with connect(server, mode) as client:
        result = await client.call_tool("order", {"count": 3})
    assert (result.structured_content, read_texts(result)) == ({"ordered": 3}, ['{"ordered":3}'])


@pytest.mark.parametrize("has_progress", [True, False], ids=["progress", "whole"])
async def test_a_call_that_is_given_up_stops_its_run(server: Server, mode: str, has_progress: bool) -> None:
    prompt, begun = ScriptedPrompt(chunks=100_000), asyncio.Event()

    async def take(progress: float, total: float | None, message: str | None) -> None:
        begun.set()

    async with connect(server, mode) as client:
        options: Any = {"progress_callback": take} if has_progress else {}
        call = asyncio.create_task(client.session.call_tool("desk", {"prompt": prompt.prompt}, **options))
        async with asyncio.timeout(30):
            while not (begun.is_set() or (not has_progress and await count_calls_so_far(prompt))):
                await asyncio.sleep(0.02)
        given_up_at = time.monotonic()
        call.cancel()
        left_at = await wait_until_left(prompt)
    assert 0 < left_at - given_up_at < STOPPED_WITHIN_S


async def count_calls_so_far(prompt: ScriptedPrompt) -> int:
    calls = await get_upstream().read_calls()
    return calls[prompt.name].count if prompt.name in calls else 0


async def wait_until_left(prompt: ScriptedPrompt) -> float:
    """Return when the server has left the call of the model."""
    async with asyncio.timeout(30):
        while (left_at := (await get_upstream().read_calls())[prompt.name].left_at) is None:
            await asyncio.sleep(0.05)
    return left_at


@pytest.mark.parametrize("has_progress", [True, False], ids=["progress", "whole"])
@pytest.mark.parametrize(
    ("script", "before", "says"),
    [
        (FAILS_BEFORE_WORDS, [], "refused"),
        (FAILS_AFTER_WORDS, ["".join(WORDS_BEFORE_FAULT)], "connection"),
    ],
    ids=["before", "after"],
)
async def test_a_failed_run_is_a_result_that_says_why(
    server: Server, mode: str, script: str, before: list[str], says: str, has_progress: bool
) -> None:
    async def take(progress: float, total: float | None, message: str | None) -> None: ...

    prompt = ScriptedPrompt(script=script)
    options: Any = {"progress_callback": take} if has_progress else {}
    async with connect(server, mode) as client:
        result = await client.session.call_tool("desk", {"prompt": prompt.prompt}, **options)
    *texts, why = read_texts(result)
    assert (result.is_error, texts) == (True, before)
    assert says in why
    assert await count_calls(prompt) == 1


@pytest.mark.parametrize(
    ("tool", "arguments", "says"),
    [
        ("desk", {}, "'prompt' is missing."),
        ("desk", {"prompt": "Hello", "mood": 1}, "'mood' is not a field of this flow's input."),
        ("order", {"count": 0}, "count"),
        ("order", {}, "count"),
    ],
)
async def test_wrong_arguments_are_a_result_that_says_so(
    server: Server, mode: str, tool: str, arguments: dict[str, Any], says: str
) -> None:
    async with connect(server, mode) as client:
        result = await client.session.call_tool(tool, arguments)
    assert result.is_error
    assert says in read_texts(result)[0]


@pytest.mark.parametrize("tool", ["bench", "orders", "no-such-flow", "neighbour"])
async def test_a_flow_that_is_no_tool_cannot_be_called(server: Server, mode: str, tool: str) -> None:
    async with connect(server, mode) as client:
        with pytest.raises(MCPError) as caught:
            await client.session.call_tool(tool, {"prompt": "Hello"})
    assert caught.value.error.code == INVALID_PARAMS
    assert tool in caught.value.error.message


async def test_a_key_lists_what_it_may_call(server: Server, mode: str) -> None:
    site = get_site()
    assert await list_names(server, mode) == ["desk", "order"]
    assert await list_names(server, mode, site.production_key) == ["desk"]  # what is published
    assert await list_names(server, mode, site.order_key) == ["order"]
    assert await list_names(server, mode, site.neighbours_key) == ["neighbour"]


async def test_a_key_for_production_cannot_call_what_is_not_published(server: Server, mode: str) -> None:
    async with connect(server, mode, get_site().production_key) as client:
        with pytest.raises(MCPError) as caught:
            await client.session.call_tool("order", {"count": 1})
    assert caught.value.error.code == INVALID_PARAMS


async def test_a_bad_key_is_refused_in_words(server: Server, mode: str) -> None:
    def says_so(error: MCPError) -> bool:
        return "valid API key" in error.error.message and error.error.data == {"code": "not_signed_in"}

    with pytest.RaisesGroup(pytest.RaisesExc(MCPError, check=says_so), flatten_subgroups=True):
        await list_names(server, mode, "mr_live_no")


async def test_a_body_that_is_too_long_is_refused(server: Server, mode: str) -> None:
    async with connect(server, mode) as client:
        with pytest.raises(MCPError) as caught:
            await client.session.call_tool("desk", {"prompt": "x" * 33 * 1024 * 1024})
    assert caught.value.error.data == {"code": "body_too_large"}


async def test_a_call_of_a_server_that_stops_ends_in_words(mode: str) -> None:
    begun = asyncio.Event()

    async def take(progress: float, total: float | None, message: str | None) -> None:
        begun.set()

    async with run_rig(MILLRACE_DRAIN_S="1") as (server, _), connect(server, mode) as client:
        prompt = ScriptedPrompt(chunks=10_000)
        call = asyncio.create_task(client.call_tool("desk", {"prompt": prompt.prompt}, progress_callback=take))
        await asyncio.wait_for(begun.wait(), 30)
        server.signal(signal.SIGTERM)
        result = await asyncio.wait_for(call, 60)
    assert result.is_error
    assert "The server was stopped." in read_texts(result)[-1]


async def test_a_call_is_given_up_by_way_of_another_process() -> None:
    prompt = ScriptedPrompt(chunks=100_000)
    params = {"name": "desk", "arguments": {"prompt": prompt.prompt}, "_meta": {"progressToken": 1}}
    call = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 7}}
    headers = {"Authorization": f"Bearer {get_site().key}", "Mcp-Session-Id": uuid.uuid4().hex}
    async with (
        run_two_servers() as (first, second, _),
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        http.stream("POST", f"{first.url}/mcp", json=call) as answer,
    ):
        lines = answer.aiter_lines()
        while not (await anext(lines)).startswith("data: "):
            pass
        elsewhere = await http.post(f"{second.url}/mcp", json=cancel, headers={"Mcp-Session-Id": "another"})
        given_up_at = time.monotonic()
        taken = await http.post(f"{second.url}/mcp", json=cancel)
        *_, last = [line async for line in lines if line.startswith("data: ")]
    assert (elsewhere.status_code, taken.status_code) == (202, 202)
    assert '"isError":true' in last
    assert "The run was stopped." in last
    assert await wait_until_left(prompt) - given_up_at < STOPPED_WITHIN_S
