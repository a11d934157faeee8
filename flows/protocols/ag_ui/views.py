"""The address at which a client of AG-UI runs a flow."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from flows.addresses import FlowReference
from flows.protocols.ag_ui.encode import AgentEvents
from flows.protocols.ag_ui.parse import read_call
from flows.protocols.client_calls import LEFT_GRACE_S
from flows.protocols.flow_chats import OpenedChat, open_chat
from flows.protocols.repeated_streams import require_stream
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.http_response import AnsweredRun
from web.async_views import endpoint


@endpoint("POST", foreign=True)
async def run_agent(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run for the last message of a thread and send it while it is written. A client that leaves cancels it."""
    opened: list[OpenedChat] = []

    def read_run_call() -> RunCall:
        opened.append(open_chat(request, flow_id, read_call, LEFT_GRACE_S))
        return opened[0].run_call

    run = await start_run(read_run_call)
    await require_stream(run)
    options = opened[0].call.options
    events, answered = AgentEvents(options["thread"], options["run"]), AnsweredRun(run.id, run.revision)
    return http_response.build_response(request, opened[0].caller, answered, 0, events, public=True)
