"""Tests connections and lists their models: async views that hold no thread and no database connection meanwhile."""

import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from actions.contract.connection import Connection as Kind
from actions.contract.connection import TestOutcome
from actions.contract.errors import DomainError
from connections import services
from connections.api import shapes
from connections.models import Connection
from connections.sealing import open_connection
from web.async_views import endpoint
from web.database import in_database
from web.openapi import Answer, operation
from web.requests import check_query
from workspaces.access import Permission, admit
from workspaces.throttle import Throttle

# Enough for a person, and too few to scan the ports of other hosts.
TRIAL_LIMIT = Throttle("connection-trials", max_events=60, window_s=300)


@operation("test_connection", "connections", Answer(shapes.TestResult))
@endpoint("POST")
async def test_connection(request: HttpRequest, connection_id: UUID) -> JsonResponse:
    """Test the connection and store the outcome. A test that finds a fault is an answer with status 200."""
    check_query(request)
    row = await in_database(_admit_and_get, request, connection_id, "admin")
    began = time.monotonic()
    outcome = await _run_test(row)
    document: dict[str, Any] = {
        **{name: getattr(outcome, name) for name in outcome.__slots__},
        "tested_at": timezone.now().isoformat(),
        "ms": round((time.monotonic() - began) * 1000),
    }
    await in_database(_store_outcome, row, document)
    return JsonResponse(document)


@operation("list_models", "connections", Answer(shapes.ModelList))
@endpoint("GET")
async def list_models(request: HttpRequest, connection_id: UUID) -> JsonResponse:
    """List the models that the connection offers, newest first."""
    check_query(request)
    row = await in_database(_admit_and_get, request, connection_id, "edit")
    connection = open_connection(row)
    # Each once: some gateways list a model twice.
    models = {model.id: model for model in await connection.list_models()}
    return JsonResponse(
        {"models": [{name: getattr(model, name) for name in model.__slots__} for model in models.values()]}
    )


def _admit_and_get(request: HttpRequest, connection_id: UUID, permission: Permission) -> Connection:
    caller = admit(request, permission)
    row = services.get_connection(caller.workspace_id, connection_id)
    TRIAL_LIMIT.check(str(caller.workspace_id))
    TRIAL_LIMIT.count(str(caller.workspace_id))
    return row


async def _run_test(row: Connection) -> TestOutcome:
    try:
        connection: Kind = open_connection(row)
    except DomainError as error:
        return TestOutcome(False, error.message, error.code, error.hint)
    return await connection.test()


def _store_outcome(row: Connection, document: Mapping[str, Any]) -> None:
    # A connection that was changed meanwhile is not the one that was tested.
    Connection.objects.filter(pk=row.pk, updated_at=row.updated_at).update(last_test=document)
