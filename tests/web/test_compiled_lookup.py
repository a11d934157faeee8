"""A compiled lookup returns what Django's own query returns, and compiles it once."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from connections.models import Connection
from web.compiled_lookup import CompiledLookup
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db

find = CompiledLookup(Connection, "workspace_id", "id")


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


def test_each_call_asks_anew_with_the_same_query(row: Connection, workspace: Workspace) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert find(workspace.pk, row.pk) == row
        Connection.objects.update(name="Changed meanwhile")
        changed = find(workspace.pk, row.pk)
    assert changed is not None
    assert changed.name == "Changed meanwhile"
    first, _, second = (query["sql"] for query in asked)
    assert first == second
