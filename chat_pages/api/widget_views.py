"""The widget of a chat page: its script, its frame and what both ask for.

The script runs in pages of other sites, which get nothing of a visitor's: only how the button looks.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from chat_pages.api import shapes
from chat_pages.api.documents import describe_open_page
from chat_pages.models import ChatPage
from chat_pages.refusals import build_unavailable
from chat_pages.widgets import MAX_TOKEN_CHARACTERS, find_framed_page, renew_token, require_allowed
from web.database import in_database
from web.drf.serializers import StrictSerializer, TextField
from web.errors import to_response
from web.middleware.security_headers import build_content_security_policy
from web.openapi import NOBODY, Answer, operation
from web.pages import show_built_file
from web.requests import check_query
from workspaces.api.api_keys import OriginField
from workspaces.api.base import BodyView

SCRIPT_AGE_S = 3_600
FOR_OTHER_SITES = {"Cross-Origin-Resource-Policy": "cross-origin"}
FOR_SCRIPTS_OF_OTHER_SITES = {**FOR_OTHER_SITES, "Access-Control-Allow-Origin": "*", "Vary": "Origin"}


class OpenedWidget(StrictSerializer):
    """`visitor` is the token that the frame has stored; empty when it has none."""

    origin = OriginField()
    visitor = TextField(max_length=MAX_TOKEN_CHARACTERS, allow_blank=True, default="")


class OpenWidget(BodyView):
    @operation("open_widget", "chat pages", Answer(shapes.OpenWidget), body=OpenedWidget, auth=NOBODY)
    def post(self, request: Request, address: str) -> Response:
        """Return the page for a frame in pages of another site, with the token of its visitor.

        The frame sends the token in the header `X-Chat-Visitor` of each call, where others have a cookie.
        """
        check_query(request._request)
        given = self.read(OpenedWidget)
        page = find_widget(address, given["origin"])
        token = renew_token(given["visitor"], given["origin"])
        return Response({**describe_open_page(page), "visitor": token})


@require_safe
async def show_script(request: HttpRequest, address: str) -> HttpResponse:
    """Serve the script that puts the button into a page. It is the same one for all chat pages."""
    answer = show_built_file(request, "widget.js", "text/javascript; charset=utf-8")
    if answer.status_code == 200:
        answer["Cache-Control"] = f"public, max-age={SCRIPT_AGE_S}"
    return _add_headers(answer, FOR_OTHER_SITES)


@require_safe
async def show_button(request: HttpRequest, address: str) -> HttpResponseBase:
    """Tell the script how the button looks, or why pages of its site have none."""
    origin = request.headers.get("Origin") or f"{request.scheme}://{request.get_host()}"
    try:
        page = await in_database(find_widget, address, origin)
    except DomainError as error:
        return _add_headers(to_response(error), FOR_SCRIPTS_OF_OTHER_SITES)
    look = {"title": page.title or page.flow.name, "colour": page.colour}
    return _add_headers(JsonResponse(look), FOR_SCRIPTS_OF_OTHER_SITES)


@require_safe
async def show_frame(request: HttpRequest, address: str) -> HttpResponse:
    """Serve the chat page for a frame, which only pages of the site that the address names may show."""
    origin = request.GET.get("origin", "")
    await in_database(find_widget, address, origin)
    headers = {"Content-Security-Policy": build_content_security_policy([origin]), **FOR_OTHER_SITES}
    return _add_headers(show_built_file(request, "chat.html"), headers)


def find_widget(address: str, origin: str) -> ChatPage:
    """Return the page that pages of `origin` may show now.

    Raises DomainError: `no_chat_page`, `origin_not_allowed`, `chat_unavailable`. Sync.
    """
    page = find_framed_page(address)
    require_allowed(page, origin)
    if page.flow.production_revision is None:
        raise build_unavailable()
    return page


def _add_headers(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    for name, value in headers.items():
        answer[name] = value
    return answer
