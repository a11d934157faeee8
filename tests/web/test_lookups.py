"""Statements that are built once read and store what Django's own read and store."""

import uuid
from datetime import UTC, datetime
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from django.db import IntegrityError, transaction
from django.db.models.sql.compiler import SQLCompiler

from connections.models import Connection
from web import lookups
from web.lookups import RowInsert, RowLookup, ValueLookup
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

find = RowLookup(Connection, "workspace_id", "id")


def read_columns(row: Connection) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


@pytest.fixture
def row(workspace: Workspace) -> Connection:
    return Connection.objects.create(
        workspace=workspace, name="Störfall; DROP", kind="anthropic", settings={"a": [1, None, "é"]}, last_test=None
    )


def test_every_value_is_what_django_reads(row: Connection, workspace: Workspace) -> None:
    found = find(workspace.pk, row.pk)
    assert found is not None
    assert read_columns(found) == read_columns(Connection.objects.get(pk=row.pk))


def test_a_found_row_can_be_saved(row: Connection, workspace: Workspace) -> None:
    found = find(workspace.pk, row.pk)
    assert found is not None
    found.name = "Renamed"
    found.save()
    assert [each.name for each in Connection.objects.all()] == ["Renamed"]


def test_a_value_may_be_text(row: Connection, workspace: Workspace) -> None:
    assert find(str(workspace.pk), str(row.pk)) == row


def test_all_values_have_to_fit(row: Connection, workspace: Workspace, other_workspace: Workspace) -> None:
    assert find(other_workspace.pk, row.pk) is None
    assert find(workspace.pk, uuid.uuid4()) is None


def test_each_call_asks_anew_and_compiles_nothing(row: Connection, workspace: Workspace) -> None:
    assert find(workspace.pk, row.pk) == row
    Connection.objects.update(name="Changed meanwhile")
    with patch.object(SQLCompiler, "as_sql", side_effect=AssertionError("compiled again")):
        changed = find(workspace.pk, row.pk)
    assert changed is not None
    assert changed.name == "Changed meanwhile"


class Values(NamedTuple):
    id: uuid.UUID
    name: str
    settings: dict[str, Any]
    created_at: datetime


def test_some_values_are_those_that_django_reads(row: Connection, workspace: Workspace) -> None:
    find_values = ValueLookup(Values, Connection, "workspace_id", "id")
    expected = Connection.objects.values_list(*Values._fields).get(pk=row.pk)
    assert find_values(workspace.pk, row.pk) == expected
    assert find_values(workspace.pk, uuid.uuid4()) is None


def test_what_was_built_of_a_record_serves_until_the_row_changes(row: Connection, workspace: Workspace) -> None:
    find_values = ValueLookup(Values, Connection, "workspace_id", "id")
    first = find_values(workspace.pk, row.pk)
    assert find_values(workspace.pk, row.pk) is first
    Connection.objects.update(settings={"b": 2})
    changed = find_values(workspace.pk, row.pk)
    assert changed is not None
    assert changed.settings == {"b": 2}


def test_no_more_is_kept_than_may_be(row: Connection, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookups, "MAX_KEPT", 2)
    find_values = ValueLookup(Values, Connection, "workspace_id", "id")
    for number in range(5):
        Connection.objects.update(name=f"Name {number}")
        assert find_values(workspace.pk, row.pk) is not None
        assert len(find_values._built) <= 2


def test_an_inserted_row_is_the_one_that_django_creates(workspace: Workspace) -> None:
    insert = RowInsert(Connection, "id", "workspace_id", "name", "settings", "last_test", "created_at", "updated_at")
    values = {"settings": {"ä": [1, None]}, "last_test": None, "workspace_id": workspace.pk}
    id, now = uuid.uuid4(), datetime(2026, 11, 29, 1, 2, 3, 456789, UTC)
    insert(id=id, name="Inserted", created_at=now, updated_at=now, **values)
    created = Connection.objects.create(name="Created", **values)
    Connection.objects.filter(pk=created.pk).update(created_at=now, updated_at=now)
    inserted, expected = (read_columns(Connection.objects.get(pk=each)) for each in (id, created.pk))
    assert {**inserted, "id": created.pk, "name": "Created"} == expected


def test_a_row_that_may_not_be_is_refused_as_by_django(workspace: Workspace) -> None:
    insert = RowInsert(Connection, "id", "workspace_id", "name", "created_at", "updated_at")
    now = datetime.now(UTC)
    fields = {"workspace_id": workspace.pk, "name": "Twice", "created_at": now, "updated_at": now}
    insert(id=uuid.uuid4(), **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(id=uuid.uuid4(), **fields)
    assert Connection.objects.count() == 1
