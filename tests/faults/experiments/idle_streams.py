"""P14: hundreds of open streams of a silent model hold no database connection, and the API works beside them."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from tests.faults.clients import Client, open_session
from tests.faults.figures import Experiment, Figure, expect_all, expect_at_most, expect_none, report
from tests.faults.rig import Server, get_site, measure_process, run_rig
from tests.faults.upstream import ScriptedPrompt
from web.database import DATABASE_THREADS

WRITER_CONNECTIONS = 2
"""Those of the log: one on the event loop and one in its thread."""


@dataclass(frozen=True)
class Size:
    streams: int
    calls: int
    """Round trips through the API: a flow is made, read, renamed and deleted."""
    at_once: int


@dataclass
class ConnectionWatch:
    max_connections: int = 0
    statuses: list[int] = field(default_factory=list)


async def measure(size: Size) -> list[Figure]:
    settings = {"MILLRACE_MAX_LIVE_RUNS_PER_CALLER": str(size.streams)}
    async with run_rig(**settings) as (server, _), open_session() as session:
        clients = [Client(server, ScriptedPrompt("silent after one")) for _ in range(size.streams)]
        streams = [asyncio.create_task(client.start(session)) for client in clients]
        while not all(len(client.received) > 1 for client in clients):
            assert not any(stream.done() for stream in streams), "a stream has ended before all were open"
            await asyncio.sleep(0.05)
        idle = measure_process(server.pid)
        watch = await call_beside(server, session, size)
        after = measure_process(server.pid)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    # A call of the API closes its connection after it has answered: the next one may have come by then.
    limit = DATABASE_THREADS + WRITER_CONNECTIONS + 2 * size.at_once
    return [
        expect_all("streams open and silent", sum(not client.has_ended for client in clients), size.streams),
        expect_at_most("database connections that they hold", DATABASE_THREADS + WRITER_CONNECTIONS,
                       idle.database_connections, ""),
        expect_at_most(f"the same, with {size.at_once} other calls at once, most", limit, watch.max_connections, ""),
        expect_at_most("the same, after these: SQLite keeps closed files to use them again", limit,
                after.database_connections, ""),
        expect_none("calls of the API beside them that failed", sum(status >= 400 for status in watch.statuses)),
        report("calls of the API beside them", len(watch.statuses)),
        report("files, threads and memory of the server",
             f"{idle.files}, {idle.threads}, {idle.memory_mb:.0f} MB"),
    ]  # fmt: skip


async def call_beside(server: Server, session: aiohttp.ClientSession, size: Size) -> ConnectionWatch:
    watch = ConnectionWatch()
    rounds = asyncio.Semaphore(size.at_once)

    async def one(at: int) -> None:
        async with rounds:
            watch.statuses += await make_round_trip(server, session, at)
            watch.max_connections = max(watch.max_connections, measure_process(server.pid).database_connections)

    await asyncio.gather(*(one(at) for at in range(size.calls)))
    return watch


async def make_round_trip(server: Server, session: aiohttp.ClientSession, at: int) -> list[int]:
    """Make, read, rename and delete a flow; return the statuses."""
    flows, headers = f"{server.url}/api/v1/flows", {"Authorization": f"Bearer {get_site().key}"}

    async def call(method: str, url: str, body: Any = None) -> tuple[int, Any]:
        async with session.request(method, url, json=body, headers=headers) as answer:
            return answer.status, await answer.json() if answer.status in (200, 201) else None

    made, flow = await call("POST", flows, {"name": f"Flow {at}"})
    url = f"{flows}/{flow['id']}"
    others = [await call("GET", url), await call("PATCH", url, {"name": f"Renamed {at}"}), await call("DELETE", url)]
    return [made, *(status for status, _ in others)]


EXPERIMENT = Experiment(
    "P14",
    "Open streams hold no database connection.",
    measure,
    small=Size(streams=50, calls=20, at_once=4),
    large=Size(streams=500, calls=500, at_once=8),
)
