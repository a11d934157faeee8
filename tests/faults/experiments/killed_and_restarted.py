"""P4: a server dies or freezes in the middle of runs. They end once and soon, and the model is not called again."""

import asyncio
import random
import signal
import statistics
import time
from dataclasses import dataclass

from tests.faults.clients import Client, resume_together, start_together
from tests.faults.experiments.killing import CHUNKS, Restart, kill_at, restart
from tests.faults.figures import (
    Experiment,
    Figure,
    compare,
    count_ends,
    expect_all,
    expect_none,
    expect_same,
    expect_within,
    report,
)
from tests.faults.rig import read_logs, run_rig, run_two_servers
from tests.faults.upstream import CallCount, ScriptedPrompt

MAX_END_S = 5.0
LEASES_UNTIL_LOOK = 4 / 3
"""How many leases pass at most until the next look at them: there are three looks in one."""
FROZEN_CHUNK = 20


@dataclass(frozen=True)
class Size:
    kills: int
    streams: int
    lease_s: float


async def measure(size: Size) -> list[Figure]:
    return [*await measure_killed(size), *await measure_frozen(size)]


async def measure_killed(size: Size) -> list[Figure]:
    points = random.Random(4)  # noqa: S311  # the same points each time
    clients: list[Client] = []
    restarts: list[Restart] = []
    async with run_rig() as (server, model):
        for _ in range(size.kills):
            cut = await kill_at(server, points.randint(1, CHUNKS), size.streams)
            restarts.append(await restart(server, cut))
            clients += cut
        calls = await model.read_calls()
        logs = read_logs(server.folder)
    counts = [calls.get(client.ask.name, CallCount()).count for client in clients]
    return [
        expect_same("kills", size.kills, len(restarts)),
        expect_all("runs heard to their end after the restart", sum(client.has_ended for client in clients),
                   len(clients)),
        *compare(clients, logs).build_figures(),
        *count_ends(logs.values()).build_figures(),
        expect_within("from the first connection after a restart to all ends, worst", MAX_END_S,
                max(each.from_listening for each in restarts)),
        report("the same from the start of the process, median",
             f"{statistics.median(each.from_exec for each in restarts):.1f} s"),
        expect_same("upstream calls per run, at most", 1, max(counts)),
        report("runs that were killed before they had called", counts.count(0)),
    ]  # fmt: skip


async def measure_frozen(size: Size) -> list[Figure]:
    """Freeze one of two servers until the other has taken over its runs, and let it continue."""
    async with run_two_servers(RIG_LEASE_S=str(size.lease_s)) as (one, other, model):
        clients = [Client(one, ScriptedPrompt(chunks=10_000, pause_s=0.02)) for _ in range(size.streams)]
        hearing = asyncio.create_task(start_together(*clients))
        while not all(len(client.received) > FROZEN_CHUNK for client in clients):
            await asyncio.sleep(0.02)
        await one.freeze()
        began = time.monotonic()
        elsewhere = [Client(other, run=client.run) for client in clients]
        await resume_together(*elsewhere)
        taken_s = time.monotonic() - began
        one.signal(signal.SIGCONT)
        await hearing
        after = Client(one, ScriptedPrompt(chunks=5))
        await start_together(after)
        calls, logs = await model.read_calls(), read_logs(one.folder)
        refused = one.log().count("run_events_not_stored")
    return [
        expect_within(
            "frozen worker: until another has ended its runs", LEASES_UNTIL_LOOK * size.lease_s + MAX_END_S, taken_s
        ),
        expect_all("runs whose late writes were refused", refused, len(clients)),
        *count_ends(logs.values()).build_figures(),
        *compare(elsewhere, logs).build_figures(),
        expect_none("events that the frozen worker showed and that are not stored", compare(clients, logs).not_stored),
        expect_same("upstream calls per run", 1, max(calls[client.ask.name].count for client in clients)),
        expect_same("the worker that was frozen serves on", "run.completed", after.last["type"]),
    ]


EXPERIMENT = Experiment(
    "P4",
    "A server that dies is seen soon: its runs end once, as interrupted, and nothing is asked of the model again.",
    measure,
    small=Size(kills=2, streams=8, lease_s=4),
    large=Size(kills=100, streams=8, lease_s=15),
)
