"""P10: clients that leave do not stop their runs. Stop does, and it closes the call of the model."""

import asyncio
import time
from dataclasses import dataclass

from tests.faults.clients import Client, open_session, resume_together, start_together
from tests.faults.figures import Experiment, Figure, compare, count_ends, expect_all, expect_same, expect_within
from tests.faults.rig import read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt, UpstreamProcess

MAX_CLOSE_S = 2.0
ENDLESS_CHUNKS = 100_000
"""More chunks than can come before the last run has started."""


@dataclass(frozen=True)
class Size:
    runs: int
    chunks: int


async def measure(size: Size) -> list[Figure]:
    async with run_rig() as (server, model):
        left = [Client(server, ScriptedPrompt(chunks=size.chunks), leave_after=5) for _ in range(size.runs)]
        await start_together(*left)
        for client in left:
            client.leave_after = None
        await resume_together(*left)
        stopped = [
            Client(server, ScriptedPrompt(script, ENDLESS_CHUNKS))
            for script in ("", "silent after one")
            for _ in range(size.runs)
        ]
        closed_s = await cancel_all(stopped, model)
        calls, logs = await model.read_calls(), read_logs(server.folder)
    ran = [client for client in left if client.last["type"] == "run.completed"]
    cancelled = [client for client in stopped if client.last["type"] == "run.cancelled"]
    return [
        expect_all("runs that all clients left, and that completed", len(ran), len(left)),
        expect_all("runs stopped while they streamed or were silent, cancelled", len(cancelled), len(stopped)),
        expect_within("from Stop until the upstream saw its socket closed, worst", MAX_CLOSE_S, max(closed_s)),
        expect_same("upstream calls per run", 1, max(calls[client.ask.name].count for client in [*left, *stopped])),
        *count_ends(logs.values()).build_figures(),
        *compare([*left, *stopped], logs).build_figures(),
    ]


async def cancel_all(clients: list[Client], model: UpstreamProcess) -> list[float]:
    """Stop every run after its first chunk; return how long the upstream's socket stayed open after that."""
    hearing = asyncio.create_task(start_together(*clients))
    while not all(len(client.received) > 1 for client in clients):
        await asyncio.sleep(0.005)
    began = time.monotonic()
    async with open_session() as session:
        await asyncio.gather(*(client.cancel(session) for client in clients))
    await hearing
    left: list[float] = []
    while len(left) < len(clients):
        assert time.monotonic() - began < 60, "a call was never closed"
        await asyncio.sleep(0.02)
        calls = await model.read_calls()
        left = [at - began for client in clients if (at := calls[client.ask.name].left_at) is not None]
    return left


EXPERIMENT = Experiment(
    "P10",
    "A client that leaves does not stop its run. Stop does: the model's call is closed within 2 s.",
    measure,
    small=Size(runs=5, chunks=100),
    large=Size(runs=50, chunks=300),
)
