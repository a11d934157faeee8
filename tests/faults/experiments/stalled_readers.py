"""P9: readers that never read hold little memory, slow no other reader, are disconnected, and can return."""

import asyncio
import statistics
import time
from collections.abc import Awaitable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from itertools import cycle, islice

from bench.load import SPREAD_S, read_streams
from bench.targets import build_post
from tests.faults.clients import Client, resume_together, start_together
from tests.faults.figures import Experiment, Figure, compare, expect_all, expect_at_most, expect_within
from tests.faults.rig import Server, get_site, measure_process, read_logs, run_rig
from tests.faults.stalled import hold_stalled_readers, wait_until_stalled
from tests.faults.upstream import ScriptedPrompt

MAX_RELEASE_S = 60.0 + 15.0 + 5.0
"""The minute that the product waits, the time between two looks at a reader, and some seconds to close it."""
CHUNK_CHARACTERS = 1000
CHUNKS = 250
PAUSE_S = 0.02
MAX_P99_RATIO = 1.2
MAX_SPARE_FILES = 5
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
    readers: int
    """Readers that do read at the same time."""
    rounds: int
    wait: bool
    """Whether the experiment waits until the stalled readers are disconnected."""


async def measure(size: Size) -> list[Figure]:
    return [*await measure_under("daphne", size), *await measure_under("uvicorn", size)]


async def measure_under(kind: str, size: Size) -> list[Figure]:
    async with run_rig(kind) as (server, _):
        # The same runs without stalled readers: what runs and other readers take is not held by stalled ones.
        without_mb = await measure_peak(server, read_runs(server, size))
        before = measure_process(server.pid)
        runs = await start_runs(server, size)
        held_mb = await measure_peak(server, stall_readers(server, runs, size)) - without_mb
        figures = [expect_at_most(f"{kind}: memory held by stalled readers", size.memory_mb, held_mb, "MB")]
        figures += await compare_readers(server, runs, size, kind)
        if size.wait:
            figures.append(
                expect_within(
                    f"{kind}: until they are let go",
                    MAX_RELEASE_S,
                    await measure_release(server, runs, size, before.files),
                )
            )
        back = [Client(server, run=client.run) for client in runs]
        await resume_together(*back)
        logs = read_logs(server.folder)
    return [*figures,
            expect_all("that come back and hear the end", sum(client.has_ended for client in back), len(back)),
            *compare(back, logs).build_figures()]  # fmt: skip


async def start_runs(server: Server, size: Size) -> list[Client]:
    """Start the large runs; return a client of each, which has left after the first event."""
    ask = partial(ScriptedPrompt, chunks=size.run_bytes // CHUNK_CHARACTERS, pause_s=0.002, size=CHUNK_CHARACTERS)
    clients = [Client(server, ask(), leave_after=1) for _ in range(size.runs)]
    await start_together(*clients)
    for client in clients:
        client.leave_after = None
    return clients


def hold_stalled(server: Server, runs: list[Client], size: Size, share: float = 1) -> AbstractContextManager[None]:
    """Hold the stalled readers, or a share of them, spread over the runs, until the block is left."""
    ids = cycle([client.run for client in runs])
    streams, sockets = round(size.streams * share), round(size.sockets * share)
    return hold_stalled_readers(server, list(islice(ids, streams)), list(islice(ids, sockets)))


async def measure_peak(server: Server, work: Awaitable[None]) -> float:
    """Return the most memory that the server took while the work was done, in MB."""
    peak_mb = 0.0

    async def watch() -> None:
        nonlocal peak_mb
        while True:
            peak_mb = max(peak_mb, measure_process(server.pid).memory_mb)
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    try:
        await work
    finally:
        watching.cancel()
    return max(peak_mb, measure_process(server.pid).memory_mb)


async def read_runs(server: Server, size: Size) -> None:
    await resume_together(*await start_runs(server, size))


async def stall_readers(server: Server, runs: list[Client], size: Size) -> None:
    """Stall half of the readers from the middle of the runs on, and the others from their end on."""
    with hold_stalled(server, runs, size, 0.5):
        await resume_together(*runs)
        with hold_stalled(server, runs, size, 0.5):
            await wait_until_stalled(server)


async def compare_readers(server: Server, runs: list[Client], size: Size, kind: str) -> list[Figure]:
    """Compare readers that do read, alone and beside stalled ones, alternating, because the machine's load varies."""
    if not size.rounds:
        return []
    alone, hindered = [], []
    for _ in range(size.rounds):
        alone.append(await measure_p99(server, size))
        with hold_stalled(server, runs, size):
            await wait_until_stalled(server)
            hindered.append(await measure_p99(server, size))
    ratio = statistics.median(hindered) / statistics.median(alone)
    what = f"{kind}: p99 of other readers' chunks, {statistics.median(alone):.1f} ms alone and beside stalled ones"
    return [Figure(what, "≤ + 20 %", f"{statistics.median(hindered):.1f} ms", ratio <= MAX_P99_RATIO)]


async def measure_p99(server: Server, size: Size) -> float:
    path = f"/api/v1/flows/{get_site().flows['patient']}/stream"
    request = build_post(path, server.port, get_site().key, ScriptedPrompt(chunks=CHUNKS, pause_s=PAUSE_S).prompt)
    reading = await read_streams(server.port, request, size.readers, CHUNKS, SPREAD_S)
    assert not reading.lost
    return reading.compute_percentile(0.99)


async def measure_release(server: Server, runs: list[Client], size: Size, before: int) -> float:
    """Return the seconds from the last stall until the server holds no more files than `before`: no stalled reader."""
    with hold_stalled(server, runs, size):
        await wait_until_stalled(server)
        began = time.monotonic()
        assert measure_process(server.pid).files > before + size.streams // 2
        while (
            measure_process(server.pid).files > before + MAX_SPARE_FILES
            and time.monotonic() - began < 2 * MAX_RELEASE_S
        ):
            await asyncio.sleep(0.2)
        return time.monotonic() - began


EXPERIMENT = Experiment(
    "P9",
    "A reader that never reads holds a bounded amount of memory, slows no other reader, and can return.",
    measure,
    small=Size(streams=16, sockets=4, runs=2, run_bytes=1_000_000, memory_mb=16, readers=5, rounds=0, wait=False),
    large=Size(streams=200, sockets=50, runs=10, run_bytes=5_000_000, memory_mb=64, readers=50, rounds=5, wait=True),
)
