"""Runs over REST: list them, read one, hear its events from a cursor, cancel it."""

from collections.abc import Mapping
from datetime import datetime
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
from flows.api.cursors import MAX_CURSOR, is_at_end, read_cursor
from flows.api.documents import describe_run, describe_run_rows, describe_yielded
from flows.api.event_answers import EVENTS, LINES, NO_MORE, TEXT
from flows.api.node_values import describe_node_values
from flows.events.events import PUBLIC, TERMINAL
from flows.events.recorder import MAX_EVENTS
from flows.log import rows
from flows.log.node_values import NodeValues
from flows.log.record_reader import LogReading
from flows.models import Run, RunStatus
from flows.runs.cancel import STOPPED, cancel_run
from flows.runs.idempotency import LAST_EVENT_ID
from flows.wire import http_response
from flows.wire.http_response import AnsweredRun
from flows.wire.json_array import JsonArray
from flows.wire.large_answer import answer_json
from flows.wire.run_links import require_log
from web.async_views import endpoint
from web.database import in_database
from web.errors import build_not_found
from web.openapi import Answer, operation
from web.requests import check_query, read_query_number
from workspaces import tickets
from workspaces.access import Caller, Permission, authenticate, authenticate_by_ticket, require_permission
from workspaces.api.base import WorkspaceView

MAX_PAGE = 1_000
NUMBER = {"type": "integer", "minimum": 0, "maximum": MAX_CURSOR, "default": 0}
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
        {"type": "integer", "minimum": 1, "default": MAX_PAGE},
        description=f"The most events of a page of JSON; more than {MAX_PAGE} count as so many.",
    ),
)


