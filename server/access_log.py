"""Writes one line for each request when its answer has ended: what was asked, the status, the run and the duration.

The query is left out, and `web.logs` removes what is secret in a path. The servers' own lines are silenced, because
they are no JSON and contain one-time sign-in links.
"""

import logging
import re
import sys
import time
from collections import Counter
from uuid import UUID

from web.logs import REDACTED
from web.middleware import request_id
from web.middleware.asgi import FIRST_MESSAGE_KEY, App, Message, Receive, Scope, Send
from web.middleware.in_place import HEALTH_PATHS
from web.requests import choose_client_address, get_forwarded_for

logger = logging.getLogger("millrace.access")

answers: Counter[int] = Counter()
"""How many answers of this process have ended, by status; 0 for those that were given none."""
MAX_PATH_CHARACTERS = 500
_RUN_IN_PATH = re.compile(r"/runs/([0-9a-f-]{36})(?:/|$)")


class AccessLog:
    """Wraps an application. Gives each request and each socket its id, and writes its line when it has ended.

    `PacedApplication` inside keeps the first message of each answer, so that no message passes through this class.
    """

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        scope[request_id.SCOPE_KEY] = request_id.begin_request()
        try:
            await self.app(scope, receive, send)
        finally:
            _write_line(scope, scope.get(FIRST_MESSAGE_KEY), time.perf_counter() - began)


def _write_line(scope: Scope, first: Message | None, duration_s: float) -> None:
    """Write the line of an answer. `first` is its first message; without one nothing was answered."""
    status = _get_status(scope, first)
    answers[status or 0] += 1
    level = _choose_level(scope["path"], status)
    if not logger.isEnabledFor(level):
        return
    fields = {
        "method": scope.get("method", "WEBSOCKET"),
        "path": _hide_token(scope["path"])[:MAX_PATH_CHARACTERS],
        "status": status,
        "duration_ms": round(duration_s * 1000),
        "client": _get_client(scope),
        "run": _get_run(scope["path"], first),
    }
    logger.log(level, "request", extra={name: value for name, value in fields.items() if value is not None})


def silence_server_lines() -> None:
    """Let Daphne write no access lines of its own, however it was started. `LOGGING` does that for uvicorn."""
    if daphne_access := sys.modules.get("daphne.access"):
        daphne_access.AccessLogGenerator.__call__ = lambda *_: None


def _hide_token(path: str) -> str:
    """Return the path without the token of a sign-in link, whatever characters the token has."""
    before, link, token = path.partition("/sign-in/link/")
    return before + link + (REDACTED if token else "")


def _get_status(scope: Scope, first: Message | None) -> int | None:
    """Return the status of the answer. A socket that was opened has 101, and one that was refused 403."""
    if first is None:
        return None
    if scope["type"] == "websocket":
        return 101 if first["type"] == "websocket.accept" else 403
    return int(first["status"]) if "status" in first else None


def _choose_level(path: str, status: int | None) -> int:
    if status == 500:  # any other status is the answer to a caller, or tells what a flow has met
        return logging.ERROR
    # A load balancer asks every few seconds.
    return logging.DEBUG if status == 200 and path in HEALTH_PATHS else logging.INFO


def _get_client(scope: Scope) -> str | None:
    client = scope.get("client")
    peer = str(client[0]) if client else ""
    return choose_client_address(get_forwarded_for(scope["headers"]), peer) or None


def _get_run(path: str, first: Message | None) -> str | None:
    """Return the id of the run that the answer is about: from its header `X-Run`, or from the address."""
    headers = first.get("headers", ()) if first else ()
    named = next((value.decode("latin1") for name, value in headers if name.lower() == b"x-run"), None)
    if named is None and (match := _RUN_IN_PATH.search(path)):
        named = match[1]
    try:
        return str(UUID(named)) if named else None
    except ValueError:
        return None
