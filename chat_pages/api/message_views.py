"""A visitor's questions over REST: ask and read the answer as a stream, come back to it, stop it."""

from typing import NamedTuple
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from rest_framework import serializers

from actions.contract.errors import DomainError
from chat_pages import conversations, files
from chat_pages.api.bodies import read_fields
from chat_pages.conversations import NextTurn
from chat_pages.file_types import MAX_FILES
from chat_pages.minute_limits import QUESTION_LIMITS
from chat_pages.models import ConversationFile
from chat_pages.refusals import tell_visitor
from chat_pages.visitor_events import VisitorEvents
from chat_pages.visitors import Visitor, admit_visitor
from flows.api import shapes
from flows.api.cursors import is_at_end, read_cursor
from flows.api.event_answers import EVENTS, NO_MORE
from flows.api.run_views import CURSOR
from flows.api.start_views import RESUME, START_QUERY
from flows.models import Run
from flows.protocols.chat_call import CHAT_TRIGGER
from flows.runs.cancel import STOPPED, cancel_run
from flows.runs.execution.runner import StartedRun
from flows.runs.idempotency import read_repeat
from flows.runs.prepare import RunCall, StartedBefore
from flows.runs.start import start_run
from flows.wire import http_response
from flows.wire.http_response import AnsweredRun
from web.async_views import endpoint
from web.database import in_database
from web.drf.serializers import SecretField, StrictSerializer
from web.openapi import NOBODY, Answer, operation
from web.requests import check_query

MAX_PROMPT_CHARACTERS = 16_000


class Question(StrictSerializer):
    prompt = SecretField(max_length=MAX_PROMPT_CHARACTERS)  # of any characters, as every caller may send
    replaces = serializers.UUIDField(allow_null=True, default=None)
    """The run whose turn this one takes the place of, with all that follow it."""
    files = serializers.ListField(child=serializers.UUIDField(), max_length=MAX_FILES, default=list)
    """Of the visitor's own, in order."""


class Asked(NamedTuple):
    """A question that was read, with where its answer belongs."""

    visitor: Visitor
    turn: NextTurn
    prompt: str
    files: list[ConversationFile]


@operation("ask_question", "chat pages", EVENTS, NO_MORE, body=Question, query=START_QUERY[1:] + RESUME, auth=NOBODY)
@endpoint("POST")
async def ask(request: HttpRequest, address: str, conversation_id: UUID) -> HttpResponseBase:
    """Ask a question in a conversation of the visitor's own, and send the answer while it is written.

    The first question begins the conversation, under an id that the page has chosen.
    """
    asked: list[Asked] = []

    def read_call() -> RunCall:
        question, call = _read_call(request, address, conversation_id)
        asked.append(question)
        return call

    try:
        run = await start_run(read_call)
    except DomainError as error:
        if asked:
            await in_database(conversations.forget_turn, asked[0].visitor, asked[0].turn)
        raise tell_visitor(error) from None
    question = asked[0]
    file_ids = [row.pk for row in question.files]
    await in_database(conversations.store_turn, question.visitor, question.turn, run.id, question.prompt, file_ids)
    return await _answer(request, question.visitor, run)


@operation("read_answer", "chat pages", EVENTS, NO_MORE, query=CURSOR[:2], auth=NOBODY)
@endpoint("GET", streams=True)
async def read_answer(request: HttpRequest, address: str, run_id: UUID) -> HttpResponseBase:
    """Send the answer of one of the visitor's own runs after a cursor, while it is written."""
    check_query(request, ("after",))
    visitor, found = await in_database(_find_run, request, address, run_id)
    return await _answer_after(request, visitor, found)


@operation("stop_answer", "chat pages", Answer(shapes.RunStopped), auth=NOBODY)
@endpoint("POST")
async def stop(request: HttpRequest, address: str, run_id: UUID) -> HttpResponseBase:
    """Stop one of the visitor's own runs; answers its status once its end is stored."""
    check_query(request)
    visitor, found = await in_database(_find_run, request, address, run_id)
    status = await cancel_run(found.pk, STOPPED, by=visitor.caller.name)
    return JsonResponse({"run": str(found.pk), "status": status})


def _read_call(request: HttpRequest, address: str, conversation_id: UUID) -> tuple[Asked, RunCall]:
    check_query(request)
    visitor = admit_visitor(request, address)
    key, resumes = read_repeat(request)
    question = read_fields(request, Question)
    prompt = question["prompt"]
    QUESTION_LIMITS.count(request, visitor)
    chosen = files.choose_files(visitor, conversation_id, question["files"])
    turn = conversations.prepare_turn(visitor, conversation_id, question["replaces"], key or uuid4().hex)
    named = {"files": [files.describe_for_run(row) for row in chosen]} if chosen else {}
    call = RunCall(
        visitor.caller,
        visitor.page.flow_id,
        {"prompt": prompt, "session_id": turn.session_id, **named},
        len(prompt.encode()),
        files.measure_for_run(chosen),
        environment="production",
        key=key,
        resumes=resumes,
        trigger=CHAT_TRIGGER,
    )
    return Asked(visitor, turn, prompt, chosen), call


async def _answer(request: HttpRequest, visitor: Visitor, run: StartedRun | StartedBefore) -> HttpResponseBase:
    if isinstance(run, StartedBefore):
        return await _answer_after(request, visitor, await in_database(Run.objects.get, pk=run.id))
    answered = AnsweredRun(run.id, run.revision)
    return http_response.build_response(request, visitor.caller, answered, 0, VisitorEvents(), public=True)


async def _answer_after(request: HttpRequest, visitor: Visitor, found: Run) -> HttpResponseBase:
    """Return what comes after the last event that the client has; 204 when nothing does."""
    after, revision = read_cursor(request), await in_database(lambda: found.version.revision)
    run = AnsweredRun(found.pk, revision)
    if await is_at_end(request, found, after):
        return HttpResponse(status=204, headers=run.build_headers())
    return http_response.build_response(request, visitor.caller, run, after, VisitorEvents(), public=True)


def _find_run(request: HttpRequest, address: str, run_id: UUID) -> tuple[Visitor, Run]:
    visitor = admit_visitor(request, address)
    return visitor, conversations.get_turn(visitor, run_id).run
