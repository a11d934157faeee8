"""Answers browsers that ask whether a page of another site may call the API (CORS): exact origins, never cookies.

Allowed are the origins of `MILLRACE_CORS_ORIGINS`, with every key, and the origins of an API key, with that key. The
browser asks first without the key (a preflight), which is answered for an origin that any valid key names; the key
decides when the call itself comes. django-cors-headers writes the headers.
"""

import re
from collections.abc import Awaitable
from typing import Any

from corsheaders.middleware import CorsMiddleware
from corsheaders.signals import check_request_enabled
from django.conf import settings
from django.db.models import Q
from django.dispatch import receiver
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from actions.contract.errors import DomainError
from web.database import in_database
from web.middleware.asgi import API_PREFIXES
from web.middleware.early_cors import welcomed_origins
from web.middleware.origins import is_own_page
from workspaces.keys import FoundKey
from workspaces.models import ApiKey

CLIENT_HEADER = re.compile(r"x-stainless-[a-z-]{1,40}")
"""Headers in which the vendors' clients tell of themselves: there are more with each version."""
MAX_CLIENT_HEADERS = 20
ALLOWED_HEADERS = "Access-Control-Allow-Headers"
ALLOWED_ATTRIBUTE = "_is_origin_allowed"
"""The attribute of a request that says whether its origin may read the answer."""


class CrossOrigin(CorsMiddleware):
    """Answers preflights, and adds the headers to answers of the API. A call without `Origin` asks no database."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        if not self.async_mode and is_foreign(request):
            setattr(request, ALLOWED_ATTRIBUTE, is_known_origin(request.headers["Origin"]))
        answer: HttpResponseBase | Awaitable[HttpResponseBase] = super().__call__(request)
        if isinstance(answer, HttpResponseBase):
            allow_client_headers(request, answer)
        return answer

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        if is_foreign(request):
            origin = request.headers["Origin"]
            is_known = await in_database(is_known_origin, origin)
            setattr(request, ALLOWED_ATTRIBUTE, is_known)
            if is_known:
                welcomed_origins.note(origin)
        answer: HttpResponseBase = await super().__acall__(request)
        allow_client_headers(request, answer)
        return answer


@receiver(check_request_enabled)
def is_allowed(sender: object, request: HttpRequest, **more: Any) -> bool:
    """Return whether the origin of the request may read the answer. Called by django-cors-headers."""
    return bool(getattr(request, ALLOWED_ATTRIBUTE, False))


def allow_client_headers(request: HttpRequest, answer: HttpResponseBase) -> None:
    """Add to the answer of a preflight those headers that the page asks for and that clients tell of themselves in."""
    if ALLOWED_HEADERS in answer.headers:
        asked = request.headers.get("Access-Control-Request-Headers", "").lower().split(",")
        found = [name for each in asked if CLIENT_HEADER.fullmatch(name := each.strip())]
        answer[ALLOWED_HEADERS] = ", ".join([answer[ALLOWED_HEADERS], *found[:MAX_CLIENT_HEADERS]])


def is_foreign(request: HttpRequest) -> bool:
    """Return whether a page of another site calls the API."""
    origin = request.headers.get("Origin")
    if not origin or not request.path_info.startswith(API_PREFIXES):
        return False
    return not is_own_page(origin, request.get_host(), secure=request.is_secure())


def is_known_origin(origin: str) -> bool:
    """Return whether the server, or a key that has not expired, names this origin. Sync."""
    if origin in settings.MILLRACE_CORS_ORIGINS:
        return True
    valid = ApiKey.objects.exclude(origins=[]).filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
    return any(origin in origins for origins in valid.values_list("origins", flat=True))


def check_origin(request: HttpRequest, key: FoundKey) -> None:
    """Raise DomainError (`forbidden`) when a page of another site calls with a key that is for other pages.

    A key without origins is refused nowhere, because programs that are no browsers send an origin too; but no page of
    another site can read the answer.
    """
    if not is_foreign(request):
        return
    origin = request.headers["Origin"]
    is_fitting = origin in key.origins or origin in settings.MILLRACE_CORS_ORIGINS
    setattr(request, ALLOWED_ATTRIBUTE, is_fitting)
    if key.origins and not is_fitting:
        message = f"This API key may not be used from pages of {origin[:200]}."
        hint = "An admin of the workspace can make a key for that origin."
        raise DomainError("forbidden", "origin_not_allowed", message, hint=hint)


def require_allowed_origin(request: HttpRequest) -> None:
    """Raise DomainError (`forbidden`) for a page of another site that neither the server nor the caller's key names.

    For a protocol that demands it of every call, so that no page reaches a server of a local network by another name.
    """
    if is_foreign(request) and not getattr(request, ALLOWED_ATTRIBUTE, False):
        message = f"Pages of {request.headers['Origin'][:200]} may not call this."
        hint = "An admin of the workspace can make a key for that origin."
        raise DomainError("forbidden", "origin_not_allowed", message, hint=hint)
