"""A server process that is killed or ended in the middle of runs: nothing shown is lost, and every run ends once."""

import asyncio
import signal
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from bench.targets import upstream
from tests.faults.rig import Client, Server, server, together

STREAMS = 8


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    with upstream(0.02) as url:
        yield url


def lost_or_changed(client: Client, stored: dict[str, list[tuple[int, str]]]) -> int:
    """Return how many events a client was shown that the database does not hold, byte for byte."""
    kept = set(stored.get(client.run.replace("-", ""), []))
    return sum(event not in kept for event in client.received)


async def resumed(clients: list[Client]) -> None:
    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(client.resume(session) for client in clients))


async def killed_after(one: Server, seconds: float) -> list[Client]:
    clients = [Client(one) for _ in range(STREAMS)]
    reading = asyncio.create_task(together(*clients))
    await asyncio.sleep(seconds)
    one.signal(signal.SIGKILL)
    one.wait()
    await reading
    return [client for client in clients if client.run]


@pytest.mark.parametrize("after_s", [0.3, 0.6, 1.1])
async def test_what_was_shown_before_a_kill_is_stored_and_the_run_ends_once(
    tmp_path: Path, model: str, after_s: float
) -> None:
    with server(tmp_path, model, 200) as one:
        await one.ready()
        clients = await killed_after(one, after_s)
        assert sum(lost_or_changed(client, one.stored()) for client in clients) == 0
        one.start()
        await one.ready()  # and from here on, the runs have ended
        await resumed(clients)
        assert [client.names[-1] for client in clients] == ["run.interrupted"] * len(clients)
        assert sum(client.gaps() for client in clients) == 0
        assert all([seq for seq, _ in events] == list(range(1, len(events) + 1)) for events in one.stored().values())


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_a_server_that_is_told_to_end_lets_its_runs_finish(tmp_path: Path, model: str, kind: str) -> None:
    with server(tmp_path, model, 60, kind) as one:
        await one.ready()
        clients = [Client(one) for _ in range(STREAMS)]
        reading = asyncio.create_task(together(*clients))
        await asyncio.sleep(0.6)
        one.signal(signal.SIGTERM)
        await reading
        assert [client.names[-1] for client in clients] == ["reconnect"] * STREAMS
        async with aiohttp.ClientSession() as session, session.get(f"{one.url}/readyz") as answer:
            assert (answer.status, await answer.json()) == (503, {"status": "stopping"})
        await resumed(clients)
        assert one.wait() in (0, -signal.SIGTERM)
        assert [client.names[-1] for client in clients] == ["run.completed"] * STREAMS
        assert sum(client.gaps() for client in clients) == 0


async def test_a_run_that_outlasts_the_limit_is_interrupted_and_told(
    tmp_path: Path, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MILLRACE_DRAIN_S", "1")
    with server(tmp_path, model, 1000) as one:
        await one.ready()
        client = Client(one)
        reading = asyncio.create_task(together(client))
        await asyncio.sleep(0.5)
        one.signal(signal.SIGTERM)
        await reading
        await resumed([client])
        one.wait()
        assert (client.names[-1], client.gaps()) == ("run.interrupted", 0)


async def test_no_run_begins_in_a_server_that_ends(tmp_path: Path, model: str) -> None:
    with server(tmp_path, model, 100) as one:
        await one.ready()
        reading = asyncio.create_task(together(Client(one)))
        await asyncio.sleep(0.3)
        one.signal(signal.SIGTERM)
        await asyncio.sleep(0.3)
        url, headers = f"{one.url}/api/v1/flows/{one.flow}/run", {"Authorization": f"Bearer {one.key}"}
        async with aiohttp.ClientSession() as session, session.post(url, json={"prompt": "x"}, headers=headers) as late:
            assert (late.status, (await late.json())["error"]["code"]) == (503, "shutting_down")
            assert late.headers["Retry-After"] == "5"
        await reading
