"""Measures what finished runs take on the disk, as rows and compacted, and how long the steps of compacting one are.

`python -m bench.disk` takes a few seconds. The database is SQLite; a page that has become free counts as free.
"""

import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

RUNS, CHUNKS = 50, 400
TEXT = Path(__file__).parents[1] / "config" / "demo" / "mill-race.md"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        os.environ |= {"MILLRACE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command

    from flows.log import archive

    call_command("migrate", verbosity=0)
    runs = stored_runs()
    empty = used()
    write(runs)
    rows = used() - empty
    steps = [timed(archive.compact_run(run)) for run in runs]
    report(rows, used() - empty, steps)


def timed(steps: Iterator[None]) -> list[float]:
    """Take all steps; return the seconds that each took."""
    times = [time.perf_counter()]
    times += [time.perf_counter() for _ in steps] + [time.perf_counter()]
    return [later - earlier for earlier, later in pairwise(times)]


def stored_runs() -> list[UUID]:
    from flows.models import Flow, FlowVersion, Run
    from workspaces.models import Workspace

    workspace = Workspace.objects.create(name="Bench")
    flow = Flow.objects.create(workspace=workspace, name="Bench")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    made = {"workspace": workspace, "flow": flow, "version": version, "worker": UUID(int=1)}
    return [Run.objects.create(**made).pk for _ in range(RUNS)]


def write(runs: list[UUID]) -> None:
    """Store the runs as they come from a server: interleaved, a commit for one event of each."""
    from flows.events.events import encode
    from flows.log import rows

    words = [f" {word}" for word in TEXT.read_text("utf-8").split()]
    chance = random.Random(1)  # noqa: S311  # the same events each time
    starts = [chance.randrange(len(words)) for _ in runs]
    for index in range(CHUNKS + 1):
        batch: list[rows.Entry] = []
        for run, start in zip(runs, starts, strict=True):
            text = words[(start + index) % len(words)]
            event = _event(index, text, 400 + index * 20 + chance.randrange(4))
            batch.append((run, rows.Frame(event["seq"], event["type"], encode(event)), None))
        rows.commit_batch(batch)


def _event(index: int, text: str, ms: int) -> Any:
    head = {"seq": index + 1, "ms": ms}
    if index == CHUNKS:
        return {"type": "run.completed", **head, "result": None, "finish_reason": "end_turn", "usage": None}
    source = {"node": "yield", "source": "answer", "message": index}
    return {"type": "item", **head, "index": index, **source, "text": text}


def used() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        counts = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")]
        size: int = cursor.execute("PRAGMA page_size").fetchone()[0]
    return (counts[0] - counts[1]) * size


def report(rows: int, archives: int, runs: list[list[float]]) -> None:
    out = sys.stdout.write
    chunks = RUNS * CHUNKS
    out(f"\n{RUNS} interleaved runs of {CHUNKS} chunks, SQLite\n\n")
    out(f"bytes per chunk: {rows / chunks:.0f} as rows, {archives / chunks:.0f} compacted\n")
    steps = sorted(step * 1e3 for run in runs for step in run)
    out(f"steps of compacting a run: {len(runs[0])}, together {statistics.median(map(sum, runs)) * 1e3:.1f} ms\n")
    out(f"one step: {statistics.median(steps):.1f} ms at the median, ")
    out(f"{steps[int(len(steps) * 0.99)]:.1f} at the 99th percentile, {steps[-1]:.1f} at most\n")


if __name__ == "__main__":
    main()
