"""Plain async views: start a run and hear it, resume it, stop it. One authenticator with the rest of the API."""

from contextlib import aclosing
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter

from flows import services, shapes
from flows.api.documents import run_document
from flows.drain import drain
from flows.events.events import PUBLIC, TERMINAL, run_event
from flows.events.fold import RunState, fold
from flows.links import run_links
from flows.log import retention, rows
from flows.models import Run, RunStatus
from flows.runs import leases, local_run, prepare
from flows.transport import stream as stream_of
from flows.transport.formats import JsonArray, Lines, PlainText
from web.database import in_database
from web.errors import ApiError, not_found
from web.openapi import Answer, operation
from web.requests import check_query, query_number, read_object
from web.views import endpoint
from workspaces.access import Caller, authenticate, require

FAILED_AS = {"failed": 502, "cancelled": 409, "interrupted": 503}
MAX_PAGE = 1_000
EVENTS = Answer(
    {"type": "string"}, media="text/event-stream", about="Each event has an id (its seq) and a RunEvent as its data."
)
LINES = Answer({"type": "string"}, media=Lines.media, about="Each line is a RunEvent.")
TEXT = Answer({"type": "string"}, media=PlainText.media, about="What was yielded. A run that fails is cut short.")
ARRAY = Answer(
    {"type": "array", "items": {}}, about="Each yield, as it comes. A run that fails ends with an element error."
)
NO_MORE = Answer(status=204, about="The run has ended and the cursor is at its last event.")
FAILED = tuple(Answer(shapes.FailedRunOutcome, status) for status in FAILED_AS.values())
NUMBER = {"type": "integer", "minimum": 0, "default": 0}
NAMED = (
    OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255},
        OpenApiParameter.HEADER,
        description="A name for this call. Repeated within a day, it finds the run that it has started.",
    ),
)
CURSOR = (
    OpenApiParameter("after", NUMBER, description="The seq of the last event that is known."),
    OpenApiParameter("Last-Event-ID", NUMBER, OpenApiParameter.HEADER, description="The same, from an EventSource."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MAX_PAGE, "default": MAX_PAGE},
        description="The most events of a page of JSON.",
    ),
)


