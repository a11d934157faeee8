"""The addresses of a chat for the AI SDK: ask, come back, stop."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from flows import services
from flows.addresses import FlowReference, find_flow_id
from flows.models import Run, RunStatus
from flows.protocols.ai_sdk.encode import UiMessageStream
from flows.protocols.ai_sdk.parse import read_call
from flows.protocols.flow_chats import OpenedChat, open_chat
from flows.protocols.repeated_streams import require_stream
from flows.runs.cancel import STOPPED, cancel_run
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.http_response import AnsweredRun
from web.async_views import endpoint
from web.database import in_database
from web.requests import check_query
from workspaces.access import Caller, admit

MAX_STOPPED = 100
"""How many runs of a chat one call stops: the one that goes on, and those that wait for it."""


@endpoint("POST", foreign=True)
async def ask(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run for the last message of a chat and send it while it is written."""
    opened: list[OpenedChat] = []

    def read_run_call() -> RunCall:
        opened.append(open_chat(request, flow_id, read_call))
        return opened[0].run_call

    run = await start_run(read_run_call)
    await require_stream(run)
    answered = AnsweredRun(run.id, run.revision)
    return http_response.build_response(request, opened[0].caller, answered, 0, UiMessageStream(), public=True)


@endpoint("GET", streams=True, foreign=True)
async def resume(request: HttpRequest, flow_id: FlowReference, chat: str) -> HttpResponseBase:
    """Send the run of a chat that goes on from its beginning; 204 when none does."""
    caller, runs = await in_database(_find_runs, request, flow_id, chat)
    if not runs:
        return HttpResponse(status=204)
    return http_response.build_response(request, caller, runs[0], 0, UiMessageStream(), public=True)


@endpoint("POST", foreign=True)
async def stop(request: HttpRequest, flow_id: FlowReference, chat: str) -> HttpResponseBase:
    """Stop the runs of a chat that go on or wait; answer when they have ended."""
    caller, runs = await in_database(_find_runs, request, flow_id, chat)
    for run in runs:
        await cancel_run(run.id, STOPPED, by=caller.name)
    return HttpResponse(status=204)


def _find_runs(request: HttpRequest, flow_id: FlowReference, chat: str) -> tuple[Caller, list[AnsweredRun]]:
    """Return the caller's runs of a chat that have not ended, the newest first."""
    caller = admit(request, "run")
    check_query(request)
    flow = services.get_flow(caller.workspace_id, find_flow_id(caller.workspace_id, flow_id), caller.flows)
    runs = Run.objects.filter(flow=flow, owner=caller.owner, session_id=chat, status=RunStatus.RUNNING)
    newest = runs.order_by("-started_at").values_list("pk", "version__revision")[:MAX_STOPPED]
    return caller, [AnsweredRun(*values) for values in newest]
