"""Django's middleware, run on the event loop.

Django runs the hooks of its own middleware in a thread, which costs two thread switches for each. None of these hooks
waits for anything, so they run on the event loop; otherwise a stream would start after ten thread switches.
"""

import logging
import weakref
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.contrib.auth.middleware import AuthenticationMiddleware, auser, get_user
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost, ValidationError
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.deprecation import MiddlewareMixin
from django.utils.functional import SimpleLazyObject

from actions.contract.errors import DomainError
from web.errors import build_no_database, build_not_found
from web.middleware import request_id
from web.middleware.early_cors import build_early_headers
from web.middleware.proxy_faults import build_unknown_host, find_uncounted_proxy
from web.middleware.security_headers import build_security_headers
from web.pages import show_error
from web.requests import find_bad_query

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
View = Callable[..., HttpResponseBase]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
ADMIN_PREFIX = "/admin/"
HEALTH_PATHS = frozenset({"/healthz", "/readyz"})


class InPlace(MiddlewareMixin):
    """Runs `process_request` and `process_response` on the event loop. They must do no I/O."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        refusal = self.process_request(request) if hasattr(self, "process_request") else None
        if refusal is not None:
            return cast(HttpResponseBase, refusal)
        response = await cast(Awaitable[HttpResponseBase], self.get_response(request))
        if hasattr(self, "process_response"):
            response = self.process_response(request, response)
        return response


class Envelope(InPlace):
    """Gives each request an id, each answer the security headers, and a `DomainError` its error body."""

    def process_request(self, request: HttpRequest) -> None:
        if request_id.SCOPE_KEY not in getattr(request, "scope", ()):
            request_id.begin_request()
        if request.encoding:
            request.encoding = "utf-8"  # a charset of the caller's, such as hex, would decode the query and forms too

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, DomainError):
            return show_error(request, exception)
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("no_database", exc_info=exception)
            return show_error(request, build_no_database())
        if isinstance(exception, ValidationError) and is_admin_page(request):
            return show_error(request, build_not_found() if request.method in SAFE_METHODS else build_bad_form())
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers["X-Request-ID"] = request_id.get_request_id()
        if isinstance(response, HttpResponse):
            response.headers.setdefault("Content-Length", str(len(response.content)))
        for name, value in build_security_headers().items():
            response.headers.setdefault(name, value)
        return response


def is_admin_page(request: HttpRequest) -> bool:
    """Return whether the address is of Django's admin, which lets the error of an id that is no id pass."""
    return request.resolver_match is not None and "admin" in request.resolver_match.app_names


def build_bad_form() -> DomainError:
    message = "The form has a value that this server has not offered."
    return DomainError("malformed", "bad_request", message, hint="Go back, load the page again, and choose anew.")


class KnownAddress(InPlace):
    """Refuses a request for a host name that is not this server's, before any link is built from that name, and one
    with U+0000 in its path or query, which the database could not even look for.

    A load balancer asks for the health of a machine by its address, so the health pages answer every name.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.path_info in HEALTH_PATHS:
            return None
        try:
            request.get_host()
        except DisallowedHost:
            return _refuse(request, build_unknown_host(request.headers.get("Host", "")))
        if "\0" in request.path_info:
            return _refuse(request, build_not_found())
        if fault := find_bad_query(request):
            return _refuse(request, fault)
        find_uncounted_proxy(request)
        return None


def _refuse(request: HttpRequest, error: DomainError) -> HttpResponse:
    response = show_error(request, error)
    for name, value in build_early_headers(request.path_info, request.headers.get("Origin", "")).items():
        response[name] = value
    return response


class Sessions(InPlace, SessionMiddleware):
    """Django's sessions. Only a changed session is written in a thread."""

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        self.process_request(request)
        response = cast(HttpResponse, await cast(Awaitable[HttpResponseBase], self.get_response(request)))
        if request.session.modified:
            return await sync_to_async(self.process_response)(request, response)
        return self.process_response(request, response)


class CrossSiteProtection(InPlace, CsrfViewMiddleware):
    """Django's cross-site protection, for every view that does not authenticate its caller itself."""

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        if self.async_mode:
            self.process_view = self._check_in_place  # type: ignore[method-assign, assignment]  # awaited by Django

    async def _check_in_place(
        self, request: HttpRequest, callback: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        return CsrfViewMiddleware.process_view(self, request, callback, args, kwargs)


class SignedInUser(InPlace, AuthenticationMiddleware):
    """Sets `request.user`, which is read from the database at its first use.

    The user that Django sets holds the request, and the request the user. Both would stay until a full collection, with
    all that they hold: that is a pause for all streams.
    """

    def process_request(self, request: HttpRequest) -> None:
        held = weakref.proxy(request)
        request.user = SimpleLazyObject(partial(get_user, held))  # type: ignore[assignment]  # it stands for a user
        request.auser = partial(auser, held)


class Messages(InPlace, MessageMiddleware):
    """Django's messages, for the admin alone, which shows them."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path_info.startswith(ADMIN_PREFIX):
            super().process_request(request)
