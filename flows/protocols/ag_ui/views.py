"""The address at which a client of AG-UI runs a flow."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from flows.addresses import FlowReference
from flows.protocols.ag_ui.encode import AgentEvents
from flows.protocols.ag_ui.parse import read_call
from flows.protocols.answers import LEFT_GRACE_S
from flows.protocols.flow_chats import start_chat
from flows.wire import http_response
from web.async_views import endpoint


@endpoint("POST", foreign=True)
async def run_agent(request: HttpRequest, flow_id: FlowReference) -> HttpResponseBase:
    """Start a run for the last message of a thread and send it while it is written. A client that leaves cancels it."""
    started = await start_chat(request, flow_id, read_call, LEFT_GRACE_S)
    events = AgentEvents(started.call.options["thread"], started.call.options["run"])
    return http_response.build_response(request, started.caller, started.run, 0, events, public=True)
