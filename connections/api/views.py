"""Connections over REST: admins keep them, editors choose from them."""

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from connections import services
from connections.api.documents import choice_document, connection_document, kinds_document
from connections.models import Connection
from web.serializers import NameField, StrictSerializer, TextField
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView

LONGEST_SECRET = 10_000


class SecretsField(serializers.DictField):
    """Secrets by name. What is wrong with one is for its kind to say; it is never read back."""

    def __init__(self, **options: Any) -> None:
        child = serializers.CharField(max_length=LONGEST_SECRET, trim_whitespace=False, allow_blank=True)
        super().__init__(child=child, write_only=True, **options)


class NewConnection(StrictSerializer):
    name = NameField()
    kind = TextField(max_length=40)
    settings = serializers.DictField(default=dict)
    secrets = SecretsField(default=dict)


class ChangedConnection(StrictSerializer):
    name = NameField(required=False)
    settings = serializers.DictField(required=False)
    secrets = SecretsField(required=False)


class ConnectionKinds(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit"}

    def get(self, request: Request) -> Response:
        return Response({"kinds": kinds_document()})


class Connections(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit", "POST": "admin"}

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
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin", "PATCH": "admin", "DELETE": "admin"}

    def get(self, request: Request, connection_id: UUID) -> Response:
        return Response(connection_document(self._row(connection_id)))

    def patch(self, request: Request, connection_id: UUID) -> Response:
        row = self._row(connection_id)
        given = self.read(ChangedConnection)
        changed = services.update(row, name=given.get("name"), values=given.get("settings"), given=given.get("secrets"))
        return Response(connection_document(changed))

    def delete(self, request: Request, connection_id: UUID) -> Response:
        services.delete(self._row(connection_id))
        return Response(status=204)

    def _row(self, connection_id: UUID) -> Connection:
        return services.connection_of(self.caller.workspace_id, connection_id)
