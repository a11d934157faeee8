"""The usage of the workspace over REST."""

from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from flows import services
from flows.api.usage import shapes
from flows.caller_kinds import OWNER_KINDS, CallerKind
from flows.usage.durations import read_percentile
from flows.usage.names import Names, read_names
from flows.usage.report import Figures, ModelFigures, UsageFilter, UsageReport, cut_largest, read_report
from flows.versions.listing import MAX_NUMBER
from web.openapi import Answer, operation
from web.requests import read_query_number
from web.text import read_uuid
from workspaces.access import Caller, Permission, require_permission
from workspaces.api.base import WorkspaceView

DAYS = 30
MAX_DAYS = 400
MAX_GROUPS = 100
NO_KEY = "none"
CALLER_NAMES = {
    "member": "Members of the workspace",
    "visitor": "Visitors of chat pages",
    "schedule": "Schedules",
    "": "Without an API key, before kinds were told apart",
}
"""Of the callers that are counted together."""
FILTERS = (
    OpenApiParameter("from", OpenApiTypes.DATE, description="The first day, in UTC; 29 days before the last one."),
    OpenApiParameter("to", OpenApiTypes.DATE, description=f"The last day; today. At most {MAX_DAYS} days together."),
    OpenApiParameter("flow", OpenApiTypes.UUID, description="Only the runs of this flow, which may be deleted."),
    OpenApiParameter(
        "version", {"type": "integer", "minimum": 1}, description="Only the runs of the version of this number."
    ),
    OpenApiParameter(
        "key",
        OpenApiTypes.STR,
        description=f"For admins: only runs of this API key; {NO_KEY} for those that no key has started.",
    ),
    OpenApiParameter(
        "caller",
        {"type": "string", "enum": list(OWNER_KINDS)},
        description="For admins: only runs of this kind of caller.",
    ),
)


class UsageOfWorkspace(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("from", "to", "flow", "version", "key", "caller")

    @operation("read_usage", "usage", Answer(shapes.WorkspaceUsage), query=FILTERS)
    def get(self, request: Request) -> Response:
        """Return runs, failures, tokens, cost and times to the first chunk, by day, flow, version, key and model."""
        sought = _read_filter(request._request, self.caller)
        report = read_report(sought)
        return Response(_describe_report(sought, report, shows_keys="admin" in self.caller.permissions))


def _read_filter(request: HttpRequest, caller: Caller) -> UsageFilter:
    last_day = _read_day(request, "to") or timezone.now().date()
    first_day = _read_day(request, "from") or max(last_day, date.min + timedelta(days=DAYS)) - timedelta(days=DAYS - 1)
    if not 0 <= (last_day - first_day).days < MAX_DAYS:
        raise _build_bad_parameter("from", f"from must be a day before to, at most {MAX_DAYS} days together.")
    key, kind = request.GET.get("key"), _read_kind(request)
    if key is not None or kind is not None:
        require_permission(caller, "admin")
    flow_id = _read_id(request, "flow")
    if flow_id and caller.flows is not None:
        services.get_flow(caller.workspace_id, flow_id, caller.flows)
    has_version = "version" in request.GET
    return UsageFilter(
        caller.workspace_id,
        first_day,
        last_day,
        flow_id=flow_id,
        revision=read_query_number(request, "version", default=1, largest=MAX_NUMBER) if has_version else None,
        key_id=None if key in (None, NO_KEY) else _read_id(request, "key"),
        without_key=key == NO_KEY,
        caller=kind,
        flows=caller.flows,
    )


def _read_day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name)
    try:
        day = None if text is None else date.fromisoformat(text)
    except ValueError:
        day = None
    if text is not None and (day is None or text != day.isoformat()):
        raise _build_bad_parameter(name, f"{name} must be a day such as 2026-11-30.")
    return day


