"""P18: the database is a PostgreSQL server. The server process is killed, and so is PostgreSQL itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import psycopg

from tests.faults.clients import Client, open_session, resume_together, start_together
from tests.faults.experiments.killing import kill_at, restart
from tests.faults.figures import (
    Experiment,
    Figure,
    compare,
    count_ends,
    expect_all,
    expect_at_most,
    expect_none,
    expect_same,
    expect_within,
    report,
)
from tests.faults.rig import Server, get_site, get_upstream, read_postgres_logs, run_server_on_postgres
from tests.faults.upstream import ScriptedPrompt
from tests.postgres_server import Cluster, find_binaries, run_cluster
from web.database import DATABASE_THREADS

SLOW_COMMIT = {"RIG_COMMIT_S": "0.005"}
SHOWN_FIRST = {"RIG_COMMIT_S": "0.02", "RIG_SHOWN_FIRST": "1"}
LEASE_S = 3.0
MAX_HEAL_S = 10.0
PATIENT = ScriptedPrompt(chunks=100, pause_s=0.02)
OUTAGE = {"RIG_LEASE_S": str(LEASE_S), "RIG_RETRY_S": "1"}
"""A log's writer that gives up after a second instead of thirty."""


@dataclass(frozen=True)
class Size:
    chunks: Sequence[int]
    """The chunks at which the server process is killed."""
    restarts: int
    """Of PostgreSQL, in the middle of runs."""
    streams: int
    open_streams: int


async def measure(size: Size) -> list[Figure]:
    if find_binaries() is None:
        return [report("left out: PostgreSQL is not installed", "")]
    with run_cluster() as cluster:
        return [
            *await measure_kills(cluster, size),
            *await measure_restarts(cluster, size),
            *await measure_outage(cluster, size),
            *await measure_open_streams(cluster, size),
        ]


async def measure_kills(cluster: Cluster, size: Size) -> list[Figure]:
    """Kill the server process at each of the chunks, and hear the runs to their ends after the last restart."""
    cut: list[Client] = []
    not_stored = 0
    async with run_on(cluster, RIG_LEASE_S=str(LEASE_S), **SLOW_COMMIT) as (server, database):
        for chunk in size.chunks:
            clients = await kill_at(server, chunk, size.streams)
            not_stored += compare(clients, read_postgres_logs(database)).not_stored
            cut += clients
            await restart(server, clients)
        logs = read_postgres_logs(database)
    async with run_on(cluster, **SHOWN_FIRST) as (server, database):
        broken = compare(await kill_at(server, size.chunks[0], size.streams), read_postgres_logs(database)).not_stored
    return [
        expect_none("killed: events shown that were not stored at that moment", not_stored),
        expect_all("runs heard to their end after the restart", sum(each.has_ended for each in cut), len(cut)),
        *compare(cut, logs).build_figures(),
        *count_ends(logs.values()).build_figures(),
        Figure("control: the same with events shown before they are stored", "> 0 not stored", str(broken), broken > 0),
    ]


async def measure_restarts(cluster: Cluster, size: Size) -> list[Figure]:
    """Crash PostgreSQL in the middle of runs and start it again at once: the runs go on."""
    async with run_on(cluster) as (server, database):
        clients = [Client(server, PATIENT) for _ in range(size.streams)]
        hearing = asyncio.create_task(start_together(*clients))
        for number in range(1, size.restarts + 1):
            await wait_for_chunk(clients, 20 * number)
            await asyncio.to_thread(cluster.stop, "immediate" if number % 2 else "fast")
            await asyncio.to_thread(cluster.start)
        await hearing
        await resume_together(*(client for client in clients if not client.has_ended))
        logs = read_postgres_logs(database)
        refused = [status for status in await ask_often(server, 8) if status != 200]
    completed = sum(client.last["type"] == "run.completed" for client in clients)
    return [
        expect_all("PostgreSQL crashed and restarted: runs that were completed", completed, len(clients)),
        *compare(clients, logs).build_figures(),
        expect_none("requests refused afterwards", len(refused)),
    ]


