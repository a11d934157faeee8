"""P19: two web processes and two workers over PostgreSQL and Redis. One after the other is killed, and Redis too."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import cycle

import aiohttp

from tests.faults.clients import Client, open_session
from tests.faults.figures import (
    Experiment,
    Figure,
    compare,
    compute_percentile,
    count_ends,
    expect_all,
    expect_none,
    expect_within,
    report,
)
from tests.faults.rig import Server, read_postgres_logs
from tests.faults.scaled import MISSING, Installation, run_installation
from tests.faults.upstream import ScriptedPrompt

MAX_LOST_S = 30.0
TIME_LIMIT_S = 900.0
JOBS = "SELECT id FROM procrastinate_jobs WHERE status = 'todo'"


@dataclass(frozen=True)
class Size:
    runs: int
    chunks: int
    web_kills: int
    pause_s: float = 0.02


@dataclass
class PersistentReader:
    """Reads one run to its end, by whichever web process answers."""

    client: Client
    resumed_after_s: list[float] = field(default_factory=list)
    """From each new connection until its first event."""
    ended_at: float = 0.0

    async def read(self, webs: Sequence[Server], session: aiohttp.ClientSession) -> None:
        await self.client.start(session)
        for web in cycle(webs):
            if self.client.has_ended:
                self.ended_at = time.monotonic()
                return
            self.client.server = web
            await self._resume(session)

    async def _resume(self, session: aiohttp.ClientSession) -> None:
        began, before = time.monotonic(), self.client.cursor
        self.client.on_event = lambda client: self._note(began, before)
        try:
            await self.client.resume(session)
        except aiohttp.ClientError:  # it was killed, and does not listen yet
            await asyncio.sleep(0.05)

    def _note(self, began: float, before: int) -> None:
        if self.client.cursor == before + 1:
            self.resumed_after_s.append(time.monotonic() - began)


async def measure(size: Size) -> list[Figure]:
    if MISSING:
        return [report(f"left out: {MISSING}", "")]
    async with run_installation(within_s=2 * TIME_LIMIT_S, RIG_LEASE_S="0") as installation, open_session() as session:
        web_figures = await measure_kills_of_webs(installation, size, session)
        worker_figures = await measure_kill_of_a_worker(installation, size, session)
    return [*web_figures, *worker_figures]


async def measure_kills_of_webs(installation: Installation, size: Size, session: aiohttp.ClientSession) -> list[Figure]:
    """Kill one web process after the other in the middle of all runs, and Redis once."""
    readers = build_readers(installation, size)
    reading = [asyncio.create_task(reader.read(installation.webs, session)) for reader in readers]
    for number in range(size.web_kills):
        await wait_for_chunk(readers, (number + 1) * size.chunks // (size.web_kills + 2))
        web = installation.webs[number % len(installation.webs)]
        web.kill()
        web.start()
        if number == 0:
            installation.redis.stop()
        elif number == 1:
            installation.redis.start()
    async with asyncio.timeout(TIME_LIMIT_S):
        await asyncio.gather(*reading)
    clients = [reader.client for reader in readers]
    logs = await asyncio.to_thread(read_postgres_logs, installation.database)
    gaps_s = [seconds for reader in readers for seconds in reader.resumed_after_s]
    chunks = sum(event[1].count('"type":"item"') for client in clients for event in client.received)
    return [
        expect_all("web processes killed: runs that completed", count_type(clients, "run.completed"), size.runs),
        expect_all("chunks that came", chunks, size.runs * size.chunks),
        *compare(clients, logs).build_figures(),
        report("reconnections", len(gaps_s)),
        report("from a reconnection to its first event, p95", f"{compute_percentile(gaps_s, 0.95):.2f} s"),
    ]


async def measure_kill_of_a_worker(
    installation: Installation, size: Size, session: aiohttp.ClientSession
) -> list[Figure]:
    """Kill one of the workers: its runs end, and those of the other go on."""
    readers = build_readers(installation, size)
    for web in installation.webs:
        await web.wait_until_ready()
    reading = [asyncio.create_task(reader.read(installation.webs, session)) for reader in readers]
    await wait_for_chunk(readers, size.chunks // 4)
    began = time.monotonic()
    installation.workers[0].kill()
    installation.workers[0].start()
    async with asyncio.timeout(TIME_LIMIT_S):
        await asyncio.gather(*reading)
    clients = [reader.client for reader in readers]
    interrupted, completed = (count_type(clients, f"run.{name}") for name in ("interrupted", "completed"))
    logs = await asyncio.to_thread(read_postgres_logs, installation.database)
    lost = [reader for reader in readers if reader.client.last["type"] == "run.interrupted"]
    lost_s = max((reader.ended_at - began for reader in lost), default=0.0)
    return [
        expect_all("a worker killed: runs that ended as interrupted or completed", interrupted + completed, size.runs),
        report("the same: interrupted", interrupted),
        expect_within("the same: until the last of them was interrupted", MAX_LOST_S, lost_s),
        *compare(clients, logs).build_figures(),
        *count_ends(logs.values()).build_figures(),
        expect_none("jobs left in the queue", len(await asyncio.to_thread(installation.query, JOBS))),
    ]


def build_readers(installation: Installation, size: Size) -> list[PersistentReader]:
    ask = [ScriptedPrompt(chunks=size.chunks, pause_s=size.pause_s) for _ in range(size.runs)]
    webs = installation.webs
    return [PersistentReader(Client(webs[index % len(webs)], each)) for index, each in enumerate(ask)]


async def wait_for_chunk(readers: list[PersistentReader], chunk: int) -> None:
    """Return when every reader has received so many events, or has come to the end."""
    async with asyncio.timeout(TIME_LIMIT_S):
        while not all(reader.client.has_ended or len(reader.client.received) > chunk for reader in readers):
            await asyncio.sleep(0.05)


def count_type(clients: list[Client], type: str) -> int:
    return sum(client.last["type"] == type for client in clients)


EXPERIMENT = Experiment(
    "P19",
    "Web processes and workers: whichever of them is killed, every reader receives every event, once.",
    measure,
    small=Size(runs=8, chunks=100, web_kills=2),
    large=Size(runs=200, chunks=400, web_kills=8),
)
