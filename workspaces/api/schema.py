"""Serves the OpenAPI document to everybody: it says nothing of any workspace, and generators send no key."""

from django.http import HttpRequest, JsonResponse

from web.async_views import endpoint
from web.database import in_database
from web.openapi import build_document
from web.requests import check_query


@endpoint("GET")
async def get_document(request: HttpRequest) -> JsonResponse:
    """Return the OpenAPI document."""
    check_query(request)
    return JsonResponse(await in_database(build_document))
