"""A connection is opened once for many runs, and anew as soon as its row, or what opens it, has changed."""

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from connections import services
from connections.models import Connection
from connections.services import LoadedConnection, LoadedConnections
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(workspace: Workspace) -> Connection:
    return services.create(workspace.pk, "Claude", "anthropic", {}, {"api_key": "sk-ant-first-0123456789"})


def load(loaded: LoadedConnections, row: Connection) -> LoadedConnection:
    return loaded.load(row.workspace_id, [str(row.pk)])[str(row.pk)]


def read_key(loaded: LoadedConnection) -> str:
    return str(loaded.connection.api_key.get_secret_value()) if loaded.connection else ""  # type: ignore[attr-defined]


def test_an_unchanged_connection_is_opened_once(row: Connection) -> None:
    loaded = LoadedConnections()
    assert load(loaded, row) is load(loaded, row)


def test_a_new_key_or_name_serves_the_next_run(row: Connection) -> None:
    loaded = LoadedConnections()
    load(loaded, row)
    services.update(row, name="Renamed", new_secrets={"api_key": "sk-ant-second-0123456789"})
    changed = load(loaded, row)
    assert (read_key(changed), changed.facts.name) == ("sk-ant-second-0123456789", "Renamed")


def test_without_the_encryption_key_it_cannot_be_used_any_more(row: Connection, settings: Settings) -> None:
    loaded = LoadedConnections()
    assert load(loaded, row).facts.usable
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    changed = load(loaded, row)
    assert (changed.connection, changed.facts.usable) == (None, False)


def test_a_deleted_one_and_another_workspaces_are_not_there(row: Connection, other_workspace: Workspace) -> None:
    loaded, ids = LoadedConnections(), [str(row.pk)]
    load(loaded, row)
    assert loaded.load(other_workspace.pk, ids) == {}
    row.delete()
    assert loaded.load(row.workspace_id, ids) == {}


def test_an_id_may_be_written_as_a_person_writes_it(row: Connection) -> None:
    loaded = LoadedConnections()
    assert list(loaded.load(row.workspace_id, [str(row.pk).upper()])) == [str(row.pk)]
