"""Starts the run of a tool that is called, answers with it, and cancels it."""

import asyncio
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

from actions.contract.errors import DomainError
from flows.events.yielded import MAX_YIELDED_BYTES
from flows.log.record_reader import LogReading
from flows.protocols.client_calls import LEFT_GRACE_S
from flows.protocols.mcp.encode import (
    AnswerSoFar,
    ToolCallEvents,
    build_failure,
    build_reply,
    build_result,
    gather_pieces,
)
from flows.protocols.mcp.errors import INVALID_REQUEST, RpcError
from flows.protocols.mcp.parse import Message, ToolCall, build_start_key, read_cancelled_id, read_tool_call
from flows.protocols.mcp.tools import find_tool
from flows.protocols.repeated_streams import require_stream
from flows.protocols.whole_answer import WholeAnswer, hear_whole_answer
from flows.runs.cancel import STOPPED, cancel_run
from flows.runs.execution.runner import StartedRun
from flows.runs.idempotency import find_run_of_key, read_repeat
from flows.runs.prepare import RunCall, StartedBefore
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.http_response import AnsweredRun, accepts
from flows.wire.large_answer import answer_json
from flows.wire.streamed_response import StreamedResponse
from flows.wire.waiting_response import wait_and_answer
from web.database import in_database
from web.error_forms import join_sentences
from web.middleware.asgi import tell_begun
from workspaces.access import Caller

LATE_START_LOOKS = 10
"""How often a run is looked for that is to be cancelled: the call that starts it may still be on its way."""
LOOK_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class OpenedCall:
    """A message of a client that is known."""

    caller: Caller
    message: Message
    size: int
    """Of the body, in bytes."""


async def call_tool(request: HttpRequest, opened: OpenedCall) -> HttpResponseBase:
    """Answer `tools/call`: with JSON when the run has ended, or while it goes on, where progress is asked for."""
    call, message = read_tool_call(opened.message.params), opened.message
    try:
        started = await _start_run(request, opened, call)
    except DomainError as error:
        if error.code != "invalid_input":
            raise
        return JsonResponse(build_reply(message, build_failure(join_sentences(error))))
    tell_begun(getattr(request, "scope", {}))
    run = AnsweredRun(started.id, started.revision)
    if call.progress_token is not None and accepts(request, ToolCallEvents.media):
        await require_stream(started)
        encoder = ToolCallEvents(message, call.progress_token)
        return http_response.build_response(request, opened.caller, run, 0, encoder, public=True)
    pending = asyncio.create_task(_build_whole(opened.caller, message, run), name=f"answer {run.id}")
    headers = {**http_response.HEADERS, "Content-Type": "application/json", **run.build_headers()}
    return await wait_and_answer(opened.caller, pending, headers)


async def _start_run(request: HttpRequest, opened: OpenedCall, call: ToolCall) -> StartedRun | StartedBefore:
    caller, session_key = opened.caller, _build_session_key(opened.message)
    key, resumes = read_repeat(request, session_key)

    def read_run_call() -> RunCall:
        return RunCall(
            caller,
            find_tool(caller, call.tool),
            call.arguments,
            opened.size,
            environment=caller.environments[0],
            key=key,
            resumes=resumes,
            disconnect_grace_s=LEFT_GRACE_S,
        )

    try:
        return await start_run(read_run_call)
    except DomainError as error:
        if session_key and error.code == "idempotency_key_reused":
            raise RpcError(INVALID_REQUEST, "This id was used for another call of the session.") from None
        raise


def _build_session_key(message: Message) -> str | None:
    """Return the key of a request of a session; None where there is no session."""
    if message.headers.session is None or message.is_stateless:
        return None
    assert message.id is not None
    return build_start_key(message.headers.session, message.id)


async def _build_whole(caller: Caller, message: Message, run: AnsweredRun) -> HttpResponse | StreamedResponse:
    async with LogReading(caller.workspace_id) as reading:
        heard = await hear_whole_answer(run.id, reading)
        body = await asyncio.to_thread(_build_body, message, heard)  # of megabytes, perhaps
        return await answer_json(body, headers=run.build_headers())


def _build_body(message: Message, heard: WholeAnswer) -> dict[str, Any]:
    answer = AnswerSoFar(size=MAX_YIELDED_BYTES + 1) if heard.is_too_large else gather_pieces(heard.pieces)
    return build_reply(message, build_result(answer, heard.end, message))


async def cancel_call(opened: OpenedCall) -> None:
    """Cancel the run of a call that `notifications/cancelled` names; return when it has ended."""
    id, session = read_cancelled_id(opened.message.params), opened.message.headers.session
    if session is None:  # without one, ids of several clients are the same
        return
    run_id = await _find_run(opened.caller, build_start_key(session, id))
    if run_id is not None:
        await cancel_run(run_id, STOPPED, by=opened.caller.name)


async def _find_run(caller: Caller, key: str) -> UUID | None:
    for _ in range(LATE_START_LOOKS):
        if found := await in_database(find_run_of_key, caller.workspace_id, key, caller.owner):
            return found
        await asyncio.sleep(LOOK_INTERVAL_S)
    return None