def _read_kind(request: HttpRequest) -> CallerKind | None:
    text = request.GET.get("caller")
    kind = next((kind for kind in OWNER_KINDS if kind == text), None)
    if text is not None and kind is None:
        raise _build_bad_parameter("caller", f"caller must be one of {', '.join(OWNER_KINDS)}.")
    return kind


def _read_id(request: HttpRequest, name: str) -> UUID | None:
    text = request.GET.get(name)
    id = None if text is None else read_uuid(text)
    if text is not None and id is None:
        raise _build_bad_parameter(name, f"{name} must be an id.")
    return id


def _build_bad_parameter(name: str, message: str) -> DomainError:
    return DomainError("malformed", "bad_parameter", message, field=name)


def _describe_report(sought: UsageFilter, report: UsageReport, *, shows_keys: bool) -> dict[str, Any]:
    flows, left_flows = cut_largest(report.flows, MAX_GROUPS)
    versions, left_versions = cut_largest(report.versions, MAX_GROUPS)
    callers, left_callers = cut_largest(report.callers, MAX_GROUPS)
    key_ids = {key_id for (_, key_id), _ in callers if key_id and shows_keys}
    names = read_names(sought.workspace_id, {id for id, _ in flows}, key_ids)
    return {
        "first_day": sought.first_day.isoformat(),
        "last_day": sought.last_day.isoformat(),
        "total": _describe(report.total),
        "days": [{"day": day.isoformat(), **_describe(figures)} for day, figures in report.days.items()],
        "flows": [{**_name_flow(names, id), **_describe(figures)} for id, figures in flows],
        "versions": [
            {**_name_flow(names, id), "number": number, **_describe(figures)} for (id, number), figures in versions
        ],
        "keys": _describe_callers(callers, names) if shows_keys else None,
        "models": _describe_models(report),
        "left_out": {"flows": left_flows, "versions": left_versions, "keys": left_callers if shows_keys else 0},
    }


def _name_flow(names: Names, id: UUID) -> dict[str, Any]:
    return {"flow": str(id), "name": names.flows.get(id, ""), "exists": id in names.existing}


def _name_caller(names: Names, kind: str, key_id: UUID | None) -> dict[str, Any]:
    if key_id is None:
        return {"caller": kind or None, "key": None, "name": CALLER_NAMES[kind], "exists": True}
    exists = key_id in names.existing
    return {"caller": kind, "key": str(key_id), "name": names.keys.get(key_id, ""), "exists": exists}


def _describe_callers(callers: list[tuple[tuple[str, UUID | None], Figures]], names: Names) -> list[dict[str, Any]]:
    return [{**_name_caller(names, *who), **_describe(figures)} for who, figures in callers]


def _describe(figures: Figures) -> shapes.UsageFigures:
    return {
        "runs": figures.runs,
        "failed": figures.failed,
        "cancelled": figures.cancelled,
        "tokens": _describe_tokens(figures),
        "cost": round(figures.dollars, 6),
        "unpriced": sorted(figures.unpriced),
        "first_chunk_p50_ms": read_percentile(figures.first_chunks, 0.5),
        "first_chunk_p95_ms": read_percentile(figures.first_chunks, 0.95),
    }


def _describe_models(report: UsageReport) -> list[shapes.ModelUsage]:
    ranked = sorted(report.models.items(), key=lambda item: (-item[1].dollars, -item[1].answers))
    return [
        {
            "model": model,
            "is_simulated": is_simulated,
            "answers": figures.answers,
            "tokens": _describe_tokens(figures),
            "cost": round(figures.dollars, 6),
            "unpriced": sorted(figures.unpriced),
        }
        for (model, is_simulated), figures in ranked[:MAX_GROUPS]
    ]


def _describe_tokens(figures: Figures | ModelFigures) -> shapes.TokenCounts:
    return {
        "input": figures.input,
        "output": figures.output,
        "cache_read": figures.cache_read,
        "cache_write": figures.cache_write,
    }
