"""Describes connections and their kinds as the API answers them: never with a secret."""

from typing import Any

from pydantic.fields import FieldInfo

from actions.contract.connection import Connection as Kind
from actions.contract.registry import get_connection_kinds
from connections import services
from connections.api import shapes
from connections.models import Connection


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


def describe_connection(row: Connection) -> shapes.Connection:
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
        "simulator": services.is_simulator(row),
        "usable": problem is None,
        "problem": problem,
        "used_by": [{"id": str(pk), "name": name} for pk, name in services.find_users(row)],
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
