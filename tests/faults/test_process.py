"""A server that is told to end in the middle of runs lets them finish, tells its readers, and starts no other run."""

import asyncio
import signal

import aiohttp
import pytest

from tests.faults.clients import Client, open_session, resume_together, start_together
from tests.faults.figures import compare
from tests.faults.rig import Server, get_site, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt

STREAMS = 8


async def start_streams(*clients: Client) -> asyncio.Task[None]:
    """Return the task that reads the clients' runs, once each client has received a chunk."""
    hearing = asyncio.create_task(start_together(*clients))
    while not all(len(client.received) > 1 for client in clients):
        assert not hearing.done()
        await asyncio.sleep(0.01)
    return hearing


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_a_server_that_is_told_to_end_lets_its_runs_finish(kind: str) -> None:
    async with run_rig(kind) as (server, _):
        clients = [Client(server, ScriptedPrompt(chunks=60, pause_s=0.02)) for _ in range(STREAMS)]
        hearing = await start_streams(*clients)
        server.signal(signal.SIGTERM)
        await hearing
        assert [client.unnumbered for client in clients] == [["reconnect"]] * STREAMS
        async with aiohttp.ClientSession() as session, session.get(f"{server.url}/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"status": "stopping"})
        await resume_together(*clients)
        assert server.wait() in (0, -signal.SIGTERM)
        assert [client.last["type"] for client in clients] == ["run.completed"] * STREAMS
        found = compare(clients, read_logs(server.folder))
        assert found.delivered == found.produced


async def test_a_run_that_outlasts_the_limit_is_interrupted_and_told() -> None:
    async with run_rig(MILLRACE_DRAIN_S="1") as (server, _):
        client = Client(server, ScriptedPrompt(chunks=1000, pause_s=0.02))
        hearing = await start_streams(client)
        server.signal(signal.SIGTERM)
        await hearing
        await resume_together(client)
        server.wait()
        found = compare([client], read_logs(server.folder))
        assert (client.last["type"], found.delivered) == ("run.interrupted", found.produced)


async def test_no_run_begins_in_a_server_that_ends() -> None:
    async with run_rig() as (server, _):
        hearing = await start_streams(Client(server, ScriptedPrompt(chunks=300, pause_s=0.02)))
        server.signal(signal.SIGTERM)
        await hearing  # the signal has been taken when the reader is told to come again
        assert await read_refusal(server) == (503, "shutting_down", "5")


async def read_refusal(server: Server) -> tuple[int, str, str | None]:
    """Return how the start of a run is refused: the status, the code and when to come again."""
    late = Client(server)
    url = f"{server.url}/api/v1/flows/{get_site().flows['patient']}/run"
    async with open_session() as session, session.post(url, json={"prompt": "x"}, headers=late.headers) as answer:
        return answer.status, (await answer.json())["error"]["code"], answer.headers.get("Retry-After")
