"""What a load balancer asks: does the process live, and does it take calls."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from flows.runs.admission import admission
from web.async_views import endpoint
from web.database import in_database


@endpoint("GET")
async def live(request: HttpRequest) -> HttpResponseBase:
    """Answer 200 as long as the event loop turns."""
    return JsonResponse({"status": "live"})


@endpoint("GET")
async def ready(request: HttpRequest) -> HttpResponseBase:
    """Answer 200 when runs can begin; 503 while the server stops, or when its database does not answer."""
    state = "stopping" if admission.closed.is_set() else "ready" if await in_database(_has_database) else "no database"
    return JsonResponse({"status": state}, status=200 if state == "ready" else 503)


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True
