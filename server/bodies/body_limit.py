"""Refuses bodies above the limit of their address and their sender, before they are read.

Who names neither a key nor a session may send no more than a form to sign in, and a visitor of a chat page a file where
one belongs. Whether the key or the session is valid is not judged here, because that needs the database.
"""

import asyncio
import re
from collections.abc import Collection
from contextlib import suppress
from functools import cache

from django.conf import settings

from actions.contract.errors import DomainError
from actions.contract.sizes import format_size
from chat_pages.visitor_names import VISITOR_COOKIE, VISITOR_HEADER
from server.refused_early import (
    LAST_WORDS_BYTES,
    LAST_WORDS_S,
    build_refusal_body,
    build_refusal_headers,
    get_refusal_status,
)
from web.errors import build_unauthenticated
from web.middleware.asgi import API_PREFIXES, App, Message, Receive, Scope, Send, encode_headers, get_header

Headers = Collection[tuple[bytes, bytes]]
"""Lower-case names with their values."""

STRANGERS_LIMIT = 64 * 1024
"""Bytes of a body that names neither a key nor a session."""
_LARGE_OF_VISITORS = ("MILLRACE_LARGE_BODIES_OF_VISITORS",)
_LARGE = ("MILLRACE_LARGE_BODIES", *_LARGE_OF_VISITORS)
KEY_HEADERS = frozenset({b"authorization", b"x-api-key"})


class BodyTooLarge(Exception):
    pass


class BodyLimit:
    """Refuses a body above the limit of its address, by what it says of itself and by what arrives."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = find_limit(scope["path"], scope["headers"])
        if is_above(get_declared(scope["headers"]), limit):
            await _refuse(scope, receive, send, limit)
            return
        try:
            await self.app(scope, limit_received(receive, limit), send)
        except BodyTooLarge:
            await _refuse(scope, receive, send, limit)


def find_limit(path: str, headers: Headers) -> int:
    """Return how many bytes of a body are read."""
    if names_caller(headers):
        return _find_large(path, _compile(_LARGE)) or _get_usual_limit()
    return (names_visitor(headers) and _find_large(path, _compile(_LARGE_OF_VISITORS))) or STRANGERS_LIMIT


def names_caller(headers: Headers) -> bool:
    """Return whether a request names a key or a session, valid or not."""
    session = f"{settings.SESSION_COOKIE_NAME}=".encode()
    return any(name in KEY_HEADERS or (name == b"cookie" and session in value) for name, value in headers)


def names_visitor(headers: Headers) -> bool:
    """Return whether a request names a visitor of chat pages, known here or not."""
    cookie = f"{VISITOR_COOKIE}=".encode()
    header = VISITOR_HEADER.lower().encode()
    return any(name == header or (name == b"cookie" and cookie in value) for name, value in headers)


def get_declared(headers: Headers) -> bytes:
    """Return the value of the first `Content-Length`; nothing when there is none."""
    return next((value for name, value in headers if name == b"content-length"), b"")


def is_above(declared: bytes, limit: int) -> bool:
    """Return whether a declared length is above the limit, or no number."""
    return bool(declared) and (not declared.isdigit() or int(declared[:20]) > limit)


def build_too_large(path: str, limit: int) -> DomainError:
    """Return the refusal of a body above `limit`. A stranger is told to name a key, where that would help."""
    if limit == STRANGERS_LIMIT and path.startswith(API_PREFIXES):
        return build_unauthenticated()
    return DomainError("too_large", "body_too_large", f"The body is larger than {format_size(limit)}.")


def limit_received(receive: Receive, limit: int) -> Receive:
    """Return a `receive` that raises BodyTooLarge when more has come than the limit."""
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > limit:
            raise BodyTooLarge
        return message

    return receive_limited


async def _refuse(scope: Scope, receive: Receive, send: Send, limit: int) -> None:
    """Answer, and end the answer once the client has sent all: a connection that closes earlier may lose it."""
    path: str = scope["path"]
    error = build_too_large(path, limit)
    body = build_refusal_body(error, path)
    more = build_refusal_headers(error, path, get_header(scope, b"origin"))
    headers = encode_headers({**more, "Content-Length": str(len(body))})
    await send({"type": "http.response.start", "status": get_refusal_status(error, path), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": True})
    await _discard_rest(receive)
    await send({"type": "http.response.body", "body": b""})


async def _discard_rest(receive: Receive) -> None:
    """Receive what is left of a body and forget it, up to the bounds of last words."""
    left = LAST_WORDS_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(LAST_WORDS_S):
            while left > 0 and (message := await receive()).get("more_body"):
                left -= len(message["body"])


def _get_usual_limit() -> int:
    limit: int = settings.MILLRACE_MAX_BODY_BYTES
    return limit


def _find_large(path: str, patterns: list[tuple[re.Pattern[str], int]]) -> int:
    """Return the limit of an address that takes a large body; 0 for any other."""
    return next((limit for pattern, limit in patterns if pattern.fullmatch(path)), 0)


# Cached for the process, because the settings of a process do not change.
@cache
def _compile(names: tuple[str, ...]) -> list[tuple[re.Pattern[str], int]]:
    """Return the patterns in the settings of these names, with their limits."""
    return [(re.compile(pattern), limit) for name in names for pattern, limit in getattr(settings, name).items()]
