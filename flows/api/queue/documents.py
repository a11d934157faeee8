"""The queue and the schedules of a workspace as the API shows them. Sync."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet

from actions.schedule.due_times import DueTimes
from flows import services
from flows.api.documents import describe_last_run, format_time
from flows.api.waits import annotate_waits
from flows.caller_kinds import get_caller_kind
from flows.models import RunStatus, Schedule, ScheduleNote
from flows.runs.leases import count_executing_workers
from flows.versions.pins import get_pinned
from workspaces.environments import Environment

MAX_SHOWN = 100
MAX_FAILED = 20
MAX_SHOWN_NOTES = 5
LARGE_COLUMNS = ("input", "kept", "kept_yields", "tokens")
"""Of a run, which a list does not show."""
COLUMNS = (
    *("pk", "flow_id", "flow__name", "version__revision", "environment", "owner", "status", "waits_for"),
    *("started_at", "finished_at", "error_code", "error_message"),
)


def describe_queue(workspace_id: UUID, allowed: frozenset[str] | None) -> dict[str, Any]:
    """Return what waits, goes on and has failed, of the flows `allowed` alone unless that is None."""
    runs = services.list_runs(workspace_id, allowed)
    unfinished = annotate_waits(runs.filter(status=RunStatus.RUNNING))
    waiting, running = unfinished.exclude(waits_for=None), unfinished.filter(waits_for=None)
    failed = annotate_waits(runs.filter(status__in=(RunStatus.FAILED, RunStatus.INTERRUPTED)))
    return {
        "workers": count_executing_workers() if settings.MILLRACE_RUNS == "workers" else None,
        "waiting": _describe_runs(waiting.order_by("started_at", "pk")[:MAX_SHOWN]),
        "waiting_count": waiting.count(),
        "running": _describe_runs(running.order_by("started_at", "pk")[:MAX_SHOWN]),
        "running_count": running.count(),
        "failed": _describe_runs(failed.order_by("-finished_at", "pk")[:MAX_FAILED]),
    }


def list_schedules(workspace_id: UUID, allowed: frozenset[str] | None) -> QuerySet[Schedule]:
    """Return the schedules of the published versions, of the flows `allowed` alone unless that is None."""
    rows = Schedule.objects.filter(flow__workspace_id=workspace_id).exclude(expression="")
    return rows if allowed is None else rows.filter(flow_id__in=allowed)


def describe_schedules(rows: QuerySet[Schedule]) -> list[dict[str, Any]]:
    """Return the schedules, the one that is due first first, those that are off last."""
    found = rows.select_related("flow", "last_run").defer(
        "flow__graph", *(f"last_run__{name}" for name in LARGE_COLUMNS)
    )
    ordered = list(found.order_by(F("due_at").asc(nulls_last=True), "flow__name", "environment"))
    notes = _read_notes([row.pk for row in ordered])
    return [_describe_schedule(row, notes.get(row.pk, [])) for row in ordered]


def _describe_runs(runs: QuerySet[Any]) -> list[dict[str, Any]]:
    return [_describe_run(*values) for values in runs.values_list(*COLUMNS)]


def _describe_run(
    id: UUID, flow_id: UUID, name: str, revision: int, environment: str, owner: str, status: str,
    waits_for: str | None, started_at: datetime, finished_at: datetime | None, code: str, message: str,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": str(id),
        "flow": str(flow_id),
        "flow_name": name,
        "revision": revision,
        "environment": environment,
        "caller": get_caller_kind(owner),
        "status": status,
        "waits_for": waits_for,
        "started_at": format_time(started_at),
        "finished_at": _format(finished_at),
        "error": {"code": code or status, "message": message} if code or message else None,
    }


def _describe_schedule(row: Schedule, notes: Sequence[ScheduleNote]) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "flow": str(row.flow_id),
        "flow_name": row.flow.name,
        "environment": row.environment,
        "revision": get_pinned(row.flow, cast(Environment, row.environment)),
        "expression": row.expression,
        "time_zone": row.time_zone,
        "words": DueTimes(row.expression, row.time_zone).describe(),
        "missed": row.missed,
        "overlap": row.overlap,
        "is_on": row.is_on,
        "due_at": _format(row.due_at),
        "last_due_at": _format(row.last_due_at),
        "last_run": describe_last_run(row.last_run) if row.last_run else None,
        "notes": [_describe_note(note) for note in notes],
    }


def _describe_note(note: ScheduleNote) -> dict[str, Any]:
    return {
        "reason": note.reason,
        "message": note.message,
        "count": note.count,
        "first_due_at": format_time(note.first_due_at),
        "last_due_at": format_time(note.last_due_at),
    }


def _read_notes(schedule_ids: Sequence[UUID]) -> dict[UUID, list[ScheduleNote]]:
    """Return the newest notes of each schedule. Each has few."""
    found: dict[UUID, list[ScheduleNote]] = {}
    for note in ScheduleNote.objects.filter(schedule__in=schedule_ids).order_by("-pk"):
        notes = found.setdefault(note.schedule_id, [])
        if len(notes) < MAX_SHOWN_NOTES:
            notes.append(note)
    return found


def _format(moment: datetime | None) -> str | None:
    return format_time(moment) if moment else None
