"""Web processes store runs and workers execute them: each may be killed, frozen or told to end, and so may Redis."""

import asyncio
import json
import signal
import time
from collections.abc import Callable

import aiohttp
import pytest

from tests.faults.clients import Client, open_session, resume_together, start_together
from tests.faults.figures import compare, count_ends, get_type
from tests.faults.rig import Server, read_postgres_logs
from tests.faults.scaled import Installation, needs_services, run_installation
from tests.faults.upstream import ScriptedPrompt

pytestmark = needs_services
STEADY = ScriptedPrompt(chunks=100, pause_s=0.02)
MAX_LOST_S = 30.0
END_CONNECTIONS = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
JOBS = "SELECT id FROM procrastinate_jobs WHERE status = 'todo'"


def begin(client: Client, session: aiohttp.ClientSession) -> asyncio.Task[None]:
    return asyncio.create_task(client.start(session))


async def wait_until(is_true: Callable[[], object], within_s: float = 30) -> None:
    async with asyncio.timeout(within_s):
        while not is_true():
            await asyncio.sleep(0.01)


def check_whole(installation: Installation, *clients: Client) -> None:
    """Check that each client has received all that is stored for it, once and in order, and that each log is whole."""
    logs = read_postgres_logs(installation.database)
    found = compare(clients, logs)
    assert (found.delivered, found.gaps, found.duplicates, found.reorders, found.not_stored) == (
        found.produced,
        0,
        0,
        0,
        0,
    )
    ends = count_ends(logs[client.run] for client in clients)
    assert (ends.not_once, ends.not_dense) == (0, 0)


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_every_web_process_serves_the_runs_of_all_workers(kind: str) -> None:
    async with run_installation(kind=kind) as installation, open_session() as session:
        await check_streams_without_redis(installation, session)
        await check_stop(installation, session)
        await check_readers_are_counted(installation, session)


async def check_streams_without_redis(installation: Installation, session: aiohttp.ClientSession) -> None:
    """Stop Redis in the middle of streams, of which some go on at the other web process and in another form."""
    one, other = installation.webs
    clients = [Client(web, STEADY, leave_after=leave) for web in (one, other) for leave in (30, None)]
    readers = [begin(client, session) for client in clients]
    await wait_until(lambda: all(len(client.received) > 20 for client in clients))
    installation.redis.stop()
    await asyncio.gather(*readers)
    near, far = clients[0], clients[2]
    near.server, far.server, near.leave_after, far.leave_after = other, one, None, None
    member = Client(other, member=True, wire_format="socket", run=clients[1].run)
    await asyncio.gather(*(client.resume(session) for client in (near, far, member)))
    installation.redis.start()
    check_whole(installation, *clients, member)
    assert {client.last["type"] for client in clients} == {"run.completed"}
    await wait_until(lambda: one.log().count("wake_ups_back") == 1)
    assert one.log().count("wake_ups_lost") == 1
    async with session.get(f"{one.url}/readyz") as answer:
        assert await answer.json() == {"status": "ready", "workers": 2, "wake_ups": "redis"}


async def check_stop(installation: Installation, session: aiohttp.ClientSession) -> None:
    """Stop a run by the web process that has not started it."""
    one, other = installation.webs
    silent = Client(one, ScriptedPrompt("silent after one"))
    reading = begin(silent, session)
    await wait_until(lambda: len(silent.received) > 1)
    assert await silent.cancel(session, other) == "cancelled"
    await reading
    assert silent.last["type"] == "run.cancelled"


