"""What Django shows when it refuses by itself: the error body under /api/, a plain page elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from actions.contract.errors import DomainError
from web.errors import get_status, to_response
from web.errors import not_found as no_such_address

API_PREFIX = "/api/"


def answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Tell `error` to a program or to a person, by the address that was asked for."""
    if request.path_info.startswith(API_PREFIX):
        return to_response(error)
    return render(request, "web/plain.html", {"title": error.message, "text": error.hint}, status=get_status(error))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, DomainError("malformed", "bad_request", "The request cannot be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, DomainError("forbidden", "not_allowed", "This is not allowed."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, no_such_address())


def server_error(request: HttpRequest) -> HttpResponse:
    message = "The server could not finish this request. Its log holds the reason."
    return answer(request, DomainError("internal", "server_error", message))
