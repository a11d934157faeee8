"""Runs over REST: list them, read one, hear its events from a cursor, cancel it."""

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from flows import services
from flows.api import shapes
from flows.api.cursors import LAST_EVENT_ID, is_at_end, read_cursor
from flows.api.documents import describe_run, describe_run_rows, describe_yielded
from flows.api.event_answers import EVENTS, LINES, NO_MORE, TEXT
from flows.events.events import PUBLIC, TERMINAL
from flows.log import retention, rows
from flows.models import Run, RunStatus
from flows.runs.cancel import STOPPED, cancel_run
from flows.wire import http_response
from flows.wire.json_array import JsonArray
from web.async_views import endpoint
from web.database import in_database
from web.errors import build_not_found
from web.openapi import Answer, operation
from web.requests import check_query, read_query_number
from workspaces.access import Caller, Permission, authenticate, require_permission
from workspaces.api.base import WorkspaceView

MAX_PAGE = 1_000
NUMBER = {"type": "integer", "minimum": 0, "default": 0}
CURSOR = (
    OpenApiParameter("after", NUMBER, description="The seq of the last event that is known."),
    OpenApiParameter(
        LAST_EVENT_ID,
        NUMBER,
        OpenApiParameter.HEADER,
        description="The same, from an EventSource. It wins over `after`; an empty one is none.",
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": MAX_PAGE},
        description="The most events of a page of JSON.",
    ),
)


@operation("get_run", "runs", Answer(shapes.Run))
@endpoint("GET")
async def state(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Return the run and the fold of its events; an API key sees the public ones only."""
    check_query(request)
    return JsonResponse(await in_database(_describe_state, request, run_id))


@operation("read_events", "runs", EVENTS, LINES, TEXT, NO_MORE, query=CURSOR)
@endpoint("GET", streams=True)
async def events(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Send the run's events after a cursor, as a stream, or as one page of JSON."""
    check_query(request, ("after", "limit"))
    format_type = http_response.choose_format(request)
    after = read_cursor(request)
    caller, found = await in_database(_find_readable_run, request, run_id)
    public = caller.key_id is not None
    has_no_more = await is_at_end(request, found, after)
    if format_type is JsonArray:
        return await _build_page(request, found, after, public=public)
    if has_no_more:
        return HttpResponse(status=204)  # tells an EventSource that there is nothing to come back for
    return http_response.build_response(run_id, after, format_type, public=public)


@operation("cancel_run", "runs", Answer(shapes.RunStopped))
@endpoint("POST")
async def cancel(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Stop the run; answers its status once its end is stored. A run that has ended is left as it is."""
    check_query(request)
    caller, found = await in_database(_find_readable_run, request, run_id)
    require_permission(caller, "run")
    status = await cancel_run(found.pk, STOPPED, by=caller.name)
    return JsonResponse({"run": str(found.pk), "status": status})


def _find_readable_run(request: HttpRequest, run_id: UUID) -> tuple[Caller, Run]:
    """Return the run when the caller may hear it: a member any of the workspace's, a key those it started."""
    caller = authenticate(request)
    require_permission(caller, "run" if caller.key_id else "view")
    found = services.get_run(caller.workspace_id, run_id)
    if caller.key_id and found.api_key_id != caller.key_id:
        raise build_not_found()
    return caller, found


def _describe_state(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    caller, found = _find_readable_run(request, run_id)
    public = caller.key_id is not None
    state, yielded = retention.read_record(run_id, public=public)
    values = describe_yielded(yielded, state["items"])
    return {**describe_run(found, public=public), "revision": found.version.revision, "state": state, **values}


async def _build_page(request: HttpRequest, found: Run, after: int, *, public: bool) -> HttpResponse:
    limit = read_query_number(request, "limit", default=MAX_PAGE, largest=MAX_PAGE)
    frames = await in_database(rows.read_page, found.pk, after, limit)
    shown = b",".join(frame.data for frame in frames if not public or frame.type in PUBLIC)
    last = frames[-1].seq if frames else after
    ended = (bool(frames) and frames[-1].type in TERMINAL) or (not frames and found.status != RunStatus.RUNNING)
    body = b'{"events":[%b],"next":%d,"ended":%b}' % (shown, last, b"true" if ended else b"false")
    return HttpResponse(body, content_type="application/json")


MAX_RUNS = 200


RUNS_OF = (
    OpenApiParameter("flow", OpenApiTypes.UUID, description="Only the runs of this flow."),
    OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_RUNS, "default": 20}),
)


class Runs(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("flow", "limit")

    @operation("list_runs", "runs", Answer(shapes.RunList), query=RUNS_OF)
    def get(self, request: Request) -> Response:
        """List the runs, the newest first."""
        limit = read_query_number(request._request, "limit", default=20, largest=MAX_RUNS)
        rows = Run.objects.filter(workspace_id=self.caller.workspace_id)
        flow_id = request._request.GET.get("flow")
        if flow_id is not None:
            rows = rows.filter(
                flow=services.get_flow(self.caller.workspace_id, _parse_uuid(flow_id), self.caller.flows)
            )
        return Response({"runs": describe_run_rows(rows[:limit])})


def _parse_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("malformed", "bad_parameter", "flow must be the id of a flow.", field="flow") from None
