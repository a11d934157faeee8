"""Abuse: everything that costs much, sent at once, slows no reader and takes little memory."""

import asyncio
import json
import statistics
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

from bench.load import SPREAD_S, compute_percentile, read_streams
from bench.targets import CORE, OTHER_CORE, ROOT, build_post, stay_on
from tests.abuse.dear_bodies import create_flow
from tests.abuse.probes import MAX_GROWTH_MB, watch
from tests.faults.clients import open_session
from tests.faults.figures import Experiment, Figure, expect_at_most, expect_none, report
from tests.faults.rig import Server, get_site, run_rig
from tests.faults.upstream import ScriptedPrompt

CHUNKS, PAUSE_S = 100, 0.05
"""As a model writes, so that the server is not busy with the readers alone."""
MAX_P99_RATIO = 1.2
LONGEST_S = 120
LOWEST_PRIORITY = ("nice", "-n", "19")


@dataclass(frozen=True)
class Size:
    readers: int
    rounds: int
    judges_times: bool


@dataclass(frozen=True)
class Round:
    """The 99th percentiles of the delays in milliseconds, and by sample of the abuse how often each status came."""

    alone: float
    beside: float
    statuses: dict[str, dict[str, int]]


async def measure(size: Size) -> list[Figure]:
    return [*await measure_under("daphne", size), *await measure_under("uvicorn", size)]


async def measure_under(kind: str, size: Size) -> list[Figure]:
    """Measure one kind of server, which has a core for itself. The clients share the other one.

    How late the readers are is then the server's doing, and not that of the process which sends the abuse.
    """
    async with AsyncExitStack() as stack:
        with stay_on(CORE):
            server, _ = await stack.enter_async_context(run_rig(kind))
        stack.enter_context(stay_on(OTHER_CORE))
        flow = await create_dear_flow(server)
        await read_delays(server, size)
        async with watch(server.port, server.pid) as harm:
            rounds = [await measure_round(server, size, flow) for _ in range(size.rounds)]
    statuses = rounds[-1].statuses
    wrong = [name for name, found in statuses.items() if has_server_error(found)]
    figures = [
        report(f"{kind}: answers to the abuse", json.dumps(statuses)),
        expect_none(f"{kind}: samples that met an error of the server", len(wrong)),
        expect_at_most(f"{kind}: memory", MAX_GROWTH_MB, harm.growth_mb, "MB"),
    ]
    return [*figures, compare_p99(kind, rounds)] if size.judges_times else figures


async def measure_round(server: Server, size: Size, flow: str) -> Round:
    """Read beside the abuse and, where times are judged, as often without it, because the machine's load varies."""
    beside: list[list[float]] = []
    async with asyncio.TaskGroup() as tasks:
        sending = tasks.create_task(send_samples(server, size, flow))
        while not sending.done():
            beside.append(await read_delays(server, size))
    alone = [await read_delays(server, size) for _ in beside if size.judges_times]
    return Round(compute_p99(alone), compute_p99(beside), sending.result())


def compute_p99(readings: Iterable[list[float]]) -> float:
    return compute_percentile([delay for reading in readings for delay in reading], 0.99)


def has_server_error(statuses: Iterable[str]) -> bool:
    return any(status.startswith("5") and status != "503" for status in statuses)


def compare_p99(kind: str, rounds: list[Round]) -> Figure:
    """Compare within each round, because the machine's own pace differs from one to the next."""
    quiet = statistics.median(each.alone for each in rounds)
    loud = statistics.median(each.beside for each in rounds)
    ratio = statistics.median(each.beside / each.alone for each in rounds)
    what = f"{kind}: p99 of the readers' chunks beside the abuse, {loud:.1f} ms, and alone, {quiet:.1f}"
    return Figure(what, "≤ + 20 %", f"{100 * (ratio - 1):+.0f} %", ratio <= MAX_P99_RATIO)


async def create_dear_flow(server: Server) -> str:
    async with open_session() as session:
        session.headers["Authorization"] = f"Bearer {get_site().key}"
        return await create_flow(session, server.url)


async def read_delays(server: Server, size: Size) -> list[float]:
    """Return the delays of the readers' chunks, in milliseconds. Each reads its own run."""
    path = f"/api/v1/flows/{get_site().flows['patient']}/stream"
    request = build_post(path, server.port, get_site().key, ScriptedPrompt(chunks=CHUNKS, pause_s=PAUSE_S).prompt)
    reading = await read_streams(server.port, request, size.readers, CHUNKS, SPREAD_S)
    assert not reading.lost
    return reading.delays_ms


async def send_samples(server: Server, size: Size, flow: str) -> Any:
    """Send the abuse from another process; return by sample how often each status came.

    It shares its core with the clients and the model. Where times are judged, it has the lowest priority; else it would
    not come to its end on a busy machine.
    """
    priority = LOWEST_PRIORITY if size.judges_times else ()
    samples = [sys.executable, "-m", "tests.abuse.samples", str(server.port), get_site().key, flow]
    sender = await asyncio.create_subprocess_exec(*priority, *samples, cwd=ROOT, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(LONGEST_S):
        result, errors = await sender.communicate()
    assert sender.returncode == 0, errors.decode()
    return json.loads(result)


EXPERIMENT = Experiment(
    "abuse",
    "Whoever sends everything at once that costs much slows no reader, and takes little memory.",
    measure,
    small=Size(readers=5, rounds=1, judges_times=False),
    large=Size(readers=50, rounds=7, judges_times=True),
)
