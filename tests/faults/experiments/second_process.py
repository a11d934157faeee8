"""P7: readers of another process get no wake-up at all, and poll: nothing is lost, and it comes a little later."""

import asyncio
import time
from dataclasses import dataclass, field

import aiohttp

from tests.faults.clients import Client, http
from tests.faults.figures import Experiment, Figure, all_of, at_most, compared, percentile, same, told
from tests.faults.rig import Server, rig_of_two, stored
from tests.faults.upstream import Ask

LATER_S = 1.0
STOPPED_S = 2.0


@dataclass(frozen=True)
class Size:
    runs: int
    """Runs of each of the two servers, each also heard by way of the other."""
    chunks: int
    pause_s: float = 0.02


@dataclass
class Timed:
    """Two readers of one run: by the server that executes it, and by the other one."""

    near: Client
    far: Client
    later_s: list[float] = field(default_factory=list)

    async def hear(self, session: aiohttp.ClientSession) -> None:
        near_at, far_at = timed(self.near), timed(self.far)
        hearing = asyncio.create_task(self.near.start(session))
        while not self.near.run:
            await asyncio.sleep(0.005)
        self.far.run = self.near.run
        await self.far.resume(session)
        await hearing
        self.later_s = [far_at[seq] - near_at[seq] for seq in far_at]


def timed(client: Client) -> dict[int, float]:
    """Return when each event comes, to be filled as they come."""
    times: dict[int, float] = {}

    def note(client: Client) -> None:
        times[client.cursor] = time.monotonic()

    client.seen = note
    return times


async def measure(size: Size) -> list[Figure]:
    async with rig_of_two() as (one, other, _), http() as session, asyncio.timeout(300):
        pairs = [pair(*servers, size) for servers in ((one, other), (other, one)) for _ in range(size.runs)]
        await asyncio.gather(*(each.hear(session) for each in pairs))
        logs = stored(one.folder)
        far = [each.far for each in pairs]
        status, took_s = await stopped_elsewhere(one, other, session)
    later = [seconds for each in pairs for seconds in each.later_s]
    return [
        *compared(far, logs).figures(),
        all_of("readers that heard the end", sum(client.ended for client in far), len(far)),
        at_most("later than by the server that executes the run, p95", LATER_S, percentile(later, 0.95), "s"),
        told("the same, p50", f"{percentile(later, 0.5):.2f} s"),
        same("Stop that is sent to the other server: the run's status", "cancelled", status),
        at_most("the same: until it is answered, with the end stored", STOPPED_S, took_s, "s"),
    ]


def pair(near: Server, far: Server, size: Size) -> Timed:
    return Timed(Client(near, Ask(chunks=size.chunks, pause_s=size.pause_s)), Client(far))


async def stopped_elsewhere(one: Server, other: Server, session: aiohttp.ClientSession) -> tuple[str, float]:
    client = Client(one, Ask("silent after one"))
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
