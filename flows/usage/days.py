"""Adds up finished runs by the day on which they ended, each counted once. Sync; for database threads."""

from collections.abc import Iterable
from datetime import UTC
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from flows.caller_kinds import OWNER_KINDS, get_caller_kind
from flows.events.model_tokens import add_model_tokens, read_model_tokens, write_model_tokens
from flows.models import Run, RunStatus, UsageOfDay
from flows.usage.durations import count_durations, read_durations, write_durations
from web.database import hold_lock

FAILED = frozenset({RunStatus.FAILED, RunStatus.INTERRUPTED})
FIELDS = (
    *("pk", "workspace_id", "flow_id", "version__revision", "environment", "owner", "status"),
    *("finished_at", "first_item_ms", "tokens"),
)
SUMS = ("runs", "failed", "cancelled", "first_chunks", "tokens")


class FinishedRun(NamedTuple):
    """What is counted of a run. The fields are those of its row."""

    id: UUID
    workspace_id: UUID
    flow_id: UUID
    revision: int
    environment: str
    owner: str
    status: str
    finished_at: object
    first_item_ms: int | None
    tokens: str | None


def list_uncounted_runs() -> QuerySet[Run]:
    """Return the runs that have ended and are in no day's usage yet."""
    return Run.objects.filter(counted_at=None, finished_at__isnull=False).order_by("finished_at")


def count_at_once(runs: QuerySet[Run]) -> int:
    """Count those of the runs that have ended and are not counted yet; return how many these were."""
    with transaction.atomic():
        found = list_finished_runs(
            runs.filter(counted_at=None, finished_at__isnull=False).select_for_update(of=("self",))
        )
        # In one order, so that of two that hold days none waits for the other.
        for usage in sorted(group_runs(found), key=lambda usage: (usage.workspace_id, usage.day)):
            _add_to_day(usage)
        Run.objects.filter(pk__in=[run.id for run in found]).update(counted_at=timezone.now())
    return len(found)


def list_finished_runs(runs: QuerySet[Run]) -> list[FinishedRun]:
    return [FinishedRun(*values) for values in runs.values_list(*FIELDS)]


def group_runs(runs: Iterable[FinishedRun]) -> list[UsageOfDay]:
    """Return the usage of the runs, added up by day, version and caller. Nothing is stored."""
    groups: dict[tuple[object, ...], list[FinishedRun]] = {}
    for run in runs:
        caller, key_id = get_caller_kind(run.owner) or "", _read_key_id(run.owner)
        key = (run.workspace_id, _read_day(run), run.flow_id, run.revision, run.environment, caller, key_id)
        groups.setdefault(key, []).append(run)
    return [_add_up(key, found) for key, found in groups.items()]


def _add_up(key: tuple[object, ...], runs: list[FinishedRun]) -> UsageOfDay:
    names = ("workspace_id", "day", "flow_id", "revision", "environment", "caller", "key_id")
    first_chunks = count_durations(run.first_item_ms for run in runs if run.first_item_ms is not None)
    parts = (part for run in runs for part in read_model_tokens(run.tokens or "[]"))
    return UsageOfDay(
        **dict(zip(names, key, strict=True)),
        runs=len(runs),
        failed=sum(run.status in FAILED for run in runs),
        cancelled=sum(run.status == RunStatus.CANCELLED for run in runs),
        first_chunks=write_durations(first_chunks),
        tokens=write_model_tokens(add_model_tokens(parts)),
    )


def _read_day(run: FinishedRun) -> object:
    return run.finished_at.astimezone(UTC).date()  # type: ignore[attr-defined]  # it has ended


def _read_key_id(owner: str) -> UUID | None:
    kind, _, id = owner.partition(":")
    return UUID(id) if kind == OWNER_KINDS["key"] else None


def _add_to_day(usage: UsageOfDay) -> None:
    hold_lock("usage of a day", usage.workspace_id, usage.day)
    same = UsageOfDay.objects.filter(
        workspace_id=usage.workspace_id,
        day=usage.day,
        flow_id=usage.flow_id,
        revision=usage.revision,
        environment=usage.environment,
        caller=usage.caller,
        key_id=usage.key_id,
    )
    stored = same.select_for_update().first()
    if stored is None:
        usage.save()
        return
    first_chunks = read_durations(stored.first_chunks) + read_durations(usage.first_chunks)
    parts = [*read_model_tokens(stored.tokens), *read_model_tokens(usage.tokens)]
    stored.runs, stored.failed = stored.runs + usage.runs, stored.failed + usage.failed
    stored.cancelled += usage.cancelled
    stored.first_chunks, stored.tokens = write_durations(first_chunks), write_model_tokens(add_model_tokens(parts))
    stored.save(update_fields=SUMS)