@operation("get_run", "runs", Answer(shapes.Run))
@endpoint("GET")
async def state(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Return the run and the fold of its events; an API key sees the public ones only."""
    check_query(request)
    caller, found = await in_database(_find_readable_run, request, run_id)
    public = caller.key_id is not None
    async with LogReading(found.workspace_id, found.stored_bytes) as reading:
        state, yielded = await reading.read_record(run_id, public=public)
        if not public:
            await in_database(_read_input, found)
        described = describe_run(found, found.version.revision, public=public)
        return await answer_json({**described, "state": state, **describe_yielded(yielded, state["items"])})


TICKET = (
    OpenApiParameter(
        "ticket", OpenApiTypes.STR, description="For an EventSource, which sends no key: see `issue_stream_ticket`."
    ),
)


@operation("issue_stream_ticket", "runs", Answer(shapes.StreamTicket, 201))
@endpoint("POST")
async def issue_ticket(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Make a ticket by which an EventSource of a page hears the run, once, within a minute."""
    check_query(request)
    ticket, expires_at = await in_database(_issue_ticket, request, run_id)
    events = f"{request.path.removesuffix('tickets')}events?ticket={ticket}"
    described = {"ticket": ticket, "expires_at": expires_at.isoformat(), "events": events}
    return JsonResponse(described, status=201, headers={"Cache-Control": "no-store"})


def _issue_ticket(request: HttpRequest, run_id: UUID) -> tuple[str, datetime]:
    caller = authenticate(request)
    if caller.key_id is None:
        message = "A ticket is made with an API key. The pages of this server need none: their session is sent."
        raise DomainError("forbidden", "keys_only", message, hint="Call with an API key.")
    found = _get_readable_run(caller, run_id)
    return tickets.issue_ticket(caller.key_id, caller.key_digest, found.pk)


@operation("read_events", "runs", EVENTS, LINES, TEXT, NO_MORE, query=(*CURSOR, *TICKET))
@endpoint("GET", streams=True)
async def events(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Send the run's events after a cursor, as a stream, or as one page of JSON."""
    check_query(request, ("after", "limit", "ticket"))
    format_type = http_response.choose_format(request)
    after = read_cursor(request)
    limit = read_query_number(request, "limit", default=MAX_PAGE, largest=MAX_PAGE)
    caller, found = await in_database(_find_heard_run, request, run_id)
    public = caller.key_id is not None
    run = AnsweredRun(found.pk, found.version.revision)
    has_no_more = await is_at_end(request, found, after)
    if format_type is JsonArray:
        return await _build_page(found, after, limit, public=public)
    if has_no_more:
        # This tells an EventSource that there is nothing to come back for.
        return HttpResponse(status=204, headers=run.build_headers())
    return http_response.build_response(request, caller, run, after, format_type(), public=public)


@operation("cancel_run", "runs", Answer(shapes.RunStopped))
@endpoint("POST")
async def cancel(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Stop the run; answers its status once its end is stored. A run that has ended is left as it is."""
    check_query(request)
    caller, found = await in_database(_find_readable_run, request, run_id, "run")
    status = await cancel_run(found.pk, STOPPED, by=caller.name)
    return JsonResponse({"run": str(found.pk), "status": status})


PASS = (
    OpenApiParameter(
        "pass", {"type": "integer", "minimum": 1}, description="Which pass of a node that repeats; the last by default."
    ),
)


@operation("read_node_values", "runs", Answer(shapes.NodeValues), query=PASS)
@endpoint("GET")
async def node_values(request: HttpRequest, run_id: UUID, node_id: str) -> HttpResponseBase:
    """Return what a node of the run received and gave, to members of the workspace only."""
    check_query(request, ("pass",))
    found = await in_database(_find_run_of_member, request, run_id)
    number = read_query_number(request, "pass", default=0, largest=MAX_EVENTS)
    async with LogReading(found.workspace_id, found.stored_bytes) as reading:
        values = NodeValues(node_id, await in_database(_read_input, found))
        async for frames in reading.read_pages(found.pk):
            await reading.call(values.add, frames)
        return await answer_json(await reading.call(describe_node_values, found, values, number or None))


def _find_run_of_member(request: HttpRequest, run_id: UUID) -> Run:
    """Return the run, for members only."""
    caller = authenticate(request)
    if caller.key_id:
        message = "What nodes received and gave is only for members of the workspace, not for API keys."
        raise DomainError("forbidden", "members_only", message, hint="Sign in to see it.")
    require_permission(caller, "view")
    found = services.get_run(caller.workspace_id, run_id)
    require_log(found)
    return found


def _read_input(found: Run) -> Mapping[str, Any]:
    """Return the input, which may be megabytes, and keep it in the row. The run may be deleted meanwhile."""
    try:
        input: Mapping[str, Any] = found.input
    except Run.DoesNotExist:
        raise build_not_found() from None
    return input


def _find_readable_run(request: HttpRequest, run_id: UUID, of_member: Permission = "view") -> tuple[Caller, Run]:
    """Return the run when the caller may hear it: a member any of the workspace's, a key those it started.

    A member needs the permission `of_member`, and is refused before the run is looked for.
    """
    caller = authenticate(request)
    return caller, _get_readable_run(caller, run_id, of_member)


def _find_heard_run(request: HttpRequest, run_id: UUID) -> tuple[Caller, Run]:
    """Return the run as `_find_readable_run` does, also for a caller who has a ticket instead of a key."""
    ticket = request.GET.get("ticket")
    if ticket is None:
        return _find_readable_run(request, run_id)
    caller = authenticate_by_ticket(request, run_id, ticket)
    return caller, _get_readable_run(caller, run_id)


def _get_readable_run(caller: Caller, run_id: UUID, of_member: Permission = "view") -> Run:
    require_permission(caller, "run" if caller.key_id else of_member)
    found = services.get_run(caller.workspace_id, run_id)
    if caller.key_id and found.api_key_id != caller.key_id:
        raise build_not_found()
    return found


async def _build_page(found: Run, after: int, limit: int, *, public: bool) -> HttpResponse:
    frames = await in_database(rows.read_page, found.pk, after, limit)
    shown = b",".join(frame.data for frame in frames if not public or frame.type in PUBLIC)
    last = frames[-1].seq if frames else after
    ended = (bool(frames) and frames[-1].type in TERMINAL) or (not frames and found.status != RunStatus.RUNNING)
    body = b'{"events":[%b],"next":%d,"ended":%b}' % (shown, last, b"true" if ended else b"false")
    return HttpResponse(body, content_type="application/json")


MAX_RUNS = 200


RUNS_OF = (
    OpenApiParameter("flow", OpenApiTypes.UUID, description="Only the runs of this flow."),
    OpenApiParameter("session_id", OpenApiTypes.STR, description="Only the caller's own runs of this session."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "default": 20},
        description=f"The most runs of the list; more than {MAX_RUNS} count as so many.",
    ),
)


class Runs(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("flow", "session_id", "limit")

    @operation("list_runs", "runs", Answer(shapes.RunList), query=RUNS_OF)
    def get(self, request: Request) -> Response:
        """List the runs, the newest first."""
        limit = read_query_number(request._request, "limit", default=20, largest=MAX_RUNS)
        rows = services.list_runs(self.caller.workspace_id, self.caller.flows)
        flow_id = request._request.GET.get("flow")
        if flow_id is not None:
            rows = rows.filter(
                flow=services.get_flow(self.caller.workspace_id, _parse_uuid(flow_id), self.caller.flows)
            )
        session_id = request._request.GET.get("session_id")
        if session_id is not None:
            rows = rows.filter(session_id=session_id, owner=self.caller.owner)
        return Response({"runs": describe_run_rows(rows[:limit])})


def _parse_uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise DomainError("malformed", "bad_parameter", "flow must be the id of a flow.", field="flow") from None
