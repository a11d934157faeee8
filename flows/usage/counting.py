"""Counts finished runs in the usage of their day, once each. Sync; for database threads.

A run is counted some seconds after its end, by housekeeping. Until then readers add it up from its own row.
"""

from collections.abc import Iterator, Sequence
from uuid import UUID

from pydantic_core import from_json

from flows.events.model_tokens import (
    COUNTED,
    ModelTokens,
    sum_model_tokens,
    write_model_tokens,
)
from flows.log import rows
from flows.models import Run
from flows.usage.days import count_at_once
from web.lookups import fetch_all, write_for_driver

UNKNOWN_MODEL = ""
"""Of tokens of an old run, of which nothing tells the model any more."""
UNCOUNTED = "SELECT id FROM flows_run WHERE counted_at IS NULL AND finished_at IS NOT NULL LIMIT %s"


def find_uncounted_runs(limit: int) -> list[UUID]:
    """Return such runs of all workspaces, in no order."""
    due = fetch_all(write_for_driver(UNCOUNTED), [limit])
    return [UUID(str(id)) for (id,) in due]


def count_runs(run_ids: Sequence[UUID]) -> Iterator[None]:
    """Count finished runs; yield after each short step, of which any thread may do the next.

    What an old run has cost is read from its log first. Of several processes that do this at once, each counts others.
    """
    runs = Run.objects.filter(pk__in=run_ids)
    for run_id in list(runs.filter(tokens=None).values_list("pk", flat=True)):
        yield from _recall_tokens(run_id)
    count_at_once(runs)
    yield


def _recall_tokens(run_id: UUID) -> Iterator[None]:
    """Store what the log of an old run says of its cost, or what is kept of an expired log; yield after each page."""
    events = []
    for frames in rows.read_pages(run_id):
        events += [from_json(frame.data) for frame in frames if frame.type in COUNTED]
        yield
    kept = None if events else Run.objects.filter(pk=run_id).values_list("kept", flat=True).first()
    parts = _read_kept(kept) if kept else sum_model_tokens(events)
    Run.objects.filter(pk=run_id, tokens=None).update(tokens=write_model_tokens(parts))
    yield


def _read_kept(kept: dict[str, object]) -> list[ModelTokens]:
    """Return what remains of an expired log: all tokens of the run, without the names of the models."""
    usage = kept.get("usage")
    if not isinstance(usage, dict):
        return []
    event = {"type": "usage", "node": "", "model": UNKNOWN_MODEL, **usage}
    return sum_model_tokens([{"type": "run.started", "simulator": bool(kept.get("simulator"))}, event])
