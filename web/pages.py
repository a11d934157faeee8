"""The pages that are not part of the API: the built browser application, and the page of an error, with ways on."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.contract.errors import DomainError
from web.error_forms import USUAL_FORM, error_forms
from web.errors import build_not_found, get_headers, get_status, to_response
from web.middleware import request_id
from web.middleware.proxy_faults import build_forged_request, find_wrong_address
from web.middleware.sub_path import add_sub_path

BUILD_COMMAND = "make build"
API_PREFIX = "/api/"
BUILT_FILES = "/static/ui/"
"""Where a built page looks for its files."""
ERROR_TYPES = ("application/json", "text/html")

Way = tuple[str, str]
"""A link of a page: its words and its address."""
OPEN_APP: Way = ("Open Millrace", "/")
OPEN_DOCS: Way = ("Documentation", "/docs/")
LOAD_AGAIN: Way = ("Load again", "")
PASSING_KINDS = frozenset({"internal", "too_many", "too_slow", "unavailable", "upstream"})
"""Kinds of errors after which the same address may answer later."""
NOT_FOUND_TEXT = "Look for a wrong letter in the address. What it named may also be deleted."


@require_safe
async def show_browser_app(request: HttpRequest) -> HttpResponse:
    """Serve the built `index.html`, and set the CSRF cookie that its unsafe requests need."""
    return _show_built_page(request, "index.html")


@require_safe
async def show_chat_page(request: HttpRequest, address: str) -> HttpResponse:
    """Serve the built `chat.html` in the same way, at whatever address: the page asks the API what is there."""
    return _show_built_page(request, "chat.html")


def show_built_file(request: HttpRequest, file: str, content_type: str = "text/html; charset=utf-8") -> HttpResponse:
    """Answer with a file of the built browser application, or with a page that says how to build it."""
    try:
        text = (settings.MILLRACE_FRONTEND_DIR / file).read_text(encoding="utf-8")
    except FileNotFoundError:
        return _show_missing_build(request)
    return HttpResponse(text.replace(f'"{BUILT_FILES}', f'"{add_sub_path(BUILT_FILES)}'), content_type)


def _show_built_page(request: HttpRequest, file: str) -> HttpResponse:
    if fault := find_wrong_address(request):
        return show_error(request, fault)
    get_token(request)
    return show_built_file(request, file)


def show_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer with the error body, or with a page to a client that prefers HTML at an address outside `/api/`.

    At the address of a protocol, the answer has the form of that protocol.
    """
    form = error_forms.find(request.path_info, request.headers)
    if form is not USUAL_FORM:
        return form.build_response(error)
    if request.path_info.startswith(API_PREFIX) or request.get_preferred_type(ERROR_TYPES) != "text/html":
        return to_response(error)
    text = error.hint or (NOT_FOUND_TEXT if error.kind == "not_found" else "")
    ways = [LOAD_AGAIN, OPEN_APP, OPEN_DOCS] if error.kind in PASSING_KINDS else [OPEN_APP, OPEN_DOCS]
    response = show_message(request, error.message, text, status=get_status(error), ways=ways)
    for name, value in get_headers(error).items():
        response[name] = value
    return response


def show_message(
    request: HttpRequest, title: str, text: str, *, status: int, ways: Sequence[Way], command: str = ""
) -> HttpResponse:
    """Answer with a page of a few words: what is the case, what to do, a command for a shell, and links."""
    ways = [(label, add_sub_path(address)) for label, address in ways]
    context = {"title": title, "text": text, "command": command, "ways": ways}
    context["request_id"] = request_id.get_request_id()
    return render(request, "web/message.html", context, status=status)


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    hint = "Go back, load the page again, and send the form once more."
    return show_error(request, DomainError("malformed", "bad_request", "The request cannot be understood.", hint=hint))


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    hint = "An admin of this server can allow it."
    return show_error(request, DomainError("forbidden", "not_allowed", "This is not allowed.", hint=hint))


def show_forged_request(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form of Django's own pages that does not prove where it comes from."""
    return show_error(request, build_forged_request(request))


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, build_not_found())


def show_server_error(request: HttpRequest) -> HttpResponse:
    hint = "Try again in a moment. The server's log holds the reason, under the id of the request."
    message = "The server could not finish this request."
    return show_error(request, DomainError("internal", "server_error", message, hint=hint))


def _show_missing_build(request: HttpRequest) -> HttpResponse:
    return show_message(
        request,
        "The browser application is not built yet.",
        "Run this in the project's folder, then load the page again:",
        status=503,
        ways=[LOAD_AGAIN, OPEN_DOCS],
        command=BUILD_COMMAND,
    )
