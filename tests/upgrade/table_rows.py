"""Fills the tables of a state of the database, whichever tables and columns it has, and reads what is in them.

Nothing here names a table that must be there, so what a later migration adds is filled and read too.
"""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps.registry import Apps
from django.db import models

Row = dict[str, Any]
Rows = dict[str, dict[Any, Row]]
"""The rows of each table by their primary key. A table has the name of its model, such as `flows.run`."""
Made = dict[str, list[Any]]
"""The primary keys of the rows that were made, by table."""

MADE_BY_DJANGO = {
    *("contenttypes.contenttype", "auth.permission", "auth.group_permissions", "workspaces.user_user_permissions"),
}
"""Tables that `migrate` fills by itself, and those that must refer to them. Millrace uses none of the latter."""
FULL, BARE = range(2)
"""The rows of each table: one with a value in every column, one with those alone that must have one."""

GRAPH = {
    "schema": 1,
    "nodes": [{"id": "n1", "action": "control.yield_return", "properties": {"value": "Où est le moulin ?"}}],
    "edges": [],
    "notes": [],
}
ORDINARY: Row = {
    "flows.flow.graph": GRAPH,
    "flows.flow.revision": 3,
    "flows.flowversion.graph": GRAPH,
    "flows.flowversion.revision": 3,
    "flows.run.input": {"prompt": "Where is the mill?", "session_id": "visit"},
    "flows.usageofday.first_chunks": '{"0":1}',
    "flows.usageofday.tokens": "[]",
    "vectors.chunk.metadata": {"page": 7},
    "vectors.collection.dimension": 64,
}
"""What an invented value would not do for, because a migration reads it."""

MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_900, UTC)
INVENTED: tuple[tuple[type[Any], Callable[[int], Any]], ...] = (
    (models.UUIDField, lambda row: uuid.uuid4()),
    (models.JSONField, lambda row: {"é": [1, None, "two", {"b": 1.5, "a": True}]}),
    (models.BinaryField, lambda row: bytes(range(256))),
    (models.BooleanField, lambda row: True),
    (models.DateTimeField, lambda row: MOMENT),
    (models.DateField, lambda row: date(2026, 1, 2)),
    (models.DecimalField, lambda row: Decimal("1.5")),
    (models.IntegerField, lambda row: 5 + row),
)


def list_models(apps: Apps) -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in MADE_BY_DJANGO:
            yield model


def read_rows(apps: Apps) -> Rows:
    """Return all rows of all tables, as the models of this state see them."""
    return {
        model._meta.label_lower: {row[model._meta.pk.attname]: row for row in map(_read_row, _list_values(model))}
        for model in list_models(apps)
    }


def _list_values(model: type[models.Model]) -> Any:
    return model._base_manager.values()


def _read_row(row: Row) -> Row:
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}


def fill_tables(apps: Apps, tag: str) -> Rows:
    """Give each table two rows, whose texts have the tag in them; return these rows as they are read again."""
    before = read_rows(apps)
    made: Made = {}
    for model in list_models(apps):
        _fill_table(apps, model._meta.label_lower, made, tag)
    after = read_rows(apps)
    return {table: {pk: row for pk, row in rows.items() if pk not in before[table]} for table, rows in after.items()}


def _fill_table(apps: Apps, table: str, made: Made, tag: str) -> None:
    """Create the rows of the tables that this one refers to, then its own."""
    if table in made or table in MADE_BY_DJANGO:
        return
    made[table] = []
    model = apps.get_model(table)
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            _fill_table(apps, _name_related(field), made, tag)
    for row in (FULL, BARE):
        values = {field.attname: _choose_value(field, row, made, tag) for field in _list_given(model, row)}
        made[table].append(model._base_manager.create(**values).pk)


def _list_given(model: type[models.Model], row: int) -> Iterator[Any]:
    """Return the columns that the row gives a value: a bare one leaves out what it can."""
    for field in model._meta.concrete_fields:
        is_needed = not (field.null or field.has_default() or field.has_db_default() or field.blank)
        if not isinstance(field, models.AutoField) and (row == FULL or is_needed or _name(field) in ORDINARY):
            yield field


def _name_related(field: Any) -> str:
    return str(field.related_model._meta.label_lower)


def _name(field: Any) -> str:
    return f"{field.model._meta.label_lower}.{field.name}"


def _choose_value(field: Any, row: int, made: Made, tag: str) -> Any:
    if isinstance(field, models.ForeignKey):
        related = made.get(_name_related(field))
        return related[row] if related else None
    if (name := _name(field)) in ORDINARY and not isinstance(field, models.BinaryField):  # some were texts once
        return ORDINARY[name]
    if field.choices:
        return field.choices[row % len(field.choices)][0]
    for kind, invent in INVENTED:
        if isinstance(field, kind):
            return invent(row)
    return f"{tag} {row} é {field.name}"[: field.max_length]
