"""Keys at rest: ciphertext, bound to their connection, readable by the keys of this server only."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection as database
from pytest_django import Settings

from actions.contract.errors import DomainError
from connections import secrets, services
from connections.models import Connection
from connections.sealing import open_connection
from tests.connections.examples import ADDRESS, CANARY
from tests.databases import on_sqlite
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


@pytest.fixture
def key_file(settings: Settings, tmp_path: Path) -> Path:
    """An encryption key in a file, as a server has it that is told of no key by its environment."""
    settings.MILLRACE_ENCRYPTION_KEYS = []
    settings.MILLRACE_ENCRYPTION_KEY_FILE = tmp_path / "encryption_keys"
    secrets.create_key_file()
    return tmp_path / "encryption_keys"


def read_key(row: Connection) -> str:
    return open_connection(Connection.objects.get(pk=row.pk)).model_dump()["api_key"].get_secret_value()  # type: ignore[no-any-return]


def test_a_stored_key_comes_back_as_it_was_given(connection: Connection) -> None:
    assert read_key(connection) == CANARY


@pytest.mark.django_db(transaction=True)
@on_sqlite
def test_the_database_files_hold_no_key(connection: Connection) -> None:
    path = Path(database.settings_dict["NAME"])
    files = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    assert any(b"gateway.example.com" in file.read_bytes() for file in files)
    assert not any(CANARY.encode() in file.read_bytes() for file in files)


def test_ciphertext_moved_to_another_connection_is_refused(connection: Connection) -> None:
    other = services.create(connection.workspace_id, "Other", "anthropic", {}, {"api_key": "sk-ant-of-another"})
    Connection.objects.filter(pk=other.pk).update(ciphertext=connection.ciphertext)
    other.refresh_from_db()
    assert services.find_problem(other) == "The stored secrets belong to another connection."
    with pytest.raises(DomainError, match="belong to another connection"):
        open_connection(other)


def test_with_a_wrong_key_the_connection_is_unusable_and_nothing_is_overwritten(
    connection: Connection, settings: Settings
) -> None:
    right, before = settings.MILLRACE_ENCRYPTION_KEYS, connection.ciphertext
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert services.find_problem(connection) == "No encryption key of this server fits the stored secrets."
    services.update(connection, name="Renamed", values={"time_limit_s": 30})
    settings.MILLRACE_ENCRYPTION_KEYS = right
    connection.refresh_from_db()
    assert (connection.ciphertext, connection.last4) == (before, {"api_key": "end4"})
    assert read_key(connection) == CANARY


def test_rotation_moves_all_secrets_to_the_newest_key_so_that_the_old_one_can_go(
    connection: Connection, settings: Settings
) -> None:
    new = Fernet.generate_key().decode()
    settings.MILLRACE_ENCRYPTION_KEYS = [new, *settings.MILLRACE_ENCRYPTION_KEYS]
    call_command("rotate_connection_keys")
    settings.MILLRACE_ENCRYPTION_KEYS = [new]
    assert read_key(connection) == CANARY


def test_rotation_leaves_what_it_cannot_read_and_fails(connection: Connection, settings: Settings) -> None:
    before = connection.ciphertext
    settings.MILLRACE_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="1 connections, variables or second factors could not be read"):
        call_command("rotate_connection_keys")
    connection.refresh_from_db()
    assert connection.ciphertext == before


def test_a_new_key_in_the_file_serves_the_running_server(key_file: Path, workspace: Workspace) -> None:
    row = services.create(workspace.pk, "Main", "anthropic", {"base_url": ADDRESS}, {"api_key": CANARY})
    old = key_file.read_text().split()
    call_command("new_encryption_key")
    call_command("rotate_connection_keys")
    newest, *older = key_file.read_text().split()
    assert older == old
    key_file.write_text(newest)
    assert read_key(row) == CANARY


def test_the_key_file_is_made_for_its_owner_alone(key_file: Path) -> None:
    assert key_file.stat().st_mode & 0o777 == 0o600
    call_command("new_encryption_key")
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_file_that_others_can_read_is_refused(key_file: Path) -> None:
    key_file.chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match=r"readable by others \(mode 644\). Run: chmod 600"):
        secrets.require_keys()


def test_a_text_that_is_no_key_is_refused_without_showing_it(settings: Settings) -> None:
    settings.MILLRACE_ENCRYPTION_KEYS = ["not-a-fernet-key"]
    with pytest.raises(ImproperlyConfigured, match="is not a Fernet key") as caught:
        secrets.require_keys()
    assert "not-a-fernet-key" not in str(caught.value)


def test_a_server_without_a_key_does_not_start(key_file: Path) -> None:
    key_file.unlink()
    with pytest.raises(ImproperlyConfigured, match=r"python manage\.py migrate"):
        secrets.require_keys()


def test_a_lost_key_is_never_replaced_while_secrets_need_it(key_file: Path, connection: Connection) -> None:
    key_file.unlink()
    with pytest.raises(ImproperlyConfigured, match="1 connections and variables hold secrets that only it can read"):
        services.ensure_keys()
    assert not key_file.exists()


def test_the_first_key_is_made_with_the_tables(key_file: Path) -> None:
    key_file.unlink()
    call_command("migrate", verbosity=0)
    assert secrets.has_keys()


def test_a_connection_without_a_key_takes_none_from_the_environment(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", CANARY)
    row = services.create(workspace.pk, "Bare", "anthropic", {}, {})
    assert services.find_problem(row) == "'Bare' has no API key."
    with pytest.raises(DomainError) as caught:
        open_connection(row)
    assert (caught.value.kind, caught.value.code) == ("invalid", "connection_not_usable")


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"kind": "gone"}, "a version of the server that knows this kind"),
        ({"settings": {"base_url": "ftp://example.com"}}, "correct it"),
        ({"last4": {}}, "set its key"),
    ],
    ids=["an unknown kind", "a setting that is refused", "no key"],
)
def test_a_connection_that_cannot_be_used_says_what_to_do(
    workspace: Workspace, changes: dict[str, object], hint: str
) -> None:
    row = services.create(workspace.pk, "Main", "anthropic", {}, {"api_key": CANARY})
    for name, value in changes.items():
        setattr(row, name, value)
    with pytest.raises(DomainError) as caught:
        open_connection(row)
    assert caught.value.code == "connection_not_usable"
    assert hint in str(caught.value.hint)