async def measure_outage(cluster: Cluster, size: Size) -> list[Figure]:
    """Stop PostgreSQL for longer than the log's writer waits: the runs end visibly, and the process heals."""
    async with run_on(cluster, **OUTAGE) as (server, database):
        clients = [Client(server, PATIENT) for _ in range(size.streams)]
        hearing = asyncio.create_task(start_together(*clients))
        await wait_for_chunk(clients, 20)
        await asyncio.to_thread(cluster.stop, "immediate")
        states = [await ask(server, path) for path in ("/healthz", "/readyz", "/api/v1/flows")]
        await asyncio.sleep(4)
        await asyncio.to_thread(cluster.start)
        began = time.monotonic()
        await server.wait_until_ready()
        healed_s = time.monotonic() - began
        await hearing
        await resume_together(*(client for client in clients if not client.has_ended))
        after = Client(server, ScriptedPrompt(chunks=5))
        await start_together(after)
        logs = read_postgres_logs(database)
    ends = sum(client.last["type"] == "run.interrupted" for client in clients)
    return [
        expect_same("PostgreSQL away: alive, ready, a page of flows", [200, 503, 503], states),
        expect_within("until the process is ready again", MAX_HEAL_S, healed_s),
        expect_all("runs that ended as interrupted", ends, len(clients)),
        *compare(clients, logs).build_figures(),
        *count_ends(logs.values()).build_figures(),
        expect_same("a run after that", "run.completed", after.last["type"]),
    ]


async def measure_open_streams(cluster: Cluster, size: Size) -> list[Figure]:
    """Open more streams of a silent model than PostgreSQL takes connections, and call the API beside them."""
    async with run_on(cluster) as (server, database), open_session() as session:
        clients = [Client(server, ScriptedPrompt("silent after one")) for _ in range(size.open_streams)]
        streams = [asyncio.create_task(client.start(session)) for client in clients]
        await wait_for_chunk(clients, 1)
        statuses = await ask_often(server, 20)
        held = await asyncio.to_thread(count_connections, database)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    return [
        report("streams open and silent", len(clients)),
        expect_at_most("connections of PostgreSQL that the server holds", DATABASE_THREADS + 1, held, ""),
        expect_none("requests beside them that failed", sum(status != 200 for status in statuses)),
    ]


def count_connections(database: str) -> int:
    """Return how many connections others than this one have to the database, a moment after the last call."""
    time.sleep(0.5)
    with psycopg.connect(database) as connection:
        statement = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        return int(connection.execute(statement).fetchone()[0])  # type: ignore[index]  # it has one row


@asynccontextmanager
async def run_on(cluster: Cluster, **rigging: str) -> AsyncIterator[tuple[Server, str]]:
    """Run one server on a fresh database of the cluster, and the upstream; yield it and the database's address."""
    get_upstream()
    async with run_server_on_postgres(cluster.url, **rigging) as (server, database):
        yield server, database


async def wait_for_chunk(clients: list[Client], chunk: int) -> None:
    """Return when every client has received so many events."""
    async with asyncio.timeout(60):
        while not all(len(client.received) > chunk for client in clients):
            await asyncio.sleep(0.01)


async def ask(server: Server, path: str) -> int:
    headers = {"Authorization": f"Bearer {get_site().key}"}
    async with open_session() as session, session.get(f"{server.url}{path}", headers=headers) as answer:
        return answer.status


async def ask_often(server: Server, count: int) -> list[int]:
    """Return the statuses of requests, one after the other: each thread of the database answers some."""
    try:
        return [await ask(server, "/api/v1/flows") for _ in range(count)]
    except aiohttp.ClientError:
        return [0]


EXPERIMENT = Experiment(
    "P18",
    "On PostgreSQL: what was shown is stored when a server is killed, and PostgreSQL may crash in the middle of runs.",
    measure,
    small=Size(chunks=(10, 60), restarts=2, streams=8, open_streams=60),
    large=Size(chunks=range(1, 101, 5), restarts=4, streams=8, open_streams=200),
)
