"""P9: readers that never read hold little memory, hurt nobody, are let go, and may come back."""

import asyncio
import statistics
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from bench.load import SPREAD_S, read_streams
from bench.targets import build_post
from tests.faults.clients import Client, resumed, together
from tests.faults.figures import Experiment, Figure, all_of, at_most, compared
from tests.faults.rig import Server, held_by, rig, site, stored
from tests.faults.stalled import all_stalled, stalled
from tests.faults.upstream import Ask

LET_GO_S = 60.0 + 15.0 + 5.0
"""A minute, the time between two looks at a reader, and some to do it."""
CHUNK = 1000
CHUNKS = 250
PAUSE_S = 0.02
NOISE = 1.2
SPARE = 5
"""Files that a server may open meanwhile for reasons of its own, such as connections to its database."""


@dataclass(frozen=True)
class Size:
    streams: int
    """Stalled readers over HTTP."""
    sockets: int
    runs: int
    run_bytes: int
    memory_mb: float
    """What the stalled readers may hold together."""
    beside: int
    """Readers that do read, meanwhile."""
    rounds: int
    wait: bool
    """Whether the stalled ones are kept until they are let go."""


async def measure(size: Size) -> list[Figure]:
    return [*await under("daphne", size), *await under("uvicorn", size)]


async def under(kind: str, size: Size) -> list[Figure]:
    async with rig(kind) as (server, _):
        await resumed(*await begun(server, size))  # what runs and readers cost anyway is no stalled reader's
        before = held_by(server.pid)
        runs = await begun(server, size)
        memory_mb = await held_while_stalled(server, runs, size)
        figures = [
            at_most(f"{kind}: memory held by stalled readers", size.memory_mb, memory_mb - before.memory_mb, "MB")
        ]
        figures += await beside(server, runs, size, kind)
        if size.wait:
            figures.append(
                at_most(f"{kind}: until they are let go", LET_GO_S, await let_go(server, runs, size, before.files), "s")
            )
        back = [Client(server, run=client.run) for client in runs]
        await resumed(*back)
        logs = stored(server.folder)
    return [*figures, all_of("that come back and hear the end", sum(client.ended for client in back), len(back)),
            *compared(back, logs).figures()]  # fmt: skip


async def begun(server: Server, size: Size) -> list[Client]:
    """Start the large runs; return a client of each, which has left after the first event."""
    ask = partial(Ask, chunks=size.run_bytes // CHUNK, pause_s=0.002, size=CHUNK)
    clients = [Client(server, ask(), leave_after=1) for _ in range(size.runs)]
    await together(*clients)
    for client in clients:
        client.leave_after = None
    return clients


def waiting(server: Server, runs: list[Client], size: Size, share: float = 1) -> AbstractContextManager[None]:
    """Hold the stalled readers, or a share of them, spread over the runs."""
    ids = cycle([client.run for client in runs])
    streams, sockets = round(size.streams * share), round(size.sockets * share)
    return stalled(server, list(islice(ids, streams)), list(islice(ids, sockets)))


async def held_while_stalled(server: Server, runs: list[Client], size: Size) -> float:
    """Return the most memory that the server took, half of the readers stalled from the middle of the runs on."""
    peak_mb = 0.0

    async def watch() -> None:
        nonlocal peak_mb
        while True:
            peak_mb = max(peak_mb, held_by(server.pid).memory_mb)
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    with waiting(server, runs, size, 0.5):
        await resumed(*runs)
        with waiting(server, runs, size, 0.5):
            await all_stalled(server)
    watching.cancel()
    return peak_mb


async def beside(server: Server, runs: list[Client], size: Size, kind: str) -> list[Figure]:
    """Compare readers that do read, alone and beside stalled ones, in turns, since machines are noisy."""
    if not size.rounds:
        return []
    alone, hindered = [], []
    for _ in range(size.rounds):
        alone.append(await p99(server, size))
        with waiting(server, runs, size):
            await all_stalled(server)
            hindered.append(await p99(server, size))
    ratio = statistics.median(hindered) / statistics.median(alone)
    what = f"{kind}: p99 of other readers' chunks, {statistics.median(alone):.1f} ms alone and beside stalled ones"
    return [Figure(what, "≤ + 20 %", f"{statistics.median(hindered):.1f} ms", ratio <= NOISE)]


async def p99(server: Server, size: Size) -> float:
    path = f"/api/v1/flows/{site().flows['patient']}/stream"
    request = build_post(path, server.port, site().key, Ask(chunks=CHUNKS, pause_s=PAUSE_S).prompt)
    reading = await read_streams(server.port, request, size.beside, CHUNKS, SPREAD_S)
    assert not reading.lost
    return reading.compute_percentile(0.99)


async def let_go(server: Server, runs: list[Client], size: Size, before: int) -> float:
    """Return the seconds from the last stall until the server holds no more files than `before`, so no such reader."""
    with waiting(server, runs, size):
        await all_stalled(server)
        began = time.monotonic()
        assert held_by(server.pid).files > before + size.streams // 2
        while held_by(server.pid).files > before + SPARE and time.monotonic() - began < 2 * LET_GO_S:
            await asyncio.sleep(0.2)
        return time.monotonic() - began


EXPERIMENT = Experiment(
    "P9",
    "A reader that takes nothing holds a bounded piece of memory, hurts no other, and may come back.",
    measure,
    small=Size(streams=16, sockets=4, runs=2, run_bytes=1_000_000, memory_mb=16, beside=5, rounds=0, wait=False),
    large=Size(streams=200, sockets=50, runs=10, run_bytes=5_000_000, memory_mb=64, beside=50, rounds=5, wait=True),
)
