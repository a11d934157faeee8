"""What a load balancer asks: does the process live, and does it take calls. Every host name is answered."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.runs import leases
from flows.runs.admission import admission
from flows.runs.execution.runner import get_runner
from flows.wake_ups.wake_ups import wake_ups
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
    """Answer 200 when runs can begin; 503 while the server stops, or when its database cannot be used as it is.

    Where workers execute runs, it tells how many of them live. Without any, and without Redis, the server is ready all
    the same: runs wait for a worker, and readers look twice a second.
    """
    state, facts = ("stopping", {}) if admission.closed.is_set() else await in_database(_judge_database)
    if settings.MILLRACE_REDIS_URL and state == "ready":
        facts = {**facts, "wake_ups": "redis" if wake_ups().is_heard else "polling"}
    return JsonResponse({"status": state, **facts}, status=200 if state == "ready" else 503)


def _judge_database() -> tuple[str, dict[str, Any]]:
    """Return the state of the process, and what else there is to tell."""
    try:
        if find_missing_migrations():
            return "migrations missing", {"hint": f"Run: {MIGRATE_COMMAND}"}
        return "ready", {"workers": leases.count_executing_workers()} if get_runner().has_queue else {}
    except DatabaseError:
        return "no database", {}
