"""Measures how much disk finished runs take, as rows, compacted and without their logs, how many commits a second store
them, and how long the steps of compacting one take.

`python -m bench.disk` takes a few seconds. The database is SQLite, or with `MILLRACE_DATABASE_URL` an empty PostgreSQL
database. Space that has become free counts as free.
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

from flows.log.frames import Frame

RUNS, CHUNKS = 50, 400
TABLES = ["flows_run", "flows_runevent", "flows_runarchive"]
TEXT = Path(__file__).parents[1] / "demo" / "documents" / "mill-race.md"


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        os.environ |= {"MILLRACE_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        import django

        django.setup()
        measure()


def measure() -> None:
    from django.core.management import call_command

    from flows.log import archive, retention

    call_command("migrate", verbosity=0)
    empty = measure_used_bytes()
    runs = create_runs()
    rates = [write_events(runs), write_events(runs[:1], CHUNKS + 1)]
    sizes = [measure_used_bytes() - empty]
    steps = [time_steps(archive.compact_run(run)) for run in runs]
    sizes.append(measure_used_bytes() - empty)
    for run in runs:
        time_steps(retention.expire_log(run))
    report([*sizes, measure_used_bytes() - empty], steps)
    for count, rate in zip((RUNS, 1), rates, strict=True):
        sys.stdout.write(f"commits of {count} event{'s' * (count > 1)}: {rate:.0f} a second\n")


def time_steps(steps: Iterator[None]) -> list[float]:
    """Execute all steps; return the seconds that each took."""
    times = [time.perf_counter()]
    times += [time.perf_counter() for _ in steps] + [time.perf_counter()]
    return [later - earlier for earlier, later in pairwise(times)]


def create_runs() -> list[UUID]:
    from flows.models import Flow, FlowVersion, Run
    from workspaces.models import Workspace

    workspace = Workspace.objects.create(name="Bench")
    flow = Flow.objects.create(workspace=workspace, name="Bench")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    fields = {"workspace": workspace, "flow": flow, "version": version, "worker": UUID(int=1)}
    return [Run.objects.create(**fields).pk for _ in range(RUNS)]


def write_events(runs: list[UUID], first: int = 0) -> float:
    """Store events as a server does: interleaved, one of each run in a commit. Return how many commits a second."""
    from flows.events.events import encode
    from flows.log import rows

    words = [f" {word}" for word in TEXT.read_text("utf-8").split()]
    chance = random.Random(1)  # noqa: S311  # the same events each time
    starts = [chance.randrange(len(words)) for _ in runs]
    seconds = 0.0
    for index in range(first, first + CHUNKS + 1):
        batch: list[rows.Entry] = []
        for run, start in zip(runs, starts, strict=True):
            text = words[(start + index) % len(words)]
            event = _build_event(index, text, 400 + index * 20 + chance.randrange(4))
            batch.append((run, Frame(event["seq"], event["type"], encode(event)), None))
        began = time.perf_counter()
        rows.commit_batch(batch)
        seconds += time.perf_counter() - began
    return (CHUNKS + 1) / seconds


def _build_event(index: int, text: str, ms: int) -> Any:
    head = {"seq": index + 1, "ms": ms}
    if index in (CHUNKS, 2 * CHUNKS + 1):
        return {"type": "run.completed", **head, "result": None, "finish_reason": "end_turn", "usage": None}
    source = {"node": "yield", "source": "answer", "message": index}
    return {"type": "item", **head, "index": index, **source, "text": text}


def measure_used_bytes() -> int:
    """Return the bytes of the database that are in use: of a run its row, what it gave, and its events."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM FULL flows_run, flows_runevent, flows_runarchive")
            cursor.execute("SELECT sum(pg_total_relation_size(t)) FROM unnest(%s::regclass[]) t", [TABLES])
            return int(cursor.fetchone()[0])
        counts = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")]
        size: int = cursor.execute("PRAGMA page_size").fetchone()[0]
    return (counts[0] - counts[1]) * size


def report(sizes: list[int], runs: list[list[float]]) -> None:
    from django.db import connection

    write = sys.stdout.write
    chunks = (RUNS + 1) * CHUNKS
    write(f"\n{RUNS} interleaved runs of {CHUNKS} chunks, {connection.vendor}\n\n")
    rows, archives, kept = sizes
    write(f"bytes per chunk: {rows / chunks:.0f} as rows, {archives / chunks:.0f} compacted\n")
    write(
        f"bytes per run: {rows / RUNS:,.0f} as rows, {archives / RUNS:,.0f} compacted, {kept / RUNS:,.0f} without log\n"
    )
    steps = sorted(step * 1e3 for run in runs for step in run)
    write(f"steps of compacting a run: {len(runs[0])}, together {statistics.median(map(sum, runs)) * 1e3:.1f} ms\n")
    write(f"one step: {statistics.median(steps):.1f} ms at the median, ")
    write(f"{steps[int(len(steps) * 0.99)]:.1f} at the 99th percentile, {steps[-1]:.1f} at most\n")


if __name__ == "__main__":
    main()
