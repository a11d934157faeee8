"""Several server processes on one port: each serves the runs of all, and the death of one is not that of the others."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence

import aiohttp
import pytest

from bench.targets import ROOT
from tests.faults.clients import Client, open_session
from tests.faults.figures import compare
from tests.faults.processes import (
    find_owner,
    list_processes,
    open_session_with,
    wait_for_ends,
    wait_for_processes,
)
from tests.faults.rig import Server, get_site, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt
from workspaces.access import REFUSED_KEY_LIMIT

KINDS = ["serve", "serve uvicorn"]
MAX_LOST_S = 25.0
"""The lease of a worker, and the look of another one."""


async def start_until_chunk(client: Client, session: aiohttp.ClientSession) -> asyncio.Task[None]:
    """Return the task that reads a new run, once its first chunk has come."""
    reading = asyncio.create_task(client.start(session))
    while len(client.received) < 2:
        assert not reading.done()
        await asyncio.sleep(0.01)
    return reading


async def count_connections(server: Server, count: int) -> list[int]:
    """Open connections all at once; return how many each process has accepted."""
    opened = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", server.port) for _ in range(count)))
    ports = [writer.get_extra_info("sockname")[1] for _, writer in opened]
    pids = list_processes(server)
    owners = [await find_owner(server.port, port, pids) for port in ports]
    for _, writer in opened:
        writer.close()
    return [owners.count(pid) for pid in pids]


@pytest.mark.parametrize("kind", KINDS)
async def test_each_process_serves_the_runs_of_all(kind: str) -> None:
    async with run_rig(kind, MILLRACE_PROCESSES="2") as (server, _):
        one, other = list_processes(server)
        assert min(await count_connections(server, 60)) >= 12
        async with open_session_with(one, server.port) as near, open_session_with(other, server.port) as far:
            client = Client(server, ScriptedPrompt(chunks=100, pause_s=0.02), leave_after=10)
            await client.start(near)
            client.leave_after = None
            member = Client(server, member=True, wire_format="socket", run=client.run)
            await asyncio.gather(client.resume(far), member.resume(far))
            found = compare([client, member], read_logs(server.folder))
            assert (client.last["type"], found.delivered) == ("run.completed", found.produced)

            silent = Client(server, ScriptedPrompt("silent after one"))
            reading = await start_until_chunk(silent, near)
            assert await silent.cancel(far) == "cancelled"
            await reading
            assert silent.last["type"] == "run.cancelled"

            statuses = [await call_with_wrong_key(server, session) for session in (near, far) for _ in range(51)]
            assert statuses == [401] * REFUSED_KEY_LIMIT.max_events + [429] * 2


async def call_with_wrong_key(server: Server, session: aiohttp.ClientSession) -> int:
    async with session.get(f"{server.url}/api/v1/flows", headers={"Authorization": "Bearer wrong"}) as answer:
        return answer.status


async def test_a_reader_in_another_process_keeps_a_run_that_asks_for_one() -> None:
    async with run_rig("serve", MILLRACE_PROCESSES="2") as (server, _):
        one, other = list_processes(server)
        async with open_session_with(one, server.port) as near, open_session_with(other, server.port) as far:
            heard = Client(server, ScriptedPrompt(chunks=300, pause_s=0.02), flow="heard", leave_after=3)
            await heard.start(near)
            heard.leave_after = None
            await heard.resume(far)
            assert heard.last["type"] == "run.completed"

            left = Client(server, ScriptedPrompt(chunks=3000, pause_s=0.02), flow="heard")
            left.run = await submit(left, near)
            left.leave_after = 3
            await left.resume(far)
            await wait_for_status(left, near, "cancelled")


async def submit(client: Client, session: aiohttp.ClientSession) -> str:
    """Start a run that nobody reads; return its id."""
    url = f"{client.server.url}/api/v1/flows/{get_site().flows[client.flow]}/submit"
    async with session.post(url, json={"prompt": client.ask.prompt}, headers=client.headers) as answer:
        return str((await answer.json())["run"])


async def wait_for_status(client: Client, session: aiohttp.ClientSession, status: str) -> None:
    async with asyncio.timeout(20):
        while await read_status(client, session) != status:
            await asyncio.sleep(0.2)


async def read_status(client: Client, session: aiohttp.ClientSession) -> str:
    url = f"{client.server.url}/api/v1/runs/{client.run}"
    async with session.get(url, headers=client.headers) as answer:
        return str((await answer.json())["status"])


@pytest.mark.parametrize("kind", KINDS)
async def test_the_death_of_one_process_is_not_that_of_the_others(kind: str) -> None:
    async with run_rig(kind, MILLRACE_PROCESSES="2") as (server, _):
        one, other = list_processes(server)
        async with open_session_with(one, server.port) as near, open_session_with(other, server.port) as far:
            lost = Client(server, ScriptedPrompt("silent after one"))  # has not ended by itself when its process dies
            kept = Client(server, ScriptedPrompt(chunks=150, pause_s=0.02))
            reading = [await start_until_chunk(lost, near), await start_until_chunk(kept, far)]
            os.kill(one, signal.SIGKILL)
            await asyncio.gather(*reading)
            assert kept.last["type"] == "run.completed"
            assert not lost.has_ended
            async with asyncio.timeout(MAX_LOST_S):
                await lost.resume(far)
            assert lost.last["type"] == "run.interrupted"
            _, new = sorted(await wait_for_processes(server, without=one), key=lambda pid: pid != other)
        async with open_session_with(new, server.port) as session:
            again = Client(server, ScriptedPrompt(chunks=5))
            await again.start(session)
            assert again.last["type"] == "run.completed"
        found = compare([lost, kept, again], read_logs(server.folder))
        assert found.delivered == found.produced
        assert '"event": "server_process_ended"' in server.log()
        assert '"ended_by": "signal 9"' in server.log()


async def start_in_each(
    server: Server, session: aiohttp.ClientSession
) -> tuple[list[Client], Sequence[asyncio.Task[None]]]:
    """Start a run in each process; return the clients and the tasks that read."""
    clients, tasks = [], []
    for pid in list_processes(server):
        client = Client(server, ScriptedPrompt(chunks=150, pause_s=0.02))
        async with open_session_with(pid, server.port) as near:
            client.leave_after = 3
            await client.start(near)
        client.leave_after = None
        clients.append(client)
        tasks.append(asyncio.create_task(client.resume(session)))
    await asyncio.sleep(0.5)
    return clients, tasks


async def resume_until_end(clients: Sequence[Client], session: aiohttp.ClientSession) -> None:
    """Let the clients that were told to come again do so."""
    for client in clients:
        while not client.has_ended:
            await client.resume(session)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_when_the_parent_is_ended_all_runs_finish_and_no_process_is_left(
    kind: str, number: signal.Signals
) -> None:
    async with run_rig(kind, MILLRACE_PROCESSES="2") as (server, _), open_session() as session:
        pids = list_processes(server)
        clients, reading = await start_in_each(server, session)
        server.signal(number)
        await asyncio.gather(*reading)
        await resume_until_end(clients, session)
        assert server.wait() == (-signal.SIGKILL if number == signal.SIGKILL else 0)
        await wait_for_ends(pids)
        assert "Traceback" not in server.log()
        assert [client.last["type"] for client in clients] == ["run.completed"] * 2
        found = compare(clients, read_logs(server.folder))
        assert found.delivered == found.produced


def test_processes_that_keep_dying_are_given_up() -> None:
    command = [sys.executable, "-m", "server.processes.group", "2", "-c", "raise SystemExit(7)"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["server_process_ended"] * 5 + ["server_processes_keep_ending"]
    assert {line["ended_by"] for line in lines} == {"status 7"}


@pytest.mark.parametrize("count", ["0", "65"])
def test_a_number_without_sense_is_refused(count: str) -> None:
    command = [sys.executable, "manage.py", "serve", "--processes", count]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, "There can be 1 to 64" in done.stderr) == (1, True), done.stderr
