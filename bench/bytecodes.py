"""Counts the bytecodes that the interpreter runs for a chunk, for a start, and in a second without calls.

`python -m bench.bytecodes` takes about 35 seconds. Other load hardly changes the counts: each is made until two agree,
or `MAX_TRIES` times. `make bytecodes` also compares with `LIMITS`.

It runs one stream at a time under uvicorn, so that every chunk is a commit of its own; of many streams, several chunks
share a commit. For a chunk, only the threads of the event loop and of the run log count, because the database threads
work for starts. What the server does regularly is counted while nobody calls, and taken off the other counts.
"""

import json
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from bench.load import run_load
from bench.profile import PART_PREFIXES
from bench.protocols.calls import NATIVE
from bench.targets import OTHER_CORE, ROOT, Target, run_millrace, run_relay, run_upstream
from bench.workload import Workload

PAUSE_S = 0.03
"""Between two chunks: so long that also on a full machine each is read, stored and sent by itself."""
SHORT, LONG = Workload(chunks=5), Workload(chunks=60)
"""A short stream and a long one: their difference is the cost of chunks, the rest that of a start."""
SHORT_STREAMS, LONG_STREAMS = 3, 3
SHORT_S, LONG_S, IDLE_S = 1, 2, 1
"""How long one count lasts: whole seconds, because the server looks for some things each second."""
SETTLE_S = 0.3
"""A run ends a little after its answer."""
QUIET_S = 11.0
"""After so long, a look of housekeeping has counted the runs before in the usage of their day."""
IDLE_COUNTS = 10
"""What the server does regularly comes each 1, 2, 5 or 10 seconds."""
MAX_DISAGREEMENT = 0.02
MAX_TRIES = 6
CHUNK_THREADS = ("loop", "run-log")
OTHER_PART = "Python's own library, and the rest"
CHUNK, START, IDLE = "a chunk, in all", "a start, in all", "a second without calls"
LIMITS = {CHUNK: 1_880, START: 63_600, IDLE: 5_700}
"""What may not get worse, of Millrace: a little above what was counted last. Who makes it faster lowers them."""
LIMITS_PYTHON = "3.11"
"""Each version of Python has other bytecodes, so the limits hold for this one."""

SERVERS: dict[str, tuple[Any, str]] = {
    "bare relay": (run_relay, "bench.relays.bare"),
    "Millrace": (run_millrace, "config.asgi"),
}

Counts = Counter[tuple[str, str]]
"""By the kind of thread and the part of the program."""
Costs = dict[str, float]
"""By the name of the row that shows them."""


class CountedServer:
    """A server whose bytecodes are counted, and the file to which it writes the counts."""

    def __init__(self, target: Target, file: Path) -> None:
        self._target = target
        self._file = file

    def count(self, seconds: int, workload: Workload | None = None) -> Counts:
        """Return what the server runs in so many seconds, in which it is asked for one stream or for nothing."""
        self._read_counts()
        end = time.monotonic() + seconds
        if workload:
            run_load(self._target, 1, workload)
        time.sleep(max(0.0, end - time.monotonic()))
        return self._read_counts()

    def count_streams(self, idle: Counts, form: str = NATIVE) -> tuple[Counts, Counts]:
        """Return what a short stream and a long one take in a protocol, beside what the server does each second."""
        brief, lasting = SHORT._replace(form=form), LONG._replace(form=form)
        run_load(self._target, 1, brief)  # opens what was closed meanwhile
        time.sleep(SETTLE_S)
        short = [_subtract(self.count(SHORT_S, brief), idle, SHORT_S) for _ in range(SHORT_STREAMS)]
        long = [_subtract(self.count(LONG_S, lasting), idle, LONG_S) for _ in range(LONG_STREAMS)]
        return take_median(short), take_median(long)

    def _read_counts(self) -> Counts:
        """Return what the server has run since the last call."""
        self._file.unlink(missing_ok=True)
        os.kill(self._target.pids[0], signal.SIGUSR1)
        while not self._file.exists():
            time.sleep(0.01)
        counts: Counts = Counter()
        by_thread: dict[str, dict[str, int]] = json.loads(self._file.read_text())
        for thread, files in by_thread.items():
            for file, count in files.items():
                counts[thread, find_part(file)] += count
        return counts


