"""Runs that would take all of a server: they stall nobody, and what they tell is held in parts."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.abuse.large_run import BODY, GIVEN_BYTES, build_large_flow
from tests.abuse.probes import watch
from tests.faults.rig import Server, get_site, run_servers
from tests.flows.scripted import graph, node, path, trigger

pytestmark = pytest.mark.asyncio(loop_scope="module")
KINDS = ("serve", "serve uvicorn")
CSRF_TOKEN = "c" * 32
AT_ONCE = 8
YIELDS, YIELD_BYTES = 600, 100_000
"""Together a little less than a run may tell."""


@pytest_asyncio.fixture(loop_scope="module", scope="module", params=KINDS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[Server]:
    async with run_servers(1, request.param) as (running,):
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def client(server: Server) -> AsyncIterator[aiohttp.ClientSession]:
    headers = {"Authorization": f"Bearer {get_site().key}"}
    # Without a limit of connections, so that all calls are sent at once.
    async with aiohttp.ClientSession(server.url, headers=headers, connector=aiohttp.TCPConnector(limit=0)) as session:
        yield session


async def save_flow(server: Server, document: dict[str, Any]) -> str:
    """Create a flow as a member does; return its id."""
    cookies = {"sessionid": get_site().session, "csrftoken": CSRF_TOKEN}
    headers = {"X-CSRFToken": CSRF_TOKEN, "Origin": server.url}
    async with (
        aiohttp.ClientSession(server.url, cookies=cookies, headers=headers) as member,
        member.post("/api/v1/flows", json={"name": "Abuse", "graph": document}) as answer,
    ):
        assert answer.status == 201, await answer.text()
        return str((await answer.json())["id"])


async def submit(client: aiohttp.ClientSession, flow: str, prompt: str) -> str:
    async with client.post(f"/api/v1/flows/{flow}/submit", json={"prompt": prompt}) as answer:
        assert answer.status == 202, await answer.text()
        return str((await answer.json())["run"])


async def test_loops_within_loops_stall_nobody(server: Server, client: aiohttp.ClientSession) -> None:
    """10,000 passes of nothing, within each of 200 passes: 2,000,000 where 1,000,000 are allowed."""
    steps = [
        trigger(),
        node("outer", "control.for_each", items=list(range(200))),
        node("inner", "control.while", condition={"expression": "true"}, maximum=10_000),
    ]
    flow = await save_flow(server, graph(steps, path("trigger", "outer:for_each_item", "inner")))

    async def abuse() -> None:
        run = await submit(client, flow, "x")
        for _ in range(200):
            async with client.get("/healthz") as answer:
                assert answer.status == 200
        async with client.post(f"/api/v1/runs/{run}/cancel") as answer:
            assert (await answer.json())["status"] in ("cancelled", "failed")

    async with watch(server.port, server.pid) as harm:
        await abuse()
    harm.require_none()


async def test_what_a_run_tells_is_held_in_parts(server: Server, client: aiohttp.ClientSession) -> None:
    """Of 60 MB that are written, and read meanwhile and again when they are stored."""
    steps = [
        trigger(),
        node("times", "control.for_each", items=list(range(YIELDS))),
        node("yield", "control.yield_return", value={"expression": "chatCompletionRequest.prompt"}),
    ]
    flow = await save_flow(server, graph(steps, path("trigger", "times:for_each_item", "yield")))

    async def abuse() -> None:
        run = await submit(client, flow, "x" * YIELD_BYTES)
        for _ in range(2):
            assert await read_length(client, f"/api/v1/runs/{run}/events") > YIELDS * YIELD_BYTES

    async with watch(server.port, server.pid) as harm:
        await abuse()
    harm.require_none()


async def test_states_of_megabytes_that_are_read_at_once_are_held_one_at_a_time(
    server: Server, client: aiohttp.ClientSession
) -> None:
    """Of a run that has given 10 MB, by clients that take nothing for a while."""
    flow = await save_flow(server, build_large_flow())

    async def read_late(run: str) -> int:
        async with client.get(f"/api/v1/runs/{run}") as answer:
            assert answer.status == 200
            await asyncio.sleep(1)
            return len(await answer.read())

    async with client.post(f"/api/v1/flows/{flow}/run", json=BODY) as answer:
        assert answer.status == 200
        run = str((await answer.json())["run"])
    async with watch(server.port, server.pid) as harm:
        lengths = await asyncio.gather(*(read_late(run) for _ in range(AT_ONCE)))
    assert min(lengths) > GIVEN_BYTES
    harm.require_none()


async def test_two_thousand_submits_at_once_stall_nobody(server: Server, client: aiohttp.ClientSession) -> None:
    flow = await save_flow(server, graph([trigger()], []))

    async def submit_any() -> int:
        async with client.post(f"/api/v1/flows/{flow}/submit", json={"prompt": "x"}) as answer:
            await answer.read()
            return answer.status

    async with watch(server.port, server.pid) as harm:
        statuses = await asyncio.gather(*(submit_any() for _ in range(2_000)))
    assert set(statuses) <= {202, 429, 503}
    assert statuses.count(202) >= 250
    harm.require_none()


async def read_length(client: aiohttp.ClientSession, path: str) -> int:
    """Return how many bytes the server sends. They are read as they come, and forgotten."""
    length = 0
    async with client.get(path) as answer:
        assert answer.status == 200, await answer.text()
        async for part in answer.content.iter_any():
            length += len(part)
    return length
