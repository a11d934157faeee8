"""Counts the bytecodes that the interpreter runs for a chunk and for a start; other load does not change them.

`python -m bench.bytecodes`. It runs one stream at a time under uvicorn, so that every chunk is a commit of its own; of
many streams, several chunks share a commit. For a chunk, only the threads of the event loop and of the run log count,
because the database threads work for starts. The figure of a start also contains what the server does regularly
meanwhile, such as renewing its lease.
"""

import asyncio
import json
import os
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.load import read_streams
from bench.profile import PART_PREFIXES
from bench.targets import OTHER_CORE, ROOT, Target, run_millrace, run_relay, run_upstream

PAUSE_S = 0.02
RUNS = 4
SHORT_CHUNKS, LONG_CHUNKS = 10, 60
"""The chunks of a short stream and of a long one: their difference is the cost of chunks, the rest that of a start."""
CHUNK_THREADS = ("loop", "run-log")
TARGETS = {"bare relay": (run_relay, "bench.relay"), "Millrace": (run_millrace, "config.asgi")}
OTHER_PART = "Python's own library, and the rest"
CHUNK_TOTAL, START_TOTAL = "a chunk, in all", "a start, in all"


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    costs = {name: compute_costs(*target) for name, target in TARGETS.items()}
    write = sys.stdout.write
    write(f"\n| bytecodes | {' | '.join(costs)} |\n|---|{'--:|' * len(costs)}\n")
    for part in (*PART_PREFIXES, OTHER_PART, CHUNK_TOTAL, START_TOTAL):
        write(f"| {part} | {' | '.join(f'{each[part]:,.0f}' for each in costs.values())} |\n")


def compute_costs(build: Any, module: str) -> dict[str, float]:
    """Return the bytecodes of a chunk by part, and those of a whole chunk and of a whole start."""
    short, long = (count_bytecodes(build, module, chunks) for chunks in (SHORT_CHUNKS, LONG_CHUNKS))
    of_chunk = {
        part: (long[0][part] - short[0][part]) / RUNS / (LONG_CHUNKS - SHORT_CHUNKS)
        for part in (*PART_PREFIXES, OTHER_PART)
    }
    chunk = sum(of_chunk.values())
    return {
        **of_chunk,
        CHUNK_TOTAL: chunk,
        START_TOTAL: (short[0].total() + short[1].total()) / RUNS - SHORT_CHUNKS * chunk,
    }


def count_bytecodes(build: Any, module: str, chunks: int) -> tuple[Counter[str], Counter[str]]:
    """Return the bytecodes of `RUNS` streams by part: those of `CHUNK_THREADS`, and those of all other threads."""
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder, run_upstream(PAUSE_S) as url:
        counts = Path(folder) / "counts"
        os.environ.update(COUNTED=module, COUNTS=str(counts))
        with build(url, chunks, "uvicorn", application="bench.bytecode_counter:application") as target:
            run_streams(target)
            read_counts(target, counts)
            run_streams(target)
            by_thread = read_counts(target, counts)
    chunk_counts, other_counts = Counter[str](), Counter[str]()
    for thread, files in by_thread.items():
        for file, count in files.items():
            (chunk_counts if thread in CHUNK_THREADS else other_counts)[find_part(file)] += count
    return chunk_counts, other_counts


def run_streams(target: Target) -> None:
    for _ in range(RUNS):
        asyncio.run(read_streams(target.port, target.request, 1, 0, spread_s=0))
    time.sleep(0.5)  # a run ends a little after its answer


def read_counts(target: Target, counts: Path) -> dict[str, dict[str, int]]:
    """Return the counts since the last call, by kind of thread and by source file."""
    counts.unlink(missing_ok=True)
    os.kill(target.pid, signal.SIGUSR1)
    while not counts.exists():
        time.sleep(0.05)
    by_thread: dict[str, dict[str, int]] = json.loads(counts.read_text())
    return by_thread


def find_part(file: str) -> str:
    path = file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return next((part for part, beginnings in PART_PREFIXES.items() if path.startswith(beginnings)), OTHER_PART)


if __name__ == "__main__":
    main()
