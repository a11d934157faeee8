"""The pages that are not part of the API: the built browser application, and a plain page for an error."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_safe

from actions.contract.errors import DomainError
from web.errors import build_not_found, get_headers, get_status, to_response
from web.middleware.proxy_faults import build_forged_request, find_wrong_address

BUILD_COMMAND = "make build"
API_PREFIX = "/api/"
ERROR_TYPES = ("application/json", "text/html")


@require_safe
async def show_browser_app(request: HttpRequest) -> HttpResponse:
    """Serve the built `index.html`, and set the CSRF cookie that its unsafe requests need."""
    if fault := find_wrong_address(request):
        return show_error(request, fault)
    get_token(request)
    try:
        page = (settings.MILLRACE_FRONTEND_DIR / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        return _show_missing_build(request)
    return HttpResponse(page)


def show_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Answer with the error body, or with a plain page to a client that prefers HTML at an address outside `/api/`."""
    if request.path_info.startswith(API_PREFIX) or request.get_preferred_type(ERROR_TYPES) != "text/html":
        return to_response(error)
    response = render(request, "web/plain.html", {"title": error.message, "text": error.hint}, status=get_status(error))
    for name, value in get_headers(error).items():
        response[name] = value
    return response


def show_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, DomainError("malformed", "bad_request", "The request cannot be understood."))


def show_forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, DomainError("forbidden", "not_allowed", "This is not allowed."))


def show_forged_request(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form of Django's own pages that does not prove where it comes from."""
    return show_error(request, build_forged_request(request))


def show_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return show_error(request, build_not_found())


def show_server_error(request: HttpRequest) -> HttpResponse:
    message = "The server could not finish this request. Its log holds the reason."
    return show_error(request, DomainError("internal", "server_error", message))


def _show_missing_build(request: HttpRequest) -> HttpResponse:
    context = {
        "title": "The browser application is not built yet.",
        "text": "Run this in the project's folder, then load the page again:",
        "command": BUILD_COMMAND,
    }
    return render(request, "web/plain.html", context, status=503)
