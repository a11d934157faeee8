"""A server that is told to end in the middle of runs lets them finish, tells its readers, and begins no more."""

import asyncio
import signal

import aiohttp
import pytest

from tests.faults.clients import Client, http, resumed, together
from tests.faults.figures import compared
from tests.faults.rig import Server, rig, site, stored
from tests.faults.upstream import Ask

STREAMS = 8


async def begun(*clients: Client) -> asyncio.Task[None]:
    """Return the task that hears the clients' runs, once each of them has shown a chunk."""
    hearing = asyncio.create_task(together(*clients))
    while not all(len(client.received) > 1 for client in clients):
        assert not hearing.done()
        await asyncio.sleep(0.01)
    return hearing


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_a_server_that_is_told_to_end_lets_its_runs_finish(kind: str) -> None:
    async with rig(kind) as (server, _):
        clients = [Client(server, Ask(chunks=60, pause_s=0.02)) for _ in range(STREAMS)]
        hearing = await begun(*clients)
        server.signal(signal.SIGTERM)
        await hearing
        assert [client.told for client in clients] == [["reconnect"]] * STREAMS
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"status": "stopping"})
        await resumed(*clients)
        assert server.wait() in (0, -signal.SIGTERM)
        assert [client.last["type"] for client in clients] == ["run.completed"] * STREAMS
        found = compared(clients, stored(server.folder))
        assert found.delivered == found.produced


async def test_a_run_that_outlasts_the_limit_is_interrupted_and_told() -> None:
    async with rig(MILLRACE_DRAIN_S="1") as (server, _):
        client = Client(server, Ask(chunks=1000, pause_s=0.02))
        hearing = await begun(client)
        server.signal(signal.SIGTERM)
        await hearing
        await resumed(client)
        server.wait()
        found = compared([client], stored(server.folder))
        assert (client.last["type"], found.delivered) == ("run.interrupted", found.produced)


async def test_no_run_begins_in_a_server_that_ends() -> None:
    async with rig() as (server, _):
        hearing = await begun(Client(server, Ask(chunks=300, pause_s=0.02)))
        server.signal(signal.SIGTERM)
        await hearing  # the signal has been taken when the reader is told to come again
        assert await refusal(server) == (503, "shutting_down", "5")


async def refusal(server: Server) -> tuple[int, str, str | None]:
    """Return how the start of a run is refused: the status, the code and when to come again."""
    late = Client(server)
    url = f"{server.url}/api/v1/flows/{site().flows['patient']}/run"
    async with http() as session, session.post(url, json={"prompt": "x"}, headers=late.headers) as answer:
        return answer.status, (await answer.json())["error"]["code"], answer.headers.get("Retry-After")
