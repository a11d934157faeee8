"""What a load balancer asks: does the process live, and does it take calls. Every host name is answered."""

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.runs.admission import admission
from server.preflight import MIGRATE_COMMAND, find_missing_migrations
from web.async_views import endpoint
from web.database import in_database


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
