"""Measures the answer of `GET /api/v1/usage` in a database of so many runs: `python -m bench.usage [RUNS]`.

The runs are of 90 days, 12 flows with 3 versions each, 4 API keys and members; nine in ten ask a model,
each flow its own.
It prints the time and the processor time of an answer, for the usual 30 days and for all 90. Takes about three minutes.
"""

import os
import random
import statistics
import sys
import tempfile
import time
import uuid
from datetime import timedelta
from typing import Any

from bench.seed import prepare_workspace

RUNS, DAYS, FLOWS, VERSIONS, CALLERS = 100_000, 90, 12, 3, 5
BATCH = 2_000
ANSWERS = 15
MODELS = ("claude-sonnet-5-5", "claude-opus-5-5", "claude-haiku-5-5")


def create_versions(workspace: Any) -> list[tuple[Any, list[Any]]]:
    """Return flows, each with its versions."""
    from flows import services
    from flows.models import FlowVersion

    found = []
    for number in range(FLOWS):
        flow = services.create_flow(workspace.pk, f"Flow {number}")
        more = [FlowVersion.objects.create(flow=flow, revision=2 + step, graph={}) for step in range(VERSIONS - 1)]
        found.append((flow, [flow.versions.get(revision=1), *more]))
    return found


def build_run(flows: list[tuple[Any, list[Any]]], owners: list[str], age: float, chance: random.Random) -> Any:
    """Return a run that ended so many days ago; versions follow each other in time."""
    from django.utils import timezone

    from flows.events.model_tokens import ModelTokens, write_model_tokens
    from flows.models import Run

    flow, versions = chance.choice(flows)
    ended = timezone.now() - timedelta(days=age)
    tokens = [
        ModelTokens(MODELS[versions[0].pk % len(MODELS)], "usual", 1, chance.randrange(4_000), chance.randrange(900))
    ]
    return Run(
        workspace_id=flow.workspace_id,
        flow=flow,
        version=versions[min(int((DAYS - age) / DAYS * VERSIONS), VERSIONS - 1)],
        worker=uuid.uuid4(),
        owner=chance.choice(owners),
        status="failed" if chance.random() < 0.03 else "completed",
        finished_at=ended,
        duration_ms=3_000,
        first_item_ms=int(chance.lognormvariate(6.3, 0.5)),
        tokens=write_model_tokens(tokens if chance.random() < 0.9 else []),
    )


def fill(workspace: Any, runs: int) -> None:
    """Store the runs and count them, as housekeeping does."""
    from flows.models import Run
    from flows.usage.counting import count_runs, find_uncounted_runs
    from workspaces import keys

    chance = random.Random(1)  # noqa: S311  # the same runs each time
    flows = create_versions(workspace)
    rows = [keys.issue_key(workspace, None, name=f"Key {n}", policies=["execute"])[0] for n in range(CALLERS - 1)]
    owners = ["user:1", *(f"key:{row.pk}" for row in rows)]
    for first in range(0, runs, BATCH):
        ages = [DAYS * (1 - number / runs) for number in range(first, first + BATCH)]
        Run.objects.bulk_create([build_run(flows, owners, age, chance) for age in ages])
        while found := find_uncounted_runs(BATCH):
            for _ in count_runs(found):
                pass


def measure(client: Any, query: dict[str, str]) -> tuple[float, float]:
    """Return the median of the milliseconds of an answer, by the clock and of the processor."""
    times, works = [], []
    for _ in range(ANSWERS):
        began, work = time.perf_counter(), time.thread_time()
        answer = client.get("/api/v1/usage", query)
        times.append((time.perf_counter() - began) * 1000)
        works.append((time.thread_time() - work) * 1000)
        assert answer.status_code == 200, answer.content
    return statistics.median(times), statistics.median(works)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MILLRACE_DATA_DIR": folder, "MILLRACE_DEBUG": "0"}
        workspace = prepare_workspace()
        fill(workspace, runs)
        from django.test import Client
        from django.utils import timezone

        from flows.models import UsageOfDay
        from workspaces import keys

        _, key = keys.issue_key(workspace, None, name="Reader", policies=["configure"])
        client = Client(headers={"Authorization": f"Bearer {key}"}, SERVER_NAME="127.0.0.1")
        sys.stdout.write(f"{runs:,} runs, {UsageOfDay.objects.count():,} rows of days\n")
        for days in (30, DAYS):
            first = (timezone.now() - timedelta(days=days - 1)).date().isoformat()
            clock, work = measure(client, {"from": first})
            sys.stdout.write(f"{days} days: {clock:.1f} ms by the clock, {work:.1f} ms of the processor\n")


if __name__ == "__main__":
    main()
