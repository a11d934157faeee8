"""How many bytecodes the interpreter runs for a chunk and for a start: a cost that nothing else on the machine changes.

`python -m bench.bytecodes`. One stream at a time under uvicorn, so that every chunk is a commit of its own; where many
streams run, several share one. Of a chunk only the loop's and the log's threads count: the database's do the starts.
A start also holds what the server did of itself meanwhile, such as its looks of once a second.
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

from bench.load import load
from bench.profile import PARTS
from bench.targets import OTHER_CORE, ROOT, Target, millrace, relay, upstream

PAUSE_S = 0.02
RUNS = 4
FEW, MANY = 10, 60
"""A short stream and a long one tell what a chunk costs and what a start."""
OF_CHUNKS = ("loop", "run-log")
TARGETS = {"bare relay": (relay, "bench.relay"), "Millrace": (millrace, "config.asgi")}
REST = "Python's own library, and the rest"
CHUNK, START = "a chunk, in all", "a start, in all"


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    costs = {name: cost(*target) for name, target in TARGETS.items()}
    write = sys.stdout.write
    write(f"\n| bytecodes | {' | '.join(costs)} |\n|---|{'--:|' * len(costs)}\n")
    for part in (*PARTS, REST, CHUNK, START):
        write(f"| {part} | {' | '.join(f'{each[part]:,.0f}' for each in costs.values())} |\n")


def cost(build: Any, module: str) -> dict[str, float]:
    """Return the bytecodes of a chunk by part, and of a chunk and a start in all."""
    few, many = (counted(build, module, chunks) for chunks in (FEW, MANY))
    more = {part: (many[0][part] - few[0][part]) / RUNS / (MANY - FEW) for part in (*PARTS, REST)}
    chunk = sum(more.values())
    return {**more, CHUNK: chunk, START: (few[0].total() + few[1].total()) / RUNS - FEW * chunk}


def counted(build: Any, module: str, chunks: int) -> tuple[Counter[str], Counter[str]]:
    """Return the bytecodes of `RUNS` streams by part: of the threads of chunks, and of the others."""
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder, upstream(PAUSE_S) as url:
        counts = Path(folder) / "counts"
        os.environ.update(COUNTED=module, COUNTS=str(counts))
        with build(url, chunks, "uvicorn", application="bench.counted:application") as target:
            streams(target)
            told(target, counts)
            streams(target)
            found = told(target, counts)
    of_chunks, others = Counter[str](), Counter[str]()
    for thread, files in found.items():
        for file, count in files.items():
            (of_chunks if thread in OF_CHUNKS else others)[part_of(file)] += count
    return of_chunks, others


def streams(target: Target) -> None:
    for _ in range(RUNS):
        asyncio.run(load(target.port, target.request, 1, 0, spread_s=0))
    time.sleep(0.5)  # a run ends a little after its answer


def told(target: Target, counts: Path) -> dict[str, dict[str, int]]:
    """Return what was counted since the last time, by kind of thread and by file."""
    counts.unlink(missing_ok=True)
    os.kill(target.pid, signal.SIGUSR1)
    while not counts.exists():
        time.sleep(0.05)
    found: dict[str, dict[str, int]] = json.loads(counts.read_text())
    return found


def part_of(file: str) -> str:
    path = file.removeprefix(f"{ROOT}/").rpartition("site-packages/")[2]
    return next((part for part, beginnings in PARTS.items() if path.startswith(beginnings)), REST)


if __name__ == "__main__":
    main()
