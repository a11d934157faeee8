"""Reads and changes the connections of one workspace. Sync; for views and database threads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.db.models import QuerySet

from actions.contract.connection import Connection as Kind
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import DomainError
from connections import secrets
from connections.models import Connection, Variable
from connections.sealing import open_connection, seal_connection
from connections.secrets import SecretError
from connections.stand_ins import put_stand_ins
from web.errors import build_not_found
from web.lookups import MAX_KEPT, Record, RowLookup
from web.unique_names import save_with_unique_name
from web.usage_registry import FoundUser, NamedUser, UsageRegistry, build_in_use_error, group_users
from workspaces.audit.record import SERVER, Actor, Deed, Subject, record
from workspaces.environments import Environment

connection_usages = UsageRegistry[Iterable[UUID], FoundUser]()
"""Finders of what uses connections; the key are their ids."""
sealed_stores: list[Callable[[], tuple[int, int]]] = []
"""What seals all secrets of a room above with the newest key, as `rotate_all` does. Filled by `AppConfig.ready`."""
_find_row = RowLookup(Connection, "workspace_id", "id")


def find_users(row: Connection) -> list[NamedUser]:
    """Return the flows and collections that use the connection, and the connections that it stands in for."""
    return map_users(row.workspace_id, [row]).get(row.pk, [])


def map_users(workspace_id: UUID, rows: Iterable[Connection]) -> dict[UUID, list[NamedUser]]:
    """Return what uses the connections, as `find_users` does, by the id of the connection. Reads each flow once."""
    return group_users(connection_usages.find(workspace_id, [row.pk for row in rows]))


def list_connections(workspace_id: UUID) -> QuerySet[Connection]:
    """Return the connections of the workspace, by name."""
    return Connection.objects.filter(workspace_id=workspace_id)


def get_connection(workspace_id: UUID, connection_id: UUID) -> Connection:
    """Return the connection. Raises DomainError `not_found` when the workspace has no such connection."""
    row = _find_row(workspace_id, connection_id)
    if row is None:
        raise build_not_found()
    return row


def create(
    workspace_id: UUID,
    name: str,
    kind: str,
    values: Mapping[str, Any],
    new_secrets: Mapping[str, str],
    *,
    stand_ins: Mapping[str, str | None] | None = None,
    by: Actor = SERVER,
) -> Connection:
    """Store a new connection. Raises DomainError (`invalid`) that names the field at fault."""
    row = Connection(workspace_id=workspace_id, name=name, kind=kind)
    ensure_keys()
    seal_connection(row, values, new_secrets)
    put_stand_ins(row, stand_ins or {})
    return _save(row, by, "connection.created", kind)


def update(
    row: Connection,
    *,
    name: str | None = None,
    values: Mapping[str, Any] | None = None,
    new_secrets: Mapping[str, str] | None = None,
    stand_ins: Mapping[str, str | None] | None = None,
    by: Actor = SERVER,
) -> Connection:
    """Change the given parts. A changed address without a new key clears the key, which must reach no other host."""
    row.name = name or row.name
    parts = {"name": name, "settings": values, "secrets": new_secrets, "stand-ins": stand_ins}
    if values is not None or new_secrets is not None:
        seal_connection(row, {**row.settings, **(values or {})}, new_secrets or {})
    put_stand_ins(row, stand_ins or {})
    return _save(row, by, "connection.changed", ", ".join(part for part, given in parts.items() if given))


def delete(row: Connection, by: Actor = SERVER) -> None:
    """Delete the connection. Raises DomainError (`conflict`) that names the flows which use it."""
    users = find_users(row)
    if users:
        hint = "Choose another connection there first."
        raise build_in_use_error("connection_in_use", f"{row.name!r} is used by", users, hint)
    with transaction.atomic():
        record(row.workspace_id, by, "connection.deleted", Subject(row.pk, row.name))
        row.delete()


@dataclass(frozen=True, slots=True)
class LoadedConnection:
    """A connection of the workspace, for a plan and for a run."""

    facts: ConnectionFacts
    """What a plan may know of it: no secret."""
    connection: Kind | None
    """The connection with its secrets, as a run needs it; None when it cannot be used, and the facts say why."""
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    """By environment: the id of the connection that is used there in place of this one."""


class LoadedConnections:
    """The connections that runs used lately, opened. One is opened anew when its row, or what opens it, has changed."""

    def __init__(self) -> None:
        self._loaded: dict[str, tuple[Record, tuple[object, ...], LoadedConnection]] = {}
        """By id: the row as the driver reads it, what opened it, and the connection."""

    def load(
        self, workspace_id: UUID, ids: Iterable[str], environment: Environment = "development"
    ) -> dict[str, LoadedConnection]:
        """Return those of the connections that exist in the workspace, by id, each as the environment has it.

        Where a connection has a stand-in there, that one is under its id. This is the one place that knows of it.
        """
        records = [(id, record) for id in ids if (record := _find_row.find_record(workspace_id, id)) is not None]
        if not records:
            return {}
        openers = (secrets.get_cipher_or_none(), settings.MILLRACE_NETWORK, settings.MILLRACE_SIMULATOR_URL)
        loaded = [self._load(id, record, openers) for id, record in records]
        return {
            each.facts.id: self._resolve(workspace_id, each, environment, openers) if each.stand_ins else each
            for each in loaded
        }

    def _resolve(
        self, workspace_id: UUID, chosen: LoadedConnection, environment: Environment, openers: tuple[object, ...]
    ) -> LoadedConnection:
        """Return the connection that the environment uses where a flow names the chosen one."""
        stand_in = chosen.stand_ins.get(environment)
        if stand_in is None:
            return chosen
        record = _find_row.find_record(workspace_id, stand_in)
        if record is None:
            problem = f"What stands in for {chosen.facts.name!r} in {environment} was deleted."
            return LoadedConnection(replace(chosen.facts, usable=False, problem=problem), None)
        return self._load(stand_in, record, openers)

    def _load(self, id: str, record: Record, openers: tuple[object, ...]) -> LoadedConnection:
        kept = self._loaded.get(id)
        if kept and kept[0] == record and kept[1] == openers:
            return kept[2]
        if len(self._loaded) >= MAX_KEPT:
            self._loaded.clear()
        loaded = _load_row(_find_row.build_row(record))
        self._loaded[id] = (record, openers, loaded)
        return loaded


loaded_connections = LoadedConnections()
"""Of the process: every start uses it, in whichever thread."""


def _load_row(row: Connection) -> LoadedConnection:
    connection, problem = None, None
    try:
        connection = open_connection(row)
    except DomainError as error:
        problem = error.message
    facts = ConnectionFacts(
        str(row.pk), row.name, row.kind, row.settings, connection is not None, is_simulator(row), problem
    )
    return LoadedConnection(facts, connection, row.stand_ins)


def is_simulator(row: Connection) -> bool:
    address = str(row.settings.get("base_url", "")).rstrip("/")
    return bool(settings.MILLRACE_SIMULATOR_URL) and address == settings.MILLRACE_SIMULATOR_URL


def find_problem(row: Connection) -> str | None:
    """Return why the connection cannot be used, in a sentence, or None."""
    return _load_row(row).facts.problem


def ensure_keys() -> None:
    """Create the first encryption key, unless secrets are stored already: those need the key that is missing."""
    if not secrets.has_keys():
        sealed = sum(rows.exclude(ciphertext="").count() for rows in (Connection.objects, Variable.objects))
        if sealed:
            raise ImproperlyConfigured(
                f"The encryption key is missing, and {sealed} connections and variables hold secrets that only it can "
                f"read. Put {settings.MILLRACE_ENCRYPTION_KEY_FILE} back. If it is lost, run "
                "python manage.py new_encryption_key, then enter these secrets again."
            )
        secrets.create_key_file()
    secrets.require_keys()


def rotate_all() -> tuple[int, int]:
    """Encrypt all secrets with the newest key. Return how many rows were encrypted, and how many cannot be read."""
    rotated = unreadable = 0
    sealed = (Connection.objects.exclude(ciphertext=""), Variable.objects.exclude(ciphertext=""))
    for row in chain[Connection | Variable](*(rows.iterator() for rows in sealed)):
        try:
            # A row that somebody saves meanwhile is encrypted with the newest key already, and does not match here.
            unchanged = type(row)._default_manager.filter(pk=row.pk, ciphertext=row.ciphertext)
            unchanged.update(ciphertext=secrets.rotate(row.ciphertext))
            rotated += 1
        except SecretError:
            unreadable += 1
    others = [rotate_store() for rotate_store in sealed_stores]
    return rotated + sum(done for done, _ in others), unreadable + sum(left for _, left in others)


def _save(row: Connection, by: Actor, deed: Deed, detail: str) -> Connection:
    with transaction.atomic():
        save_with_unique_name(row, noun="connection", name=row.name, workspace_id=row.workspace_id)
        record(row.workspace_id, by, deed, Subject(row.pk, row.name), detail)
    return row
