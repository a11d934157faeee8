"""P16: clients come and go by the thousand, and the server is as it was before."""

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.faults.clients import Client, http
from tests.faults.figures import Experiment, Figure, at_most, same, told
from tests.faults.rig import Held, Server, held_by, rig
from tests.faults.upstream import Ask

MEMORY_MB = 20.0
SPARE = 4
"""Threads and tasks that come and go by themselves."""


@dataclass(frozen=True)
class Size:
    warming: int
    cycles: int
    at_once: int


async def measure(size: Size) -> list[Figure]:
    async with rig(RIG_COMMIT_S="0") as (server, _), http() as session:
        await come_and_go(server, session, size.warming, size.at_once)
        before, tasks = await quiet(server, session)
        dropped = await come_and_go(server, session, size.cycles, size.at_once)
        after, tasks_after = await quiet(server, session)
    return [
        same("streams begun and left, half in their middle and half before the first byte", size.cycles, dropped),
        at_most(f"tasks beside the {tasks} before", SPARE, tasks_after - tasks, ""),
        at_most(f"threads beside the {before.threads} before", SPARE, after.threads - before.threads, ""),
        # A connection to the model is kept for the next call: one for each that was made at once, at most.
        at_most(f"files beside the {before.files} before", size.at_once, after.files - before.files, ""),
        at_most(f"database connections beside the {before.database_connections} before", 1,
                after.database_connections - before.database_connections, ""),
        at_most("memory", MEMORY_MB, after.memory_mb - before.memory_mb, "MB"),
        told("memory before", f"{before.memory_mb:.0f} MB"),
    ]  # fmt: skip


async def come_and_go(server: Server, session: aiohttp.ClientSession, cycles: int, at_once: int) -> int:
    """Begin streams and leave them; return how many were left."""
    places = asyncio.Semaphore(at_once)

    async def one(at: int) -> bool:
        async with places:
            ask = Ask(chunks=10, pause_s=0.005)
            return await (in_the_middle if at % 2 else before_the_first_byte)(server, session, ask)

    return sum(await asyncio.gather(*(one(at) for at in range(cycles))))


async def in_the_middle(server: Server, session: aiohttp.ClientSession, ask: Ask) -> bool:
    client = Client(server, ask, leave_after=4)
    await client.start(session)
    return len(client.received) == 4


async def before_the_first_byte(server: Server, session: aiohttp.ClientSession, ask: Ask) -> bool:
    starting = asyncio.create_task(Client(server, ask).start(session))
    await asyncio.sleep(0.002)
    starting.cancel()
    return isinstance((await asyncio.gather(starting, return_exceptions=True))[0], asyncio.CancelledError)


async def quiet(server: Server, session: aiohttp.ClientSession) -> tuple[Held, int]:
    """Return what the server holds, and its tasks, once both have stopped to fall."""
    seen: list[tuple[int, int]] = []
    while len(seen) < 4 or len(set(seen[-4:])) > 1:
        assert len(seen) < 120, "the server does not come to rest"
        await asyncio.sleep(0.5)
        async with session.get(f"{server.url}/rig/tasks") as answer:
            tasks = int(await answer.text())
        seen.append((held_by(server.pid).files, tasks))
    return held_by(server.pid), tasks


EXPERIMENT = Experiment(
    "P16",
    "Clients that come and go leave nothing behind.",
    measure,
    small=Size(warming=100, cycles=200, at_once=20),
    large=Size(warming=1000, cycles=10_000, at_once=50),
)
