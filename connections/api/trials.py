"""Trying a connection out: async views that hold no thread and no database connection meanwhile."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from actions.contract.connection import Connection as Kind
from actions.contract.connection import TestOutcome
from actions.contract.errors import DomainError
from connections import services, shapes
from connections.contents import opened
from connections.models import Connection
from web.async_views import endpoint
from web.database import in_database
from web.openapi import Answer, operation
from web.requests import check_query
from web.throttle import Throttle
from workspaces.access import Permission, admit

# Enough for a person, too little for a scanner of other people's ports.
TRIALS = Throttle("connection-trials", most=60, window_s=300)


@operation("test_connection", "connections", Answer(shapes.TestResult))
@endpoint("POST")
async def test(request: HttpRequest, connection_id: UUID) -> JsonResponse:
    """Test the connection and keep the outcome. A test that finds a fault is an answer, not an error."""
    row = await in_database(_row, request, connection_id, "admin")
    began = time.monotonic()
    outcome = await _tested(row)
    document: dict[str, Any] = {
        **{name: getattr(outcome, name) for name in outcome.__slots__},
        "tested_at": timezone.now().isoformat(),
        "ms": round((time.monotonic() - began) * 1000),
    }
    await in_database(_keep, row, document)
    return JsonResponse(document)


@operation("list_models", "connections", Answer(shapes.ModelList))
@endpoint("GET")
async def models(request: HttpRequest, connection_id: UUID) -> JsonResponse:
    """List the models that the connection offers, newest first."""
    check_query(request, ())
    row = await in_database(_row, request, connection_id, "edit")
    connection = opened(row)
    listed = await connection.list_models()
    return JsonResponse({"models": [{name: getattr(model, name) for name in model.__slots__} for model in listed]})


def _row(request: HttpRequest, connection_id: UUID, permission: Permission) -> Connection:
    caller = admit(request, permission)
    row = services.connection_of(caller.workspace_id, connection_id)
    TRIALS.check(str(caller.workspace_id))
    TRIALS.count(str(caller.workspace_id))
    return row


async def _tested(row: Connection) -> TestOutcome:
    try:
        connection: Kind = opened(row)
    except DomainError as error:
        return TestOutcome(False, error.message, error.code, error.hint)
    return await connection.test()


def _keep(row: Connection, document: Mapping[str, Any]) -> None:
    # A connection that was changed meanwhile was not what was tested.
    Connection.objects.filter(pk=row.pk, updated_at=row.updated_at).update(last_test=document)
