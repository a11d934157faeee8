"""P10: clients that leave do not stop their runs; Stop does, and closes the call of the model."""

import asyncio
import time
from dataclasses import dataclass

from tests.faults.clients import Client, http, resumed, together
from tests.faults.figures import Experiment, Figure, all_of, at_most, compared, ends, same
from tests.faults.rig import rig, stored
from tests.faults.upstream import Ask, Running

CLOSED_WITHIN_S = 2.0
ENDLESS = 100_000
"""Chunks: more than come before the last run has begun."""


@dataclass(frozen=True)
class Size:
    runs: int
    chunks: int


async def measure(size: Size) -> list[Figure]:
    async with rig() as (server, model):
        left = [Client(server, Ask(chunks=size.chunks), leave_after=5) for _ in range(size.runs)]
        await together(*left)
        for client in left:
            client.leave_after = None
        await resumed(*left)
        stopped = [
            Client(server, Ask(script, ENDLESS)) for script in ("", "silent after one") for _ in range(size.runs)
        ]
        closed_s = await stop(stopped, model)
        calls, logs = await model.calls(), stored(server.folder)
    ran = [client for client in left if client.last["type"] == "run.completed"]
    cancelled = [client for client in stopped if client.last["type"] == "run.cancelled"]
    return [
        all_of("runs that all clients left, and that completed", len(ran), len(left)),
        all_of("runs stopped while they streamed or were silent, cancelled", len(cancelled), len(stopped)),
        at_most("from Stop until the upstream saw its socket closed, worst", CLOSED_WITHIN_S, max(closed_s), "s"),
        same("upstream calls per run", 1, max(calls[client.ask.name].count for client in [*left, *stopped])),
        *ends(logs.values()).figures(),
        *compared([*left, *stopped], logs).figures(),
    ]


async def stop(clients: list[Client], model: Running) -> list[float]:
    """Stop every run after its first chunk; return how long the upstream's socket stayed open after that."""
    hearing = asyncio.create_task(together(*clients))
    while not all(len(client.received) > 1 for client in clients):
        await asyncio.sleep(0.005)
    began = time.monotonic()
    async with http() as session:
        await asyncio.gather(*(client.cancel(session) for client in clients))
    await hearing
    left: list[float] = []
    while len(left) < len(clients):
        assert time.monotonic() - began < 60, "a call was never closed"
        await asyncio.sleep(0.02)
        calls = await model.calls()
        left = [at - began for client in clients if (at := calls[client.ask.name].left_at) is not None]
    return left


EXPERIMENT = Experiment(
    "P10",
    "A client that leaves does not stop its run. Stop does: the model's call is closed within 2 s.",
    measure,
    small=Size(runs=5, chunks=100),
    large=Size(runs=50, chunks=300),
)
