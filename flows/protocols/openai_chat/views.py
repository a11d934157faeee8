"""The address of chat completions."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from flows.protocols.answers import StartedCall, send_whole_answer, start_call, stream_answer
from flows.protocols.openai_chat.encode import ChatCompletionChunks, build_completion
from flows.protocols.openai_chat.parse import read_call
from flows.protocols.openai_errors import ERRORS
from flows.protocols.whole_answer import WholeAnswer
from web.async_views import endpoint


@endpoint("POST", foreign=True)
async def complete(request: HttpRequest) -> HttpResponseBase:
    """Answer a chat by a run of the flow that is named as its model."""
    started = await start_call(request, read_call)
    call = started.call
    if call.is_streamed:
        encoder = ChatCompletionChunks(call.model, includes_usage=call.options["includes_usage"])
        return await stream_answer(request, started, encoder, ERRORS)
    return await send_whole_answer(started, _build_completion, ERRORS)


def _build_completion(started: StartedCall, answer: WholeAnswer) -> dict[str, Any]:
    run = str(started.run.id)
    return build_completion(started.call.model, run, answer.started_at, answer.pieces, answer.end)