async def check_readers_are_counted(installation: Installation, session: aiohttp.ClientSession) -> None:
    """Leave two runs that go on only while somebody reads them, and come back to one of them by the other process."""
    one, other = installation.webs
    left = Client(one, ScriptedPrompt("silent after one"), flow="heard", leave_after=2)
    kept = Client(one, ScriptedPrompt(chunks=200, pause_s=0.02), flow="heard", leave_after=2)
    await asyncio.gather(left.start(session), kept.start(session))
    kept.leave_after, kept.server = None, other
    await kept.resume(session)
    assert kept.last["type"] == "run.completed"
    status = "SELECT status FROM flows_run WHERE id = %s"
    async with asyncio.timeout(30):
        while await asyncio.to_thread(installation.query, status, left.run) != [("cancelled",)]:
            await asyncio.sleep(0.1)


async def test_the_end_of_a_process_costs_a_reconnect_at_most() -> None:
    async with run_installation() as installation:
        await check_end_of_a_worker(installation)
        await check_death_of_a_web_process(installation)


async def check_death_of_a_web_process(installation: Installation) -> None:
    one, other = installation.webs
    clients = [Client(one, STEADY) for _ in range(6)]
    hearing = asyncio.create_task(start_together(*clients))
    await wait_until(lambda: all(len(client.received) > 20 for client in clients))
    one.kill()
    await hearing
    for client in clients:
        assert not client.has_ended
        client.server = other
    await resume_together(*clients)
    assert {client.last["type"] for client in clients} == {"run.completed"}
    check_whole(installation, *clients)


async def test_the_end_of_every_connection_to_postgres_costs_time_and_no_run() -> None:
    async with run_installation(webs=1, workers=1) as installation, open_session() as session:
        web = installation.webs[0]
        during, after = Client(web, STEADY), Client(web, ScriptedPrompt(chunks=3))
        reading = begin(during, session)
        await end_connections(installation, during, 1)
        await end_connections(installation, during, 2)
        await begin(after, session)
        await reading
        check_whole(installation, during, after)
        assert installation.read_worker_logs().count('"queue_lost"') == 2
    assert {during.last["type"], after.last["type"]} == {"run.completed"}


async def end_connections(installation: Installation, client: Client, count: int) -> None:
    """End every connection in the middle of the client's stream, and wait until the worker has its queue back."""
    await wait_until(lambda: len(client.received) > 20 * count)
    await asyncio.to_thread(installation.query, END_CONNECTIONS)
    await wait_until(lambda: installation.read_worker_logs().count('"queue_back"') == count)


async def test_the_runs_of_a_lost_worker_end_once_and_only_these() -> None:
    async with run_installation() as installation:
        await check_frozen_worker(installation)
        await check_death_of_a_worker(installation)


async def check_death_of_a_worker(installation: Installation) -> None:
    """Kill a worker: its runs end or begin anew, and those of the other go on."""
    web = installation.webs[0]
    clients = [Client(web, ScriptedPrompt("silent after one")) for _ in range(6)]
    again = [Client(web, ScriptedPrompt("silent, then whole"), flow="again") for _ in range(2)]
    async with open_session() as session:
        readers = [begin(client, session) for client in (*clients, *again)]
        await wait_until(lambda: all(client.received for client in (*clients, *again)))
        await wait_for_calls(installation, *again)
        worker = next(each for each in installation.workers if f'"{again[0].run}"' in each.log())
        mine = {client.run for client in (*clients, *again) if f'"{client.run}"' in worker.log()}
        killed = time.monotonic()
        worker.kill()
        lost = [client for client in clients if client.run in mine]
        await wait_until(lambda: all(client.has_ended for client in lost))
        assert time.monotonic() - killed < MAX_LOST_S
        restarted = [client for client in again if client.run in mine]
        await wait_until(lambda: all(client.has_ended for client in restarted))
        for client in (*clients, *again):
            if client.run not in mine:
                assert not client.has_ended
                assert await client.cancel(session, installation.webs[1]) == "cancelled"
        await asyncio.gather(*readers)
    assert {client.last["type"] for client in lost} <= {"run.interrupted"}
    assert {client.last["type"] for client in restarted} == {"run.completed"}
    check_whole(installation, *clients, *again)


