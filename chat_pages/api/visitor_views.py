"""A chat page over REST, for its visitors: the page, and their own conversations."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from pydantic_core import to_json
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from actions.contract.sizes import MEGABYTE
from chat_pages import conversations
from chat_pages.answers import read_answer
from chat_pages.api import shapes
from chat_pages.api.bodies import read_fields
from chat_pages.api.documents import RATINGS, describe_conversation, describe_open_page, describe_turn
from chat_pages.api.page_views import ChoiceField
from chat_pages.feedback.starts import feedback_starts
from chat_pages.minute_limits import RATING_LIMITS
from chat_pages.models import MAX_COMMENT_CHARACTERS, Conversation, ConversationTurn
from chat_pages.refusals import build_unavailable
from chat_pages.visitors import Visitor, admit_visitor, open_page, set_visitor_cookie
from flows.wire.large_answer import answer_json
from web.async_views import endpoint
from web.database import in_database
from web.drf.serializers import StrictSerializer, TextField
from web.openapi import NOBODY, Answer, operation
from web.requests import check_query
from web.text import find_bad_character
from workspaces.api.base import BodyView

MAX_SEARCH_CHARACTERS = 200
MAX_TURNS_BYTES = 8 * MEGABYTE
SEARCH = (OpenApiParameter("search", {"type": "string"}, description="Words of the name or of the first question."),)


class RenamedConversation(StrictSerializer):
    """An empty name takes the name away."""

    name = TextField(max_length=120, allow_blank=True)


class RatedAnswer(StrictSerializer):
    rating = ChoiceField(choices=("good", "bad"), default=None)
    comment = TextField(max_length=MAX_COMMENT_CHARACTERS, allow_blank=True, multiline=True, default="")


class VisitorView(BodyView):
    """A view for the visitors of a page, whom it admits by their cookie or as members."""

    query_parameters: tuple[str, ...] = ()
    visitor: Visitor

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        check_query(request._request, self.query_parameters)
        self.visitor = admit_visitor(request._request, kwargs["address"])


class OpenChatPage(BodyView):
    @operation("open_chat_page", "chat pages", Answer(shapes.OpenChatPage), auth=NOBODY)
    def get(self, request: Request, address: str) -> Response:
        """Return the page, and let the browser be known by a cookie from now on."""
        check_query(request._request)
        page, is_member, needs_cookie = open_page(request._request, address)
        if page.flow.production_revision is None:
            raise build_unavailable()
        response = Response({**describe_open_page(page), "is_member": is_member})
        if needs_cookie:
            set_visitor_cookie(response)
        return response


class Conversations(VisitorView):
    query_parameters = ("search",)

    @operation("list_conversations", "chat pages", Answer(shapes.ConversationList), query=SEARCH, auth=NOBODY)
    def get(self, request: Request, address: str) -> Response:
        """List the visitor's own conversations, the one that was used last first, 200 at most."""
        words = request._request.GET.get("search", "").strip()[:MAX_SEARCH_CHARACTERS]
        if find_bad_character(words):
            message = "search has a character that no name has."
            raise DomainError("malformed", "bad_parameter", message, field="search")
        rows = conversations.list_conversations(self.visitor, words)
        return Response({"conversations": [describe_conversation(row) for row in rows]})


class ConversationItem(VisitorView):
    @operation("rename_conversation", "chat pages", Answer(shapes.Conversation), body=RenamedConversation, auth=NOBODY)
    def patch(self, request: Request, address: str, conversation_id: UUID) -> Response:
        """Name one of the visitor's own conversations."""
        name = self.read(RenamedConversation)["name"]
        found = conversations.get_conversation(self.visitor, conversation_id)
        return Response(describe_conversation(conversations.rename_conversation(found, name)))

    @operation("delete_conversation", "chat pages", Answer(status=204), auth=NOBODY)
    def delete(self, request: Request, address: str, conversation_id: UUID) -> Response:
        """Delete one of the visitor's own conversations, and what the flow remembers of it."""
        found = conversations.get_conversation(self.visitor, conversation_id)
        conversations.delete_conversation(self.visitor, found)
        return Response(status=204)


@operation("rate_answer", "chat pages", Answer(status=204), body=RatedAnswer, auth=NOBODY)
@endpoint("PUT")
async def rate(request: HttpRequest, address: str, run_id: UUID) -> HttpResponseBase:
    """Say whether the answer of one of the visitor's own runs was good, and why; null takes that back."""
    await in_database(_rate, request, address, run_id)
    feedback_starts.begin()
    return HttpResponse(status=204)


@operation("list_turns", "chat pages", Answer(shapes.TurnList), auth=NOBODY)
@endpoint("GET")
async def list_turns(request: HttpRequest, address: str, conversation_id: UUID) -> HttpResponseBase:
    """Return the turns of one of the visitor's own conversations: the last 100, or as many as 8 MB hold."""
    conversation, turns = await in_database(_find_turns, request, address, conversation_id)
    described = await _describe_turns(turns)
    return await answer_json({"conversation": describe_conversation(conversation), "turns": described})


def _rate(request: HttpRequest, address: str, run_id: UUID) -> None:
    check_query(request)
    visitor = admit_visitor(request, address)
    given = read_fields(request, RatedAnswer)
    turn = conversations.get_turn(visitor, run_id)
    RATING_LIMITS.count(request, visitor)
    conversations.rate_turn(turn, RATINGS[given["rating"]], given["comment"])


async def _describe_turns(turns: list[ConversationTurn]) -> list[dict[str, Any]]:
    """Return the last turns that fit into MAX_TURNS_BYTES, the oldest first; the very last one always."""
    described: list[dict[str, Any]] = []
    size = 0
    for turn in reversed(turns):
        found = {**describe_turn(turn), **(await read_answer(turn.run)).to_json()}
        size += len(to_json(found))
        if described and size > MAX_TURNS_BYTES:
            break
        described.append(found)
    return described[::-1]


def _find_turns(
    request: HttpRequest, address: str, conversation_id: UUID
) -> tuple[Conversation, list[ConversationTurn]]:
    check_query(request)
    visitor = admit_visitor(request, address)
    conversation = conversations.get_conversation(visitor, conversation_id)
    return conversation, conversations.list_turns(conversation)
