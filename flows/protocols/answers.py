"""Starts the run of a call, and answers with it: as it is written, or whole."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from actions.contract.errors import DomainError
from flows.events.events import TERMINAL
from flows.events.fold import RunState
from flows.events.yielded import MAX_YIELDED_BYTES
from flows.log.frames import Frame
from flows.log.record_reader import LogReading
from flows.protocols.chat_call import CHAT_TRIGGER, ChatCall
from flows.protocols.client_calls import LEFT_GRACE_S, admit_model_client, find_model, read_body
from flows.protocols.encoder import get_error, read_end
from flows.protocols.repeated_streams import require_stream
from flows.protocols.whole_answer import ENDS, WholeAnswer, hear_whole_answer
from flows.runs.idempotency import read_repeat
from flows.runs.local_run import read_run_events
from flows.runs.prepare import RunCall
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.format import Format
from flows.wire.http_response import AnsweredRun
from flows.wire.large_answer import answer_json
from flows.wire.run_refusals import build_run_refusal
from flows.wire.streamed_response import StreamedResponse
from flows.wire.waiting_response import MAX_SILENCE_S, wait_and_answer
from web.error_forms import ErrorForm
from web.middleware.asgi import tell_begun
from web.requests import read_text_header
from workspaces.access import Caller

SESSION_HEADER = "X-Session-Id"


@dataclass(frozen=True, slots=True)
class StartedCall:
    """A call whose run was started, now or before by the very same call."""

    caller: Caller
    call: ChatCall
    run: AnsweredRun


ReadCall = Callable[[Mapping[str, Any]], ChatCall]
ChooseSession = Callable[[Caller, UUID, ChatCall, str | None], str]
"""Returns the session of a call whose header names none, given its flow and its Idempotency-Key. Sync."""
BuildBody = Callable[[StartedCall, WholeAnswer], dict[str, Any]]


def _choose_none(*_: object) -> str:
    return ""


async def start_call(
    request: HttpRequest, read_call: ReadCall, choose_session: ChooseSession = _choose_none
) -> StartedCall:
    """Start a run of the flow that the body of the request names as its model.

    Raises what `start_run`, `read_repeat`, `require_stream`, `read_call` and `choose_session` raise.
    """
    calls: list[tuple[Caller, ChatCall]] = []

    def read_run_call() -> RunCall:
        caller = admit_model_client(request)
        body, size = read_body(request)
        call = read_call(body)
        calls.append((caller, call))
        flow_id = find_model(caller, call.model)
        key, resumes = read_repeat(request)
        named = read_text_header(request, SESSION_HEADER, "bad_session_id")
        return RunCall(
            caller,
            flow_id,
            call.build_payload(named or choose_session(caller, flow_id, call, key)),
            size,
            environment=caller.environments[0],
            key=key,
            resumes=resumes,
            trigger=CHAT_TRIGGER,
            disconnect_grace_s=LEFT_GRACE_S,
        )

    run = await start_run(read_run_call)
    tell_begun(getattr(request, "scope", {}))
    caller, call = calls[0]
    if call.is_streamed:
        await require_stream(run)
    return StartedCall(caller, call, AnsweredRun(run.id, run.revision))


async def stream_answer(
    request: HttpRequest, started: StartedCall, format: Format, form: ErrorForm
) -> HttpResponseBase:
    """Return the answer of a run while it is written.

    The status waits for the first words, so that a run that fails before them is answered as a refused call is.
    """
    if refusal := await _find_early_failure(started.run.id):
        return _answer_refusal(started, form, refusal)
    return http_response.build_response(request, started.caller, started.run, 0, format, public=True)


async def send_whole_answer(started: StartedCall, build: BuildBody, form: ErrorForm) -> HttpResponseBase:
    """Return the answer of a run when it has ended, or the error with which it has ended, in the protocol's form."""
    pending = asyncio.create_task(_build_whole(started, build, form), name=f"answer {started.run.id}")
    headers = {**http_response.HEADERS, "Content-Type": "application/json", **started.run.build_headers()}
    return await wait_and_answer(started.caller, pending, headers, tells_failure=False)


async def _build_whole(started: StartedCall, build: BuildBody, form: ErrorForm) -> HttpResponse | StreamedResponse:
    async with LogReading(started.caller.workspace_id) as reading:
        answer = await hear_whole_answer(started.run.id, reading)
        if answer.end["status"] != "completed":
            return _answer_refusal(started, form, _refuse(answer.end))
        if answer.is_too_large:
            return _answer_refusal(started, form, _build_too_large())
        body = await asyncio.to_thread(build, started, answer)  # of megabytes, perhaps
        return await answer_json(body, headers=started.run.build_headers())


def _answer_refusal(started: StartedCall, form: ErrorForm, refusal: DomainError) -> HttpResponse:
    response = form.build_response(refusal)
    for name, value in started.run.build_headers().items():
        response[name] = value
    return response


async def _find_early_failure(run_id: UUID) -> DomainError | None:
    """Return why the run failed before its first words; None when these have come, or do not come for a while."""
    with suppress(TimeoutError):
        async with asyncio.timeout(MAX_SILENCE_S), aclosing(_read_frames(run_id)) as frames:
            async for frame in frames:
                if frame.type in TERMINAL and frame.type != "run.completed":
                    return _refuse(read_end(frame))
                if frame.type == "item":
                    return None
    return None


async def _read_frames(run_id: UUID) -> AsyncGenerator[Frame, None]:
    async with aclosing(read_run_events(run_id, public=True)) as batches:
        async for frames in batches:
            for frame in frames:
                yield frame


def _refuse(end: RunState) -> DomainError:
    """Return the error of a run that has ended so and did not complete, or whose end could not be stored."""
    if end["status"] not in ENDS:
        return DomainError("unavailable", "end_not_stored", "The end of the run could not be stored.", retry_after_s=5)
    error = get_error(end)
    refusal = build_run_refusal(end["status"], error)
    if error["fault"] == "caller":
        return DomainError("invalid", refusal.code, refusal.message, hint=refusal.hint)
    refusal.extra["is_retryable"] = bool(error["retryable"])
    return refusal


def _build_too_large() -> DomainError:
    message = f"The flow has yielded more than a whole answer may hold: {MAX_YIELDED_BYTES // 1024**2} MB."
    hint = "Ask for a stream instead, with `stream`: true."
    return DomainError("invalid", "answer_too_large", message, field="stream", hint=hint, is_retryable=False)
