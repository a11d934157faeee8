"""The address of Messages."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.protocols.answers import StartedCall, send_whole_answer, start_call, stream_answer
from flows.protocols.anthropic_messages.encode import MessageEvents, build_whole_message
from flows.protocols.anthropic_messages.errors import ERRORS
from flows.protocols.anthropic_messages.parse import read_call
from flows.protocols.anthropic_messages.token_count import TokenCountCall, read_count_call
from flows.protocols.whole_answer import WholeAnswer
from web.async_views import endpoint
from web.database import in_database


@endpoint("POST", foreign=True)
async def create_message(request: HttpRequest) -> HttpResponseBase:
    """Answer a chat by a run of the flow that is named as its model."""
    started = await start_call(request, read_call)
    if started.call.is_streamed:
        return await stream_answer(request, started, MessageEvents(started.call.model), ERRORS)
    return await send_whole_answer(started, _build_message, ERRORS)


@endpoint("POST", foreign=True)
async def count_tokens(request: HttpRequest) -> HttpResponseBase:
    """Return how many tokens the messages of a call have, as the model that the flow calls counts them."""
    call: TokenCountCall = await in_database(read_count_call, request)
    return JsonResponse({"input_tokens": await call.count()})


def _build_message(started: StartedCall, answer: WholeAnswer) -> dict[str, Any]:
    return build_whole_message(started.call.model, str(started.run.id), answer.pieces, answer.end)
