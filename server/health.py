"""What a load balancer asks: does the process live, and does it take calls. Every host name is answered."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.runs.admission import admission
from server.preflight import MIGRATE_COMMAND, find_missing_migrations
from web.async_views import endpoint
from web.database import in_database
from web.middleware.asgi import Scope, Send, encode_headers

EARLY_ANSWERS = {"/healthz": (200, b'{"status": "live"}'), "/readyz": (503, b'{"status": "starting"}')}
"""By path, what is true of a process that listens and is not ready yet."""


def is_answered_early(scope: Scope) -> bool:
    """Return whether a call is answered while the process becomes ready; all others wait for that."""
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD") and scope["path"] in EARLY_ANSWERS


async def answer_early(scope: Scope, send: Send) -> None:
    status, body = EARLY_ANSWERS[scope["path"]]
    headers = encode_headers({"Content-Type": "application/json", "Content-Length": str(len(body))})
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@endpoint("GET")
async def live(request: HttpRequest) -> HttpResponseBase:
    """Answer 200 as long as the event loop turns."""
    return JsonResponse({"status": "live"})


@endpoint("GET")
async def ready(request: HttpRequest) -> HttpResponseBase:
    """Answer 200 when runs can begin; 503 while the server stops, or when its database cannot be used as it is."""
    state = "stopping" if admission.closed.is_set() else await in_database(_judge_database)
    hint = {"hint": f"Run: {MIGRATE_COMMAND}"} if state == "migrations missing" else {}
    return JsonResponse({"status": state, **hint}, status=200 if state == "ready" else 503)


def _judge_database() -> str:
    try:
        return "migrations missing" if find_missing_migrations() else "ready"
    except DatabaseError:
        return "no database"
