"""P4: a server dies, or freezes, in the middle of runs. They end once, soon, and are not asked for again."""

import asyncio
import random
import signal
import statistics
import time
from dataclasses import dataclass

from tests.faults.clients import Client, resumed, together
from tests.faults.experiments.killing import CHUNKS, Restart, killed_at, restarted
from tests.faults.figures import Experiment, Figure, all_of, at_most, compared, ends, none, same, told
from tests.faults.rig import rig, rig_of_two, stored
from tests.faults.upstream import Ask, Calls

ENDED_WITHIN_S = 5.0
LEASES = 4 / 3
"""Until the next look at the leases: there are three in one."""
FROZEN_CHUNK = 20


@dataclass(frozen=True)
class Size:
    kills: int
    streams: int
    lease_s: float


async def measure(size: Size) -> list[Figure]:
    return [*await killed(size), *await frozen(size)]


async def killed(size: Size) -> list[Figure]:
    points = random.Random(4)  # noqa: S311  # the same points each time
    clients: list[Client] = []
    restarts: list[Restart] = []
    async with rig() as (server, model):
        for _ in range(size.kills):
            cut = await killed_at(server, points.randint(1, CHUNKS), size.streams)
            restarts.append(await restarted(server, cut))
            clients += cut
        calls = await model.calls()
        logs = stored(server.folder)
    counts = [calls.get(client.ask.name, Calls()).count for client in clients]
    return [
        same("kills", size.kills, len(restarts)),
        all_of("runs heard to their end after the restart", sum(client.ended for client in clients), len(clients)),
        *compared(clients, logs).figures(),
        *ends(logs.values()).figures(),
        at_most("from the first connection after a restart to all ends, worst", ENDED_WITHIN_S,
                max(each.from_listening for each in restarts), "s"),
        told("the same from the start of the process, median",
             f"{statistics.median(each.from_exec for each in restarts):.1f} s"),
        same("upstream calls per run, at most", 1, max(counts)),
        told("runs that were killed before they had called", counts.count(0)),
    ]  # fmt: skip


async def frozen(size: Size) -> list[Figure]:
    """Freeze one of two servers until the other has taken its runs, and let it go on."""
    async with rig_of_two(RIG_LEASE_S=str(size.lease_s)) as (one, other, model):
        clients = [Client(one, Ask(chunks=10_000, pause_s=0.02)) for _ in range(size.streams)]
        hearing = asyncio.create_task(together(*clients))
        while not all(len(client.received) > FROZEN_CHUNK for client in clients):
            await asyncio.sleep(0.02)
        one.signal(signal.SIGSTOP)
        began = time.monotonic()
        elsewhere = [Client(other, run=client.run) for client in clients]
        await resumed(*elsewhere)
        taken_s = time.monotonic() - began
        one.signal(signal.SIGCONT)
        await hearing
        after = Client(one, Ask(chunks=5))
        await together(after)
        calls, logs = await model.calls(), stored(one.folder)
        refused = one.log().count("run_events_not_stored")
    return [
        at_most(
            "frozen worker: until another has ended its runs", LEASES * size.lease_s + ENDED_WITHIN_S, taken_s, "s"
        ),
        all_of("runs whose late writes were refused", refused, len(clients)),
        *ends(logs.values()).figures(),
        *compared(elsewhere, logs).figures(),
        none("events that the frozen worker showed and that are not stored", compared(clients, logs).not_stored),
        same("upstream calls per run", 1, max(calls[client.ask.name].count for client in clients)),
        same("the worker that was frozen serves on", "run.completed", after.last["type"]),
    ]


EXPERIMENT = Experiment(
    "P4",
    "A server that dies is seen soon: its runs end once, as interrupted, and nothing is asked of the model again.",
    measure,
    small=Size(kills=2, streams=8, lease_s=4),
    large=Size(kills=100, streams=8, lease_s=15),
)
