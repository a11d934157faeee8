"""The REST views of connections: admins change them, editors choose from them."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from connections import services
from connections.api import shapes
from connections.api.documents import describe_choice, describe_connection, describe_connections, describe_kinds
from connections.models import Connection
from web.drf.serializers import NamedValuesField, NameField, SecretField, StrictSerializer, TextField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView
from workspaces.environments import ENVIRONMENTS

MAX_SECRET_CHARACTERS = 10_000


class SecretsField(serializers.DictField):
    """Secrets by name, which are never read back. The connection's kind validates them."""

    def __init__(self, **options: Any) -> None:
        child = SecretField(max_length=MAX_SECRET_CHARACTERS, allow_blank=True)
        super().__init__(child=child, write_only=True, **options)


class StandInsField(NamedValuesField):
    """The ids of the connections that stand in, by environment; null takes one away."""

    def __init__(self, **options: Any) -> None:
        super().__init__(names=ENVIRONMENTS, child=TextField(max_length=40, allow_null=True), **options)


class NewConnection(StrictSerializer):
    name = NameField()
    kind = TextField(max_length=40)
    settings = serializers.DictField(default=dict)
    secrets = SecretsField(default=dict)
    stand_ins = StandInsField(default=dict)


class ChangedConnection(StrictSerializer):
    name = NameField(required=False)
    settings = serializers.DictField(required=False)
    secrets = SecretsField(required=False)
    stand_ins = StandInsField(required=False)


class ConnectionKinds(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit"}

    @operation("list_connection_kinds", "connections", Answer(shapes.ConnectionKindList))
    def get(self, request: Request) -> Response:
        """List the kinds of connections, with their settings and secrets."""
        return Response({"kinds": describe_kinds()})


class Connections(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit", "POST": "admin"}

    @operation("list_connections", "connections", Answer(shapes.ConnectionList))
    def get(self, request: Request) -> Response:
        """List the connections: all of them to admins, what a form needs to editors."""
        rows = services.list_connections(self.caller.workspace_id)
        if "admin" in self.caller.permissions:
            return Response({"connections": describe_connections(self.caller.workspace_id, list(rows))})
        return Response({"connections": [describe_choice(row) for row in rows]})

    @operation("create_connection", "connections", Answer(shapes.Connection, 201), body=NewConnection)
    def post(self, request: Request) -> Response:
        """Store a connection; its secrets cannot be read back."""
        fields = self.read(NewConnection)
        given = (fields["name"], fields["kind"], fields["settings"], fields["secrets"])
        stand_ins = fields["stand_ins"]
        row = services.create(self.caller.workspace_id, *given, stand_ins=stand_ins, by=self.caller.actor)
        return Response(describe_connection(row), status=201)


class ConnectionItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin", "PATCH": "admin", "DELETE": "admin"}

    @operation("get_connection", "connections", Answer(shapes.Connection))
    def get(self, request: Request, connection_id: UUID) -> Response:
        """Return the connection, without its secrets."""
        return Response(describe_connection(self._get_row(connection_id)))

    @operation("change_connection", "connections", Answer(shapes.Connection), body=ChangedConnection)
    def patch(self, request: Request, connection_id: UUID) -> Response:
        """Change what is given; a changed address without a new key clears the key."""
        row = self._get_row(connection_id)
        fields = self.read(ChangedConnection)
        changed = services.update(
            row,
            name=fields.get("name"),
            values=fields.get("settings"),
            new_secrets=fields.get("secrets"),
            stand_ins=fields.get("stand_ins"),
            by=self.caller.actor,
        )
        return Response(describe_connection(changed))

    @operation("delete_connection", "connections", Answer(status=204))
    def delete(self, request: Request, connection_id: UUID) -> Response:
        """Delete the connection, unless a flow or a collection uses it, or it stands in for another one."""
        services.delete(self._get_row(connection_id), self.caller.actor)
        return Response(status=204)

    def _get_row(self, connection_id: UUID) -> Connection:
        return services.get_connection(self.caller.workspace_id, connection_id)
