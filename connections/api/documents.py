"""Describes connections, their kinds and variables as the API answers them: never with a secret."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from pydantic.fields import FieldInfo

from actions.contract.connection import Connection as Kind
from actions.contract.registry import get_connection_kinds
from connections import services
from connections.api import shapes
from connections.models import Connection, Variable
from connections.variables import services as variables
from web.usage_registry import NamedUser


def describe_kinds() -> list[shapes.ConnectionKind]:
    return [
        {
            "kind": kind.kind,
            "title": kind.title,
            "description": kind.description,
            "settings": [_describe_field(name, info) for name, info in kind.list_setting_fields()],
            "secrets": [_describe_field(name, info) for name, info in kind.list_secret_fields()],
        }
        for kind in get_connection_kinds().values()
    ]


def describe_connections(workspace_id: UUID, rows: Sequence[Connection]) -> list[shapes.Connection]:
    users = services.map_users(workspace_id, rows)
    return [_describe_connection(row, users.get(row.pk, [])) for row in rows]


def describe_connection(row: Connection) -> shapes.Connection:
    return _describe_connection(row, services.find_users(row))


def _describe_connection(row: Connection, users: Sequence[NamedUser]) -> shapes.Connection:
    """Return what an admin may see. Of a secret that is whether it is set, and its last four characters."""
    kind: type[Kind] | None = get_connection_kinds().get(row.kind)
    names = [name for name, _ in kind.list_secret_fields()] if kind else list(row.last4)
    problem = services.find_problem(row)
    return {
        "id": str(row.pk),
        "name": row.name,
        "kind": row.kind,
        "settings": row.settings,
        "secrets": {name: {"set": name in row.last4, "last4": row.last4.get(name) or None} for name in names},
        "stand_ins": row.stand_ins,
        "simulator": services.is_simulator(row),
        "usable": problem is None,
        "problem": problem,
        "used_by": [user.to_json() for user in users],
        "last_test": row.last_test,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def describe_choice(row: Connection) -> shapes.ConnectionChoice:
    """Return what an editor needs to choose a connection in a form."""
    problem = services.find_problem(row)
    return {
        "id": str(row.pk),
        "name": row.name,
        "kind": row.kind,
        "simulator": services.is_simulator(row),
        "usable": problem is None,
    }


def describe_variables(workspace_id: UUID, rows: Sequence[Variable]) -> list[shapes.Variable]:
    users = variables.map_users(workspace_id, rows)
    return [
        {
            **describe_variable_choice(row),
            "values": row.values,
            "used_by": [user.to_json() for user in users.get(row.pk, [])],
            "created_at": row.created_at,
            "updated_at": row.updated_at,
        }
        for row in rows
    ]


def describe_variable(row: Variable) -> shapes.Variable:
    return describe_variables(row.workspace_id, [row])[0]


def describe_variable_choice(row: Variable) -> shapes.VariableChoice:
    """Return what an editor needs to use a variable in an expression."""
    return {"id": str(row.pk), "name": row.name, "secret": row.is_secret, "set_in": row.set_in}


def _describe_field(name: str, info: FieldInfo) -> shapes.ConnectionField:
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    unit: Any = extra.get("unit")
    choices: Any = extra.get("choices")
    limits = {key: getattr(item, key) for item in info.metadata for key in ("ge", "le") if hasattr(item, key)}
    return {
        "name": name,
        "title": info.title or name.replace("_", " ").capitalize(),
        "description": info.description or "",
        "type": "select" if choices else "integer" if info.annotation is int else "text",
        "required": info.is_required(),
        "default": None if info.is_required() else info.default,
        "choices": [{"value": value, "title": title} for value, title in (choices or {}).items()] or None,
        "minimum": limits.get("ge"),
        "maximum": limits.get("le"),
        "unit": unit,
    }
