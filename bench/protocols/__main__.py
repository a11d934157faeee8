"""Measures what a chunk costs in each protocol beside native SSE: `python -m bench.protocols`, in about seven minutes.

One server is loaded in one protocol after the other, in several rounds; what counts is the ratio within a round. Then
the bytecodes of a chunk are counted, as `bench.bytecodes` does, which other work on the machine hardly changes.
"""

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from bench.bytecodes import CHUNK, IDLE_COUNTS, IDLE_S, LONG, QUIET_S, SHORT, CountedServer, compute_costs, take_median
from bench.bytecodes import PAUSE_S as COUNTED_PAUSE_S
from bench.figures import compute_difference, compute_ratio
from bench.load import run_load
from bench.protocols.calls import CALLS, NATIVE
from bench.targets import OTHER_CORE, PAUSE_S, Target, run_millrace, run_upstream
from bench.workload import Workload

ROUNDS = 5
STREAMS = 50
CHUNKS = 250
LONE_STREAMS = 15


@dataclass
class Cost:
    """What was measured in one protocol. Each list has an element for each round."""

    chunk_us: list[float] = field(default_factory=list)
    """Processor time of a chunk, starts included."""
    lone_ms: list[float] = field(default_factory=list)
    """Until the first chunk of a stream that has the server for itself."""
    lost: int = 0
    bytecodes: float = 0.0
    """Of a chunk that is a commit of its own."""


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    costs = {form: Cost() for form in CALLS}
    measure_time(costs)
    count_bytecodes(costs)
    sys.stdout.write(write_table(costs))


def measure_time(costs: Mapping[str, Cost]) -> None:
    workloads = [Workload(chunks, form=form) for form in costs for chunks in (1, CHUNKS)]
    with run_upstream(PAUSE_S) as url, run_millrace(url, "uvicorn", workloads, keeps_house=False) as target:
        for form in costs:
            run_load(target, 4, Workload(CHUNKS, form=form))
        for number in range(ROUNDS):
            for form, cost in costs.items():
                sys.stderr.write(f"round {number + 1} of {ROUNDS}: {form}\n")
                _measure_round(target, form, cost)


def _measure_round(target: Target, form: str, cost: Cost) -> None:
    lone = [run_load(target, 1, Workload(1, form=form)).first[0] for _ in range(LONE_STREAMS)]
    cost.lone_ms.append(statistics.median(lone))
    before = target.read_cpu_s()
    reading = run_load(target, STREAMS, Workload(CHUNKS, form=form))
    cost.chunk_us.append((target.read_cpu_s() - before) * 1e6 / len(reading.delays_ms))
    cost.lost += reading.lost


def count_bytecodes(costs: Mapping[str, Cost]) -> None:
    workloads = [each._replace(form=form) for form in costs for each in (SHORT, LONG)]
    with run_upstream(COUNTED_PAUSE_S) as url, tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        variables = {"COUNTED": "config.asgi", "COUNTS": str(Path(folder) / "counts")}
        with run_millrace(url, "uvicorn", workloads, module="bench.bytecode_counter", **variables) as target:
            server = CountedServer(target, Path(variables["COUNTS"]))
            for form in costs:
                run_load(target, 2, SHORT._replace(form=form))
            time.sleep(QUIET_S)
            idle = take_median([server.count(IDLE_S) for _ in range(IDLE_COUNTS)])
            for form, cost in costs.items():
                sys.stderr.write(f"bytecodes: {form}\n")
                cost.bytecodes = compute_costs(*server.count_streams(idle, form))[CHUNK]


def write_table(costs: Mapping[str, Cost]) -> str:
    """Return the Markdown that `docs/benchmarks.md` holds."""
    rows = [
        f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        "`make bench-protocols`:",
        "",
        f"| uvicorn | CPU µs per chunk | … times {NATIVE} | bytecodes per chunk | … times {NATIVE} "
        f"| first chunk, ms | … more than {NATIVE} | lost chunks |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
        *(_write_row(form, cost, costs[NATIVE]) for form, cost in costs.items()),
    ]
    return "\n".join(rows) + "\n"


def _write_row(form: str, cost: Cost, native: Cost) -> str:
    median = statistics.median
    cells = (
        f"{median(cost.chunk_us):.0f}",
        f"{compute_ratio(cost.chunk_us, native.chunk_us):.2f}",
        f"{cost.bytecodes:,.0f}",
        f"{cost.bytecodes / native.bytecodes:.2f}",
        f"{median(cost.lone_ms):.2f}",
        f"{compute_difference(cost.lone_ms, native.lone_ms):+.2f}",
        str(cost.lost),
    )
    return f"| {form} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
