"""The REST views of variables: admins change them, editors read their names."""

from typing import Any, ClassVar
from uuid import UUID

from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.property_types import RESERVED_WORDS
from connections.api import shapes
from connections.api.documents import describe_variable, describe_variable_choice, describe_variables
from connections.models import Variable
from connections.variables import services
from web.drf.serializers import FlagField, NamedValuesField, SecretField, StrictSerializer, TextField
from web.openapi import Answer, operation
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView
from workspaces.environments import ENVIRONMENTS

NAME_IN_TEXT = rf"^\s*(?!(?:{'|'.join(sorted(RESERVED_WORDS))})\s*$){services.NAME_PATTERN.pattern}\s*$"
"""A name as a client may send it: white space at its ends is taken off."""


class ValuesField(NamedValuesField):
    """The values by environment; null and an empty text take a value away. That of a secret is never read back."""

    def __init__(self, **options: Any) -> None:
        child = SecretField(max_length=services.MAX_VALUE_BYTES, allow_blank=True, allow_null=True)
        super().__init__(names=ENVIRONMENTS, child=child, **options)


class VariableNameField(TextField):
    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, pattern=NAME_IN_TEXT, **options)


class NewVariable(StrictSerializer):
    name = VariableNameField()
    secret = FlagField(default=False)
    values = ValuesField(default=dict)


class ChangedVariable(StrictSerializer):
    name = VariableNameField(required=False)
    values = ValuesField(required=False)


class Variables(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit", "POST": "admin"}

    @operation("list_variables", "variables", Answer(shapes.VariableList))
    def get(self, request: Request) -> Response:
        """List the variables: with plain values to admins, without any to editors."""
        rows = list(services.list_variables(self.caller.workspace_id))
        if "admin" in self.caller.permissions:
            return Response({"variables": describe_variables(self.caller.workspace_id, rows)})
        return Response({"variables": [describe_variable_choice(row) for row in rows]})

    @operation("create_variable", "variables", Answer(shapes.Variable, 201), body=NewVariable)
    def post(self, request: Request) -> Response:
        """Store a variable; the values of a secret cannot be read back."""
        fields = self.read(NewVariable)
        row = services.create_variable(
            self.caller.workspace_id,
            fields["name"],
            fields["values"],
            is_secret=fields["secret"],
            by=self.caller.actor,
        )
        return Response(describe_variable(row), status=201)


class VariableItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "admin", "PATCH": "admin", "DELETE": "admin"}

    @operation("get_variable", "variables", Answer(shapes.Variable))
    def get(self, request: Request, variable_id: UUID) -> Response:
        """Return the variable, without the values of a secret."""
        return Response(describe_variable(self._get_row(variable_id)))

    @operation("change_variable", "variables", Answer(shapes.Variable), body=ChangedVariable)
    def patch(self, request: Request, variable_id: UUID) -> Response:
        """Change the name, or the values of the environments that are given."""
        row = self._get_row(variable_id)
        fields = self.read(ChangedVariable)
        changes = {name: fields.get(name) for name in ("name", "values")}
        return Response(describe_variable(services.update_variable(row, **changes, by=self.caller.actor)))

    @operation("delete_variable", "variables", Answer(status=204))
    def delete(self, request: Request, variable_id: UUID) -> Response:
        """Delete the variable, unless a flow reads it."""
        services.delete_variable(self._get_row(variable_id), self.caller.actor)
        return Response(status=204)

    def _get_row(self, variable_id: UUID) -> Variable:
        return services.get_variable(self.caller.workspace_id, variable_id)