async def wait_for_calls(installation: Installation, *clients: Client) -> None:
    """Return when the model was called for each of the clients' runs."""
    async with asyncio.timeout(30):
        while not {client.ask.name for client in clients} <= (await installation.upstream.read_calls()).keys():
            await asyncio.sleep(0.05)


async def check_frozen_worker(installation: Installation) -> None:
    """Freeze a worker until its runs were ended, and let it go: it writes nothing more."""
    web, workers = installation.webs[0], installation.workers
    clients = [Client(web, ScriptedPrompt(chunks=2_000, pause_s=0.01)) for _ in range(4)]
    async with open_session() as session:
        readers = [begin(client, session) for client in clients]
        await wait_until(lambda: all(len(client.received) > 10 for client in clients))
        frozen = max(workers, key=lambda worker: worker.log().count("run_started"))
        mine = [client for client in clients if f'"{client.run}"' in frozen.log()]
        frozen.signal(signal.SIGSTOP)
        await wait_until(lambda: all(client.has_ended for client in mine))
        before = read_postgres_logs(installation.database)
        frozen.signal(signal.SIGCONT)
        await wait_until(lambda: frozen.log().count("run_events_not_stored") == len(mine))
        after = read_postgres_logs(installation.database)
        assert all(after[client.run] == before[client.run] for client in mine)
        assert {client.last["type"] for client in mine} == {"run.interrupted"}
        others = [client for client in clients if client not in mine]
        await asyncio.gather(*(client.cancel(session) for client in others), *readers)
    check_whole(installation, *clients)


async def check_end_of_a_worker(installation: Installation) -> None:
    """Tell a worker to end: it finishes its runs, and the other one takes those that come."""
    web, (worker, other) = installation.webs[0], installation.workers
    clients = [Client(web, ScriptedPrompt(chunks=150, pause_s=0.02)) for _ in range(6)]
    hearing = asyncio.create_task(start_together(*clients))
    await wait_until(lambda: all(len(client.received) > 10 for client in clients))
    worker.signal(signal.SIGTERM)
    await wait_until(lambda: "draining" in worker.log())
    later = [Client(web, ScriptedPrompt(chunks=5)) for _ in range(4)]
    await start_together(*later)
    await hearing
    assert await asyncio.to_thread(worker.wait) == 0
    assert {client.last["type"] for client in (*clients, *later)} == {"run.completed"}
    assert all(f'"{client.run}"' in other.log() for client in later)
    check_whole(installation, *clients, *later)


async def test_a_run_waits_for_a_worker_and_can_be_stopped_meanwhile() -> None:
    async with run_installation(webs=1, workers=0) as installation, open_session() as session:
        web = installation.webs[0]
        stopped, waiting, lost = (Client(web, ScriptedPrompt(chunks=3)) for _ in range(3))
        readers = [begin(client, session) for client in (stopped, waiting, lost)]
        await wait_until(lambda: stopped.run and waiting.run and lost.run)
        assert await stopped.cancel(session) == "cancelled"
        await readers[0]
        assert [get_type(event) for event in stopped.received] == ["run.cancelled"]
        # As if a worker had fetched the job and died before it could take the run.
        query = "DELETE FROM procrastinate_jobs WHERE queueing_lock = %s"
        await asyncio.to_thread(installation.query, query, lost.run)
        query = "UPDATE flows_run SET started_at = started_at - interval '20 seconds' WHERE id = %s"
        await asyncio.to_thread(installation.query, query, lost.run)
        worker = Server(web.folder, "worker", web.rigging)
        installation.workers.append(worker)
        try:
            worker.start()
            await asyncio.gather(*readers)
        finally:
            worker.kill()
        assert {waiting.last["type"], lost.last["type"]} == {"run.completed"}
        assert json.loads(waiting.received[0][1])["type"] == "run.started"
        check_whole(installation, stopped, waiting, lost)
        assert await asyncio.to_thread(installation.query, JOBS) == []
