"""P16: thousands of clients connect and leave, and the server uses as much as before."""

import asyncio
from dataclasses import dataclass

import aiohttp

from tests.faults.clients import Client, open_session
from tests.faults.figures import Experiment, Figure, expect_at_most, expect_same, report
from tests.faults.rig import ProcessUsage, Server, measure_process, run_rig
from tests.faults.upstream import ScriptedPrompt

MAX_MEMORY_GROWTH_MB = 20.0
MAX_SPARE = 4
"""How many threads and tasks may begin for other reasons."""


@dataclass(frozen=True)
class Size:
    warming: int
    cycles: int
    at_once: int


async def measure(size: Size) -> list[Figure]:
    async with run_rig(RIG_COMMIT_S="0") as (server, _), open_session() as session:
        await start_and_leave(server, session, size.warming, size.at_once)
        before, tasks = await wait_until_quiet(server, session)
        dropped = await start_and_leave(server, session, size.cycles, size.at_once)
        after, tasks_after = await wait_until_quiet(server, session)
    return [
        expect_same("streams started and left, half in the middle, half before the first byte", size.cycles, dropped),
        expect_at_most(f"tasks beside the {tasks} before", MAX_SPARE, tasks_after - tasks, ""),
        expect_at_most(f"threads beside the {before.threads} before", MAX_SPARE, after.threads - before.threads, ""),
        # A connection to the model is kept for the next call: one for each that was made at once, at most.
        expect_at_most(f"files beside the {before.files} before", size.at_once, after.files - before.files, ""),
        expect_at_most(f"database connections beside the {before.database_connections} before", 1,
                after.database_connections - before.database_connections, ""),
        expect_at_most("memory", MAX_MEMORY_GROWTH_MB, after.memory_mb - before.memory_mb, "MB"),
        report("memory before", f"{before.memory_mb:.0f} MB"),
    ]  # fmt: skip


async def start_and_leave(server: Server, session: aiohttp.ClientSession, cycles: int, at_once: int) -> int:
    """Begin streams and leave them; return how many were left."""
    places = asyncio.Semaphore(at_once)

    async def one(at: int) -> bool:
        async with places:
            ask = ScriptedPrompt(chunks=10, pause_s=0.005)
            return await (leave_in_the_middle if at % 2 else leave_before_the_first_byte)(server, session, ask)

    return sum(await asyncio.gather(*(one(at) for at in range(cycles))))


async def leave_in_the_middle(server: Server, session: aiohttp.ClientSession, ask: ScriptedPrompt) -> bool:
    client = Client(server, ask, leave_after=4)
    await client.start(session)
    return len(client.received) == 4


async def leave_before_the_first_byte(server: Server, session: aiohttp.ClientSession, ask: ScriptedPrompt) -> bool:
    starting = asyncio.create_task(Client(server, ask).start(session))
    await asyncio.sleep(0.002)
    starting.cancel()
    return isinstance((await asyncio.gather(starting, return_exceptions=True))[0], asyncio.CancelledError)


async def wait_until_quiet(server: Server, session: aiohttp.ClientSession) -> tuple[ProcessUsage, int]:
    """Return what the server uses, and its tasks, once neither changes any more."""
    seen: list[tuple[int, int]] = []
    while len(seen) < 4 or len(set(seen[-4:])) > 1:
        assert len(seen) < 120, "the server does not come to rest"
        await asyncio.sleep(0.5)
        async with session.get(f"{server.url}/rig/tasks") as answer:
            tasks = int(await answer.text())
        seen.append((measure_process(server.pid).files, tasks))
    return measure_process(server.pid), tasks


EXPERIMENT = Experiment(
    "P16",
    "Clients that come and go leave nothing behind.",
    measure,
    small=Size(warming=100, cycles=200, at_once=20),
    large=Size(warming=1000, cycles=10_000, at_once=50),
)
