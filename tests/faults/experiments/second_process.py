"""P7: readers by another process get no notification and poll: they lose nothing, and read it a little later."""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp

from tests.faults.clients import Client, open_session
from tests.faults.figures import (
    Experiment,
    Figure,
    compare,
    compute_percentile,
    expect_all,
    expect_same,
    expect_within,
    report,
)
from tests.faults.rig import Server, read_logs, run_two_servers
from tests.faults.upstream import ScriptedPrompt

MAX_DELAY_S = 1.0
MAX_CANCEL_S = 2.0


@dataclass(frozen=True)
class Size:
    runs: int
    """Runs of each of the two servers, each also heard by way of the other."""
    chunks: int
    pause_s: float = 0.02


@dataclass
class NearAndFarReader:
    """Two readers of one run: by the server that executes it, and by the other one."""

    near: Client
    far: Client
    delays_s: list[float] = field(default_factory=list)

    async def read_both(self, session: aiohttp.ClientSession) -> None:
        near_at, far_at = record_times(self.near), record_times(self.far)
        hearing = asyncio.create_task(self.near.start(session))
        while not self.near.run:
            await asyncio.sleep(0.005)
        self.far.run = self.near.run
        await self.far.resume(session)
        await hearing
        self.delays_s = [far_at[seq] - near_at[seq] for seq in far_at]


def record_times(client: Client) -> dict[int, float]:
    """Return a table that is filled with the time of each event when it comes."""
    times: dict[int, float] = {}

    def note(client: Client) -> None:
        times[client.cursor] = time.monotonic()

    client.on_event = note
    return times


async def measure(size: Size) -> list[Figure]:
    async with run_two_servers() as (one, other, _), open_session() as session, asyncio.timeout(300):
        pairs = [build_readers(*servers, size) for servers in ((one, other), (other, one)) for _ in range(size.runs)]
        await asyncio.gather(*(each.read_both(session) for each in pairs))
        logs = read_logs(one.folder)
        far = [each.far for each in pairs]
        status, took_s = await cancel_elsewhere(one, other, session)
    later = [seconds for each in pairs for seconds in each.delays_s]
    return [
        *compare(far, logs).build_figures(),
        expect_all("readers that heard the end", sum(client.has_ended for client in far), len(far)),
        expect_within(
            "later than by the server that executes the run, p95", MAX_DELAY_S, compute_percentile(later, 0.95)
        ),
        report("the same, p50", f"{compute_percentile(later, 0.5):.2f} s"),
        expect_same("Stop that is sent to the other server: the run's status", "cancelled", status),
        expect_within("the same: until it is answered, with the end stored", MAX_CANCEL_S, took_s),
    ]


def build_readers(near: Server, far: Server, size: Size) -> NearAndFarReader:
    return NearAndFarReader(Client(near, ScriptedPrompt(chunks=size.chunks, pause_s=size.pause_s)), Client(far))


async def cancel_elsewhere(one: Server, other: Server, session: aiohttp.ClientSession) -> tuple[str, float]:
    client = Client(one, ScriptedPrompt("silent after one"))
    hearing = asyncio.create_task(client.start(session))
    while len(client.received) < 2:
        await asyncio.sleep(0.01)
    asked = time.monotonic()
    status = await client.cancel(session, other)
    took_s = time.monotonic() - asked
    await hearing
    return status, took_s


EXPERIMENT = Experiment(
    "P7",
    "Losing every wake-up costs a reader time, never an event.",
    measure,
    small=Size(runs=3, chunks=100),
    large=Size(runs=20, chunks=500),
)
