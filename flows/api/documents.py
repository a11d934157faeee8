"""Flows and runs as the API shows them."""

from datetime import datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Length, TruncHour
from django.utils import timezone

from flows.addresses import FlowNames, map_names
from flows.api.filter_hints import find_unknown_filter_fields
from flows.api.waits import annotate_waits
from flows.caller_kinds import get_caller_kind
from flows.events.yielded import YieldedValues
from flows.models import Flow, Run, RunStatus
from flows.runs.plan_cache import plan_cache
from flows.services import map_callers

HOURS = 24
MAX_ROW_INPUT_CHARACTERS = 64 * 1024
"""Of an input that a list shows."""
MAX_LIST_INPUT_CHARACTERS = 1024 * 1024
"""Of all inputs that one list shows: those of its first runs."""


def describe_flow(flow: Flow) -> dict[str, Any]:
    """Return the flow with its graph and what the server says of it."""
    names = map_names([flow.pk])[flow.pk]
    return {**_describe_head(flow, names), "graph": flow.graph, "analysis": describe_analysis(flow)}


def describe_analysis(flow: Flow) -> dict[str, Any]:
    """Return what the server says of the saved graph: what keeps it from running, and what only a builder asks for."""
    analysis = plan_cache.analyse(flow).to_json()
    analysis["problems"] += [problem.to_json() for problem in find_unknown_filter_fields(flow)]
    return analysis


def _describe_head(flow: Flow, names: FlowNames) -> dict[str, Any]:
    return {
        "id": str(flow.pk),
        "address": names.current,
        "aliases": names.aliases,
        "name": flow.name,
        "description": flow.description,
        "revision": flow.revision,
        "published": {"test": flow.test_revision, "production": flow.production_revision},
        "created_at": format_time(flow.created_at),
        "updated_at": format_time(flow.updated_at),
    }


def list_flow_rows(workspace_id: UUID, allowed: frozenset[str] | None = None) -> list[dict[str, Any]]:
    """Return the rows of the flows page, newest change first, with the figures of the last 24 hours.

    Of the flows `allowed` alone, unless that is None.
    """
    now = timezone.now()
    rows = Flow.objects.filter(workspace_id=workspace_id)
    flows = list(rows if allowed is None else rows.filter(pk__in=allowed))
    callers, names = map_callers(flows), map_names([flow.pk for flow in flows])
    last = _find_last_runs(workspace_id)
    hours = _count_by_hour(workspace_id, now)
    firsts = _read_first_items(workspace_id, now)
    return [
        {
            **_describe_head(flow, names[flow.pk]),
            **_describe_figures(flow, last.get(flow.pk), hours.get(flow.pk, {}), firsts.get(flow.pk, []), now),
            "used_by": [user.to_json() for user in callers.get(flow.pk, [])],
        }
        for flow in flows
    ]


def _describe_figures(
    flow: Flow, last: Run | None, counts: dict[datetime, dict[str, int]], firsts: list[int], now: datetime
) -> dict[str, Any]:
    nothing = {"runs": 0, "failed": 0}
    this_hour = now.replace(minute=0, second=0, microsecond=0)
    hours = [counts.get(this_hour - timedelta(hours=ago), nothing) for ago in reversed(range(HOURS))]
    return {
        "node_count": len(flow.graph.get("nodes", ())),
        "last_run": describe_last_run(last) if last else None,
        "runs_24h": sum(hour["runs"] for hour in hours),
        "hours": hours,
        "first_item_ms": round(median(firsts)) if firsts else None,
    }


def describe_last_run(run: Run) -> dict[str, Any]:
    return {"id": str(run.pk), "status": run.status, "started_at": format_time(run.started_at)}


def _find_last_runs(workspace_id: UUID) -> dict[UUID, Run]:
    """Return the newest run of each flow: one look into an index for each, however many runs there are."""
    newest = Run.objects.filter(flow=OuterRef("pk")).order_by("-started_at").values("pk")[:1]
    ids = Flow.objects.filter(workspace_id=workspace_id).order_by().values_list(Subquery(newest), flat=True)
    return {run.flow_id: run for run in Run.objects.filter(pk__in=list(ids)).only("flow", "status", "started_at")}