@operation("stream_flow", "flows", EVENTS, LINES, ARRAY, TEXT, body=shapes.FlowInput, query=NAMED)
@endpoint("POST")
async def stream(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and send what it yields, while it is being written."""
    form = stream_of.wanted(request)
    return stream_of.answer(await _begin(request, flow_id), 0, form, public=True)


@operation("run_flow", "flows", Answer(shapes.RunOutcome), *FAILED, body=shapes.FlowInput, query=NAMED)
@endpoint("POST")
async def run(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and answer when it has ended. A client that leaves does not stop it."""
    run_id = await _begin(request, flow_id)
    state = fold([])
    async with aclosing(local_run.read(run_id, public=True)) as batches:
        async for frames in batches:
            fold((run_event.validate_json(frame.data) for frame in frames), state)
    return _outcome(run_id, state)


@operation("submit_flow", "flows", Answer(shapes.RunSubmitted, 202), body=shapes.FlowInput, query=NAMED)
@endpoint("POST")
async def submit(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and answer at once with where to find it."""
    run_id = await _begin(request, flow_id)
    links = run_links(run_id)
    return JsonResponse({"run": str(run_id), "links": links}, status=202, headers={"Location": links["state"]})


@operation("get_run", "runs", Answer(shapes.Run))
@endpoint("GET")
async def state(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Return the run and the fold of its events; an API key sees the public ones only."""
    check_query(request, ())
    return JsonResponse(await in_database(_state, request, run_id))


@operation("read_events", "runs", EVENTS, LINES, TEXT, Answer(shapes.EventPage), NO_MORE, query=CURSOR)
@endpoint("GET")
async def events(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Send the run's events after a cursor, as a stream, or as one page of JSON."""
    check_query(request, ("after", "limit"))
    form = stream_of.wanted(request)
    after = _cursor(request)
    caller, found = await in_database(_readable, request, run_id)
    retention.require_log(found)
    public = caller.key_id is not None
    last = await in_database(rows.last_seq, found.pk)
    if found.status != RunStatus.RUNNING and after > last:
        raise ApiError(400, "bad_cursor", f"The run has {last} events; the cursor is beyond them.", field="after")
    if form is JsonArray:
        return await _page(request, found, after, public=public)
    if found.status != RunStatus.RUNNING and after == last:
        return HttpResponse(status=204)  # tells an EventSource that there is nothing to come back for
    return stream_of.answer(run_id, after, form, public=public)


@operation("cancel_run", "runs", Answer(shapes.RunStopped))
@endpoint("POST")
async def cancel(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Stop the run; answers its status once its end is stored. A run that has ended is left as it is."""
    caller, found = await in_database(_readable, request, run_id)
    require(caller, "run")
    status = await local_run.cancel(found.pk, f"Stopped by {caller.name}.")
    return JsonResponse({"run": str(found.pk), "status": status})


async def _begin(request: HttpRequest, flow_id: UUID) -> UUID:
    """Start a run and return its id, or that of the run which this very call has started before."""
    drain.refuse()
    begun = await in_database(_prepare, request, flow_id)
    if isinstance(begun, prepare.Prepared):
        local_run.start(begun)
    return begun.run_id


def _prepare(request: HttpRequest, flow_id: UUID) -> prepare.Prepared | prepare.Repeated:
    caller = authenticate(request)
    require(caller, "run")
    flow = services.flow_of(caller.workspace_id, flow_id, caller.flows)
    payload = read_object(request)
    return prepare.begin(flow, payload, leases.THIS, caller, request.headers.get("Idempotency-Key"))


def _readable(request: HttpRequest, run_id: UUID) -> tuple[Caller, Run]:
    """Return the run when the caller may hear it: a member any of the workspace's, a key those it started."""
    caller = authenticate(request)
    require(caller, "run" if caller.key_id else "view")
    found = services.run_of(caller.workspace_id, run_id)
    if caller.key_id and found.api_key_id != caller.key_id:
        raise not_found()
    return caller, found


def _state(request: HttpRequest, run_id: UUID) -> dict[str, Any]:
    caller, found = _readable(request, run_id)
    public = caller.key_id is not None
    state = retention.state_of(run_id, public=public)
    return {**run_document(found, public=public), "revision": found.version.revision, "state": state}


def _outcome(run_id: UUID, state: RunState) -> JsonResponse:
    told = ("status", "text", "items", "result", "finish_reason", "usage", "duration_ms", "first_item_ms")
    body: dict[str, Any] = {"run": str(run_id), **{key: state[key] for key in told}}  # type: ignore[literal-required]  # the keys are RunState's
    error = state["error"]
    if error is None:
        return JsonResponse(body)
    status = FAILED_AS.get(state["status"], 502)
    refusal = ApiError(status, error["code"], error["message"], hint=error["hint"])
    return JsonResponse({**refusal.body(), **body}, status=status)


def _cursor(request: HttpRequest) -> int:
    text = request.GET.get("after", request.headers.get("Last-Event-ID", "0"))
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        raise ApiError(400, "bad_cursor", "The cursor is not a whole number from 0.", field="after")
    return int(text)


async def _page(request: HttpRequest, found: Run, after: int, *, public: bool) -> HttpResponse:
    limit = query_number(request, "limit", default=MAX_PAGE, largest=MAX_PAGE)
    frames = await in_database(rows.read_page, found.pk, after, limit)
    shown = b",".join(frame.data for frame in frames if not public or frame.type in PUBLIC)
    last = frames[-1].seq if frames else after
    ended = (bool(frames) and frames[-1].type in TERMINAL) or (not frames and found.status != RunStatus.RUNNING)
    body = b'{"events":[%b],"next":%d,"ended":%b}' % (shown, last, b"true" if ended else b"false")
    return HttpResponse(body, content_type="application/json")
