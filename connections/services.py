"""Reads and changes the connections of one workspace. Sync; for views and database threads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from actions.contract.connection import Connection as Kind
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import DomainError
from connections import secrets
from connections.models import Connection
from connections.sealing import open_connection, seal_connection
from connections.secrets import SecretError
from web.compiled_lookup import CompiledLookup
from web.errors import build_not_found
from web.unique_names import save_with_unique_name
from web.usage_registry import NamedUser, UsageRegistry, build_in_use_error

connection_usages = UsageRegistry[UUID, NamedUser]()
"""Finders of what uses a connection; the key is the connection's id."""
_find_row = CompiledLookup(Connection, "workspace_id", "id")


def find_users(row: Connection) -> list[NamedUser]:
    """Return the flows and collections that use the connection."""
    return connection_usages.find(row.workspace_id, row.pk)


def get_connection(workspace_id: UUID, connection_id: UUID) -> Connection:
    """Return the connection. Raises DomainError `not_found` when the workspace has no such connection."""
    row = _find_row(workspace_id, connection_id)
    if row is None:
        raise build_not_found()
    return row


def create(
    workspace_id: UUID, name: str, kind: str, values: Mapping[str, Any], new_secrets: Mapping[str, str]
) -> Connection:
    """Store a new connection. Raises DomainError (`invalid`) that names the field at fault."""
    row = Connection(workspace_id=workspace_id, name=name, kind=kind)
    ensure_keys()
    seal_connection(row, values, new_secrets)
    return _save(row)


def update(
    row: Connection,
    *,
    name: str | None = None,
    values: Mapping[str, Any] | None = None,
    new_secrets: Mapping[str, str] | None = None,
) -> Connection:
    """Change the given parts. A changed address without a new key clears the key, which must reach no other host."""
    row.name = name or row.name
    if values is not None or new_secrets is not None:
        seal_connection(row, {**row.settings, **(values or {})}, new_secrets or {})
    return _save(row)


def delete(row: Connection) -> None:
    """Delete the connection. Raises DomainError (`conflict`) that names the flows which use it."""
    users = find_users(row)
    if users:
        hint = "Choose another connection there first."
        raise build_in_use_error("connection_in_use", f"{row.name!r} is used by", users, hint)
    row.delete()


@dataclass(frozen=True, slots=True)
class LoadedConnection:
    """A connection of the workspace, for a plan and for a run."""

    facts: ConnectionFacts
    """What a plan may know of it: no secret."""
    connection: Kind | None
    """The connection with its secrets, as a run needs it; None when it cannot be used, and the facts say why."""


def load(workspace_id: UUID, ids: Iterable[str]) -> dict[str, LoadedConnection]:
    """Return those of the connections that exist in the workspace, by id. Every run starts with one decryption each."""
    rows = (_find_row(workspace_id, id) for id in ids)
    return {str(row.pk): _load_row(row) for row in rows if row}


def _load_row(row: Connection) -> LoadedConnection:
    connection, problem = None, None
    try:
        connection = open_connection(row)
    except DomainError as error:
        problem = error.message
    facts = ConnectionFacts(
        str(row.pk), row.name, row.kind, row.settings, connection is not None, is_simulator(row), problem
    )
    return LoadedConnection(facts, connection)


def is_simulator(row: Connection) -> bool:
    address = str(row.settings.get("base_url", "")).rstrip("/")
    return bool(settings.MILLRACE_SIMULATOR_URL) and address == settings.MILLRACE_SIMULATOR_URL


def find_problem(row: Connection) -> str | None:
    """Return why the connection cannot be used, in a sentence, or None."""
    return _load_row(row).facts.problem


def ensure_keys() -> None:
    """Create the first encryption key, unless secrets are stored already: those need the key that is missing."""
    if not secrets.has_keys():
        sealed = Connection.objects.exclude(ciphertext="").count()
        if sealed:
            raise ImproperlyConfigured(
                f"The encryption key is missing, and {sealed} connections hold keys that only it can read. "
                f"Put {settings.MILLRACE_ENCRYPTION_KEY_FILE} back. If it is lost, run "
                "python manage.py new_encryption_key, then enter the keys of these connections again."
            )
        secrets.create_key_file()
    secrets.require_keys()


def rotate_all() -> tuple[int, int]:
    """Encrypt all secrets with the newest key. Return how many rows were encrypted, and how many cannot be read."""
    rotated = unreadable = 0
    for row in Connection.objects.exclude(ciphertext="").iterator():
        try:
            # A row that somebody saves meanwhile is encrypted with the newest key already, and does not match here.
            unchanged = Connection.objects.filter(pk=row.pk, ciphertext=row.ciphertext)
            unchanged.update(ciphertext=secrets.rotate(row.ciphertext))
            rotated += 1
        except SecretError:
            unreadable += 1
    return rotated, unreadable


def _save(row: Connection) -> Connection:
    return save_with_unique_name(row, noun="connection", name=row.name, workspace_id=row.workspace_id)
