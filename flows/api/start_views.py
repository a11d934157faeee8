"""Starts a run over REST: as a stream, with its result, or with links to it. Plain async views."""

import asyncio
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter

from actions.contract.errors import DomainError
from flows import services
from flows.api import shapes
from flows.api.cursors import LAST_EVENT_ID, is_at_end, is_resumed, read_cursor
from flows.api.event_answers import EVENTS, LINES, NO_MORE, RUN, TEXT
from flows.api.outcomes import KIND_OF_END, read_outcome
from flows.models import Run
from flows.runs.local_run import LocalRun
from flows.runs.prepare import RunCall, StartedBefore
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.format import Format
from flows.wire.run_links import build_run_links
from flows.wire.waiting_response import wait_and_answer
from web.async_views import endpoint
from web.database import in_database
from web.errors import STATUS_BY_KIND
from web.openapi import Answer, operation, refer_to
from web.requests import check_query, read_header_once, read_object
from web.shapes import RefusalBody
from web.strict_json import START_LIMITS
from workspaces.access import Caller, admit

ENDED = Answer(
    shapes.RunAnswer, about="After ten seconds the status is 200, whatever comes: look at `status`.", headers=RUN
)
# A start that is refused has the same statuses as a run that failed.
FAILED_OR_REFUSED = {"anyOf": [refer_to(shapes.FailedRunOutcome), refer_to(RefusalBody)]}
FAILED = tuple(Answer(FAILED_OR_REFUSED, STATUS_BY_KIND[kind], headers=RUN) for kind in KIND_OF_END.values())
START_KEY = (
    OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255},
        OpenApiParameter.HEADER,
        description="A name for this call. Repeated within a day, it finds the run that it has started.",
    ),
)
RESUME = (
    OpenApiParameter(
        LAST_EVENT_ID,
        {"type": "integer", "minimum": 0},
        OpenApiParameter.HEADER,
        description="The last event that is known: goes on after it, with the Idempotency-Key that started the run.",
    ),
)


@operation("stream_flow", "flows", EVENTS, LINES, TEXT, NO_MORE, body=shapes.FlowInput, query=START_KEY + RESUME)
@endpoint("POST")
async def stream(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and send what it yields, while it is being written."""
    format_type = http_response.choose_format(request)
    run = await _start(request, flow_id)
    if isinstance(run, StartedBefore):
        return await _answer_again(request, run.id, format_type)
    return http_response.build_response(run.id, 0, format_type, public=True)


async def _answer_again(request: HttpRequest, run_id: UUID, format_type: type[Format]) -> HttpResponseBase:
    """Return what a run that was started before yields, from its beginning or after the client's last event."""
    after = read_cursor(request)
    found = await in_database(Run.objects.get, pk=run_id)
    if await is_at_end(request, found, after):
        return HttpResponse(status=204)
    return http_response.build_response(run_id, after, format_type, public=True)


@operation("run_flow", "flows", ENDED, *FAILED, body=shapes.FlowInput, query=START_KEY)
@endpoint("POST")
async def run(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and answer when it has ended. A client that leaves does not stop it."""
    run_id = (await _start(request, flow_id)).id
    pending = asyncio.create_task(read_outcome(run_id), name=f"outcome {run_id}")
    headers = {**http_response.HEADERS, "Content-Type": "application/json", "X-Run": str(run_id)}
    return await wait_and_answer(pending, headers)


@operation(
    "submit_flow",
    "flows",
    Answer(shapes.RunSubmitted, 202, headers=("Location",)),
    body=shapes.FlowInput,
    query=START_KEY,
)
@endpoint("POST")
async def submit(request: HttpRequest, flow_id: UUID) -> HttpResponseBase:
    """Start a run and answer at once with where to find it."""
    run_id = (await _start(request, flow_id)).id
    links = build_run_links(run_id)
    return JsonResponse({"run": str(run_id), "links": links}, status=202, headers={"Location": links["state"]})


async def _start(request: HttpRequest, flow_id: UUID) -> LocalRun | StartedBefore:
    """Start a run, or find the one that this very call has started before."""
    return await start_run(lambda: _read_call(request, flow_id))


def _read_call(request: HttpRequest, flow_id: UUID) -> RunCall:
    """Return the call. One that names the last event its client has may not start a run: it wants to go on."""
    caller = admit(request, "run")
    key, resumes = read_header_once(request, "Idempotency-Key", "bad_idempotency_key"), is_resumed(request)
    if resumes and key is None:
        message = "This call goes on after an event, but without an Idempotency-Key it would start another run."
        hint = f"Read /api/v1/runs/RUN/events with {LAST_EVENT_ID}; the first event and X-Run hold the run's id."
        raise DomainError("conflict", "resume_needs_key", message, field=LAST_EVENT_ID, hint=hint)
    return RunCall(caller, flow_id, _read_payload(request, caller, flow_id), key=key, resumes=resumes)


def _read_payload(request: HttpRequest, caller: Caller, flow_id: UUID) -> dict[str, Any]:
    try:
        check_query(request)
        return read_object(request, START_LIMITS)
    except DomainError:
        services.get_flow(caller.workspace_id, flow_id, caller.flows)  # that there is no such flow is said first
        raise
