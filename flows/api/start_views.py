"""Starts a run over REST: as a stream, with its result, or with links to it. Plain async views."""

import asyncio
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter

from actions.contract.errors import DomainError
from flows import services
from flows.addresses import FlowReference, find_flow_id
from flows.api import shapes
from flows.api.cursors import MAX_CURSOR, is_at_end, read_cursor
from flows.api.event_answers import EVENTS, LINES, NO_MORE, RUN, TEXT
from flows.api.outcomes import read_outcome
from flows.models import Run
from flows.runs.execution.runner import StartedRun
from flows.runs.idempotency import KEY_PATTERN, LAST_EVENT_ID, read_repeat
from flows.runs.prepare import RunCall, StartedBefore
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.format import Format
from flows.wire.http_response import AnsweredRun
from flows.wire.run_links import build_run_links
from flows.wire.run_refusals import KIND_OF_END
from flows.wire.waiting_response import wait_and_answer
from web.async_views import endpoint
from web.database import in_database
from web.errors import STATUS_BY_KIND
from web.middleware.asgi import tell_begun
from web.openapi import Answer, operation, refer_to
from web.requests import check_query, read_json_body
from web.shapes import RefusalBody
from web.strict_json import START_LIMITS, parse_object
from workspaces.access import Caller, admit
from workspaces.environments import ENVIRONMENTS, PARAMETER, choose_environment

ENDED = Answer(
    shapes.RunAnswer, about="After ten seconds the status is 200, whatever comes: look at `status`.", headers=RUN
)
# A start that is refused has the same statuses as a run that failed.
FAILED_OR_REFUSED = {"anyOf": [refer_to(shapes.FailedRunOutcome), refer_to(RefusalBody)]}
FAILED = tuple(Answer(FAILED_OR_REFUSED, STATUS_BY_KIND[kind], headers=RUN) for kind in KIND_OF_END.values())
START_QUERY = (
    OpenApiParameter(
        PARAMETER,
        {"type": "string", "enum": list(ENVIRONMENTS)},
        description="Which version runs: the one published there, or in development the draft. Without it, the first "
        "of the key's environments counts; for a member it is development.",
    ),
    OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "pattern": KEY_PATTERN},
        OpenApiParameter.HEADER,
        description="A name for this call. Repeated within a day, it finds the run that it has started.",
    ),
)
RESUME = (
    OpenApiParameter(
        LAST_EVENT_ID,
        {"type": "integer", "minimum": 0, "maximum": MAX_CURSOR},
        OpenApiParameter.HEADER,
        description="The last event that is known: goes on after it, with the Idempotency-Key that started the run.",
    ),
)


@operation("stream_flow", "flows", EVENTS, LINES, TEXT, NO_MORE, body=shapes.FlowInput, query=START_QUERY + RESUME)
@endpoint("POST")
async def stream(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run and send what it yields, while it is being written."""
    format_type = http_response.choose_format(request)
    caller, started = await _start(request, flow_id)
    run = AnsweredRun(started.id, started.revision)
    if isinstance(started, StartedBefore):
        return await _answer_again(request, caller, run, format_type)
    return http_response.build_response(request, caller, run, 0, format_type(), public=True)


async def _answer_again(
    request: HttpRequest, caller: Caller, run: AnsweredRun, format_type: type[Format]
) -> HttpResponseBase:
    """Return what a run that was started before yields, from its beginning or after the client's last event."""
    after = read_cursor(request)
    found = await in_database(Run.objects.get, pk=run.id)
    if await is_at_end(request, found, after):
        return HttpResponse(status=204, headers=run.build_headers())
    return http_response.build_response(request, caller, run, after, format_type(), public=True)


@operation("run_flow", "flows", ENDED, *FAILED, body=shapes.FlowInput, query=START_QUERY)
@endpoint("POST")
async def run(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run and answer when it has ended. A client that leaves does not stop it."""
    caller, started = await _start(request, flow_id)
    tell_begun(getattr(request, "scope", {}))
    pending = asyncio.create_task(read_outcome(caller.workspace_id, started.id), name=f"outcome {started.id}")
    response = await wait_and_answer(caller, pending, {**http_response.HEADERS, "Content-Type": "application/json"})
    for name, value in AnsweredRun(started.id, started.revision).build_headers().items():
        response.headers[name] = value
    return response


@operation(
    "submit_flow",
    "flows",
    Answer(shapes.RunSubmitted, 202, headers=("Location", *RUN)),
    body=shapes.FlowInput,
    query=START_QUERY,
)
@endpoint("POST")
async def submit(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run and answer at once with where to find it."""
    _, started = await _start(request, flow_id)
    run, links = AnsweredRun(started.id, started.revision), build_run_links(started.id)
    headers = {"Location": links["state"], **run.build_headers()}
    return JsonResponse({"run": str(run.id), "links": links}, status=202, headers=headers)


async def _start(request: HttpRequest, flow_id: FlowReference) -> tuple[Caller, StartedRun | StartedBefore]:
    """Start a run, or find the one that this very call has started before; return it with the caller."""
    calls: list[RunCall] = []

    def read_call() -> RunCall:
        calls.append(_read_call(request, flow_id))
        return calls[0]

    run = await start_run(read_call)
    return calls[0].caller, run


def _read_call(request: HttpRequest, flow_id: FlowReference) -> RunCall:
    caller = admit(request, "run")
    key, resumes = read_repeat(request)
    payload, size = _read_payload(request, caller, flow_id)
    environment, id = choose_environment(request, caller.environments), find_flow_id(caller.workspace_id, flow_id)
    return RunCall(caller, id, payload, size, environment=environment, key=key, resumes=resumes)


def _read_payload(request: HttpRequest, caller: Caller, flow_id: FlowReference) -> tuple[dict[str, Any], int]:
    """Return the payload and the bytes of the body."""
    try:
        check_query(request, (PARAMETER,))
        body = read_json_body(request, START_LIMITS)
        return parse_object(body, START_LIMITS), len(body)
    except DomainError:
        # That there is no such flow is said first.
        services.get_flow(caller.workspace_id, find_flow_id(caller.workspace_id, flow_id), caller.flows)
        raise
