"""Connections over REST: admins keep them, editors choose from them."""

import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from asgiref.sync import async_to_sync
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from actions.connection_kinds import ModelDescription, TestOutcome
from actions.errors import ActionError
from connections import services
from connections.api.documents import choice_document, connection_document, kinds_document
from connections.models import Connection
from web.errors import ApiError
from web.serializers import NameField, StrictSerializer
from workspaces import throttle
from workspaces.api.base import WorkspaceView

T = TypeVar("T")


class NewConnection(StrictSerializer):
    name = NameField()
    kind = serializers.CharField(max_length=40)
    settings = serializers.DictField(default=dict)
    secrets = serializers.DictField(child=serializers.CharField(max_length=10_000, trim_whitespace=False), default=dict)


class ChangedConnection(StrictSerializer):
    name = NameField(required=False)
    settings = serializers.DictField(required=False)
    secrets = serializers.DictField(
        child=serializers.CharField(max_length=10_000, trim_whitespace=False), required=False
    )


class ConnectionKinds(WorkspaceView):
    permissions: ClassVar = {"GET": "edit"}

    def get(self, request: Request) -> Response:
        return Response({"kinds": kinds_document()})


class Connections(WorkspaceView):
    permissions: ClassVar = {"GET": "edit", "POST": "admin"}

    def get(self, request: Request) -> Response:
        rows = Connection.objects.filter(workspace_id=self.caller.workspace_id)
        shown: Callable[[Connection], dict[str, Any]] = (
            connection_document if "admin" in self.caller.permissions else choice_document
        )
        return Response({"connections": [shown(row) for row in rows]})

    def post(self, request: Request) -> Response:
        given = self.read(NewConnection)
        row = services.create(
            self.caller.workspace_id, given["name"], given["kind"], given["settings"], given["secrets"]
        )
        return Response(connection_document(row), status=201)


class ConnectionItem(WorkspaceView):
    permissions: ClassVar = {"GET": "admin", "PATCH": "admin", "DELETE": "admin"}

    def get(self, request: Request, connection_id: UUID) -> Response:
        return Response(connection_document(services.connection_of(self.caller.workspace_id, connection_id)))

    def patch(self, request: Request, connection_id: UUID) -> Response:
        row = services.connection_of(self.caller.workspace_id, connection_id)
        given = self.read(ChangedConnection)
        changed = services.update(row, name=given.get("name"), values=given.get("settings"), given=given.get("secrets"))
        return Response(connection_document(changed))

    def delete(self, request: Request, connection_id: UUID) -> Response:
        services.delete(services.connection_of(self.caller.workspace_id, connection_id))
        return Response(status=204)


class ConnectionTest(WorkspaceView):
    """Try a connection out. Limited in rate, so that it is no scanner of other people's ports."""

    permissions: ClassVar = {"POST": "admin"}

    def post(self, request: Request, connection_id: UUID) -> Response:
        throttle.check("test", str(self.caller.workspace_id))
        row = services.connection_of(self.caller.workspace_id, connection_id)
        began = time.monotonic()
        outcome = _tested(row)
        if not outcome.ok:
            throttle.failed("test", str(self.caller.workspace_id))
        document = {
            **{name: getattr(outcome, name) for name in outcome.__slots__},
            "tested_at": timezone.now().isoformat(),
            "ms": round((time.monotonic() - began) * 1000),
        }
        Connection.objects.filter(pk=row.pk).update(last_test=document)
        return Response(document)


class ConnectionModels(WorkspaceView):
    permissions: ClassVar = {"GET": "edit"}

    def get(self, request: Request, connection_id: UUID) -> Response:
        row = services.connection_of(self.caller.workspace_id, connection_id)
        try:
            models = _models(row)
        except ActionError as error:
            raise ApiError(502, error.code, error.message, hint=error.hint) from None
        return Response({"models": [{name: getattr(m, name) for name in m.__slots__} for m in models]})


def _tested(row: Connection) -> TestOutcome:
    try:
        return async_to_sync(services.resolve_row(row).test)()
    except ApiError as error:
        return TestOutcome(False, error.message, error.code, error.hint)


def _models(row: Connection) -> list[ModelDescription]:
    return async_to_sync(services.resolve_row(row).models)()