def _count_by_hour(workspace_id: UUID, now: datetime) -> dict[UUID, dict[datetime, dict[str, int]]]:
    rows = (
        Run.objects.filter(workspace_id=workspace_id, started_at__gt=now - timedelta(hours=HOURS))
        .annotate(hour=TruncHour("started_at"))
        .order_by()
        .values("flow_id", "hour")
        .annotate(runs=Count("pk"), failed=Count("pk", filter=Q(status=RunStatus.FAILED)))
    )
    hours: dict[UUID, dict[datetime, dict[str, int]]] = {}
    for row in rows:
        hours.setdefault(row["flow_id"], {})[row["hour"]] = {"runs": row["runs"], "failed": row["failed"]}
    return hours


def _read_first_items(workspace_id: UUID, now: datetime) -> dict[UUID, list[int]]:
    rows = Run.objects.filter(
        workspace_id=workspace_id, started_at__gt=now - timedelta(hours=HOURS), first_item_ms__isnull=False
    ).values_list("flow_id", "first_item_ms")
    found: dict[UUID, list[int]] = {}
    for flow_id, first in rows:
        found.setdefault(flow_id, []).append(first or 0)
    return found


def describe_run_rows(runs: QuerySet[Run]) -> list[dict[str, Any]]:
    """Return the runs as lists show them to members. Inputs that are too large for a list are left in the database.

    Lists would otherwise read and send whole images, once for each run.
    """
    size = Length(Cast("input", TextField()))
    rows = runs.defer("kept", "kept_yields", "input").annotate(input_size=size, revision=F("version__revision"))
    found = list(annotate_waits(rows))
    inputs = _read_inputs(found)
    for run in found:
        run.input = inputs.get(run.pk)
    return [{**describe_run(run, run.revision), "waits_for": run.waits_for} for run in found]


def _read_inputs(runs: list[Any]) -> dict[UUID, Any]:
    """Return the inputs of the first runs, each of which is small, as far as there is room for them."""
    shown, room = [], MAX_LIST_INPUT_CHARACTERS
    for run in runs:
        if run.input_size <= min(room, MAX_ROW_INPUT_CHARACTERS):
            shown.append(run.pk)
            room -= run.input_size
    return dict(Run.objects.filter(pk__in=shown).values_list("pk", "input"))


def describe_run(run: Run, revision: int, *, public: bool = False) -> dict[str, Any]:
    """Return the run as lists show it; its input, who called, and who stopped it, are for members only."""
    error = {"code": run.error_code or run.status, "message": run.error_message} if _has_error(run) else None
    document = {
        "id": str(run.pk),
        "flow": str(run.flow_id),
        "revision": revision,
        "environment": run.environment,
        "status": run.status,
        "started_at": format_time(run.started_at),
        "finished_at": format_time(run.finished_at) if run.finished_at else None,
        "duration_ms": run.duration_ms,
        "first_item_ms": run.first_item_ms,
        "items": run.items,
        "error": error,
        "log_expired_at": format_time(run.log_expired_at) if run.log_expired_at else None,
    }
    if public:
        return document
    stop = {"stopped_by": run.stopped_by} if run.stopped_by and run.status == RunStatus.CANCELLED else {}
    return {**document, "caller": get_caller_kind(run.owner), "input": run.input, **stop}


def _has_error(run: Run) -> bool:
    return bool(run.error_code or run.error_message)


def describe_yielded(yielded: YieldedValues | None, items: int) -> dict[str, Any]:
    """Return the values that a run has yielded, and how many of its `items` are not among them."""
    if yielded is None:
        return {"yielded": None, "yielded_left_out": items}
    return {"yielded": yielded.values, "yielded_left_out": yielded.left_out}


def format_time(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
