"""The address of Responses."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from flows.protocols.answers import StartedCall, send_whole_answer, start_call, stream_answer
from flows.protocols.openai_errors import ERRORS
from flows.protocols.openai_responses.encode import ResponseEvents, build_response, build_whole_response
from flows.protocols.openai_responses.parse import read_call
from flows.protocols.openai_responses.sessions import choose_session
from flows.protocols.whole_answer import WholeAnswer
from web.async_views import endpoint


@endpoint("POST", foreign=True)
async def respond(request: HttpRequest) -> HttpResponseBase:
    """Answer a chat by a run of the flow that is named as its model."""
    started = await start_call(request, read_call, choose_session)
    call = started.call
    if call.is_streamed:
        encoder = ResponseEvents(call.model, call.options["previous_response_id"])
        return await stream_answer(request, started, encoder, ERRORS)
    return await send_whole_answer(started, _build_body, ERRORS)


def _build_body(started: StartedCall, answer: WholeAnswer) -> dict[str, Any]:
    call = started.call
    head = build_response(call.model, call.options["previous_response_id"], str(started.run.id), answer.started_at)
    return build_whole_response(head, answer.pieces, answer.end)