def take_median(counted: Sequence[Counts]) -> Counts:
    """Return the median of each count. What the server does each 5 or 10 seconds falls into one of several counts."""
    return Counter({key: statistics.median(each[key] for each in counted) for key in set().union(*counted)})


def _subtract(counts: Counts, idle: Counts, seconds: int) -> Counts:
    return Counter({key: counts[key] - idle[key] * seconds for key in counts.keys() | idle.keys()})


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    with run_upstream(PAUSE_S) as url, ThreadPoolExecutor(len(SERVERS)) as beside:
        costs = list(beside.map(partial(count_costs, url), SERVERS))
    sys.stdout.write(write_table(costs))
    problems = list(find_excess(costs[-1])) if "--check" in sys.argv else []
    sys.stdout.write("".join(f"{problem}\n" for problem in problems))
    raise SystemExit(bool(problems))


def count_costs(url: str, name: str) -> dict[str, float]:
    """Return the costs of a server by part."""
    run, module = SERVERS[name]
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        file = Path(folder) / "counts"
        variables = {"COUNTED": module, "COUNTS": str(file)}
        with run(url, "uvicorn", (SHORT, LONG), module="bench.bytecode_counter", **variables) as target:
            server = CountedServer(target, file)
            run_load(target, 2, SHORT)
            time.sleep(QUIET_S)
            idle = [server.count(IDLE_S) for _ in range(IDLE_COUNTS)]
            each_second = take_median(idle)
            counted = (compute_costs(*server.count_streams(each_second)) for _ in range(MAX_TRIES))
            return {**choose_costs(name, counted), IDLE: compute_idle(idle)}


def choose_costs(name: str, counted: Iterator[Costs]) -> Costs:
    """Return the mean of the first two counts that agree, or the median of all when the machine lets no two agree."""
    seen: list[Costs] = []
    for costs in counted:
        if agreeing := next((each for each in seen if agree(each, costs)), None):
            return {part: (costs[part] + agreeing[part]) / 2 for part in costs}
        seen.append(costs)
        if len(seen) > 1:
            sys.stderr.write(f"{name}: no two of {len(seen)} counts agree yet, another one is made\n")
    sys.stderr.write(f"{name}: the machine is too busy for two counts that agree, so their median is taken\n")
    return {part: statistics.median(each[part] for each in seen) for part in seen[0]}


def agree(one: Costs, other: Costs) -> bool:
    return all(abs(one[part] - other[part]) <= MAX_DISAGREEMENT * one[part] for part in (CHUNK, START))


def compute_idle(idle: Sequence[Counts]) -> float:
    """Return the mean of the seconds. One that what comes each second has just missed counts as the median."""
    totals = [each.total() for each in idle]
    usual = statistics.median(totals)
    return sum(max(total, usual) for total in totals) / len(totals)


def compute_costs(short: Counts, long: Counts) -> Costs:
    """Return the bytecodes of a chunk by part, those of a whole chunk, and those of a start."""
    of_chunk = {
        part: sum(long[thread, part] - short[thread, part] for thread in CHUNK_THREADS) / (LONG.chunks - SHORT.chunks)
        for part in (*PART_PREFIXES, OTHER_PART)
    }
    chunk = sum(of_chunk.values())
    return {**of_chunk, CHUNK: chunk, START: short.total() - SHORT.chunks * chunk}


def write_table(costs: Sequence[Mapping[str, float]]) -> str:
    """Return the Markdown that `docs/benchmarks.md` holds."""
    rows = [f"| {part} | {' | '.join(f'{each[part]:,.0f}' for each in costs)} |\n" for part in costs[0]]
    return f"\n| bytecodes | {' | '.join(SERVERS)} |\n|---|{'--:|' * len(costs)}\n{''.join(rows)}\n"


def find_excess(cost: Mapping[str, float]) -> Iterator[str]:
    """Yield what Millrace takes beyond `LIMITS`."""
    if not platform.python_version().startswith(LIMITS_PYTHON):
        sys.stdout.write(f"The limits are those of Python {LIMITS_PYTHON}: not compared.\n")
        return
    for part, limit in LIMITS.items():
        if cost[part] > limit:
            yield f"{part}: {cost[part]:,.0f} bytecodes, and at most {limit:,} are allowed."


def find_part(file: str) -> str:
    path = file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return next((part for part, beginnings in PART_PREFIXES.items() if path.startswith(beginnings)), OTHER_PART)


if __name__ == "__main__":
    main()
