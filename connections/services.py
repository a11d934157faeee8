"""What may be done with connections, always within one workspace. Sync; for views and database threads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction

from actions.contract.connection import Connection as Kind
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import DomainError
from connections import secrets
from connections.contents import fill, opened
from connections.models import Connection
from connections.secrets import SecretError
from web.errors import not_found
from web.lookups import Lookup

Usage = Callable[[UUID, UUID], Iterable[tuple[UUID, str]]]
_usages: list[Usage] = []
_connection = Lookup(Connection, "workspace_id", "id")


def register_usage(usage: Usage) -> None:
    """Let a part above say who uses a connection: `usage(workspace, connection)` returns ids and names."""
    if usage not in _usages:
        _usages.append(usage)


def used_by(row: Connection) -> list[tuple[UUID, str]]:
    return [found for usage in _usages for found in usage(row.workspace_id, row.pk)]


def connection_of(workspace_id: UUID, connection_id: UUID) -> Connection:
    """Return the connection; raises DomainError (`not_found`) when it is another workspace's."""
    row = _connection(workspace_id, connection_id)
    if row is None:
        raise not_found()
    return row


def create(workspace_id: UUID, name: str, kind: str, values: Mapping[str, Any], given: Mapping[str, str]) -> Connection:
    """Store a new connection; raises DomainError (`invalid`) naming the field that cannot be taken."""
    row = Connection(workspace_id=workspace_id, name=name, kind=kind)
    ensure_keys()
    fill(row, values, given)
    return _saved(row)


def update(
    row: Connection,
    *,
    name: str | None = None,
    values: Mapping[str, Any] | None = None,
    given: Mapping[str, str] | None = None,
) -> Connection:
    """Change what is given. A changed address without a new key clears the key: it goes to no other host."""
    row.name = name or row.name
    if values is not None or given is not None:
        fill(row, {**row.settings, **(values or {})}, given or {})
    return _saved(row)


def delete(row: Connection) -> None:
    """Delete the connection; raises DomainError (`conflict`) naming the flows that use it."""
    flows = used_by(row)
    if flows:
        names = ", ".join(repr(name) for _, name in flows[:5]) + (" and others" if len(flows) > 5 else "")
        listed = [{"id": str(pk), "name": flow} for pk, flow in flows]
        message = f"{row.name!r} is used by {names}."
        raise DomainError(
            "conflict", "connection_in_use", message, hint="Choose another connection there first.", flows=listed
        )
    row.delete()


@dataclass(frozen=True, slots=True)
class Loaded:
    """A connection as a plan may know it, and with its secrets as a run needs it; None when it cannot be used."""

    facts: ConnectionFacts
    opened: Kind | None


def load(workspace_id: UUID, ids: Iterable[str]) -> dict[str, Loaded]:
    """Return the connections that exist in the workspace, by id. One decryption each: runs start here."""
    rows = (_connection(workspace_id, id) for id in ids)
    return {str(row.pk): _loaded(row) for row in rows if row}


def _loaded(row: Connection) -> Loaded:
    kind, trouble = None, None
    try:
        kind = opened(row)
    except DomainError as error:
        trouble = error.message
    facts = ConnectionFacts(str(row.pk), row.name, row.kind, row.settings, kind is not None, is_simulator(row), trouble)
    return Loaded(facts, kind)


def is_simulator(row: Connection) -> bool:
    address = str(row.settings.get("base_url", "")).rstrip("/")
    return bool(settings.MILLRACE_SIMULATOR_URL) and address == settings.MILLRACE_SIMULATOR_URL


def problem_of(row: Connection) -> str | None:
    """Return why the connection cannot be used, in a sentence, or None."""
    return _loaded(row).facts.problem


def ensure_keys() -> None:
    """Make the first encryption key, unless there are secrets already: those need the key that is missing."""
    if not secrets.have_keys():
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
    """Encrypt all secrets under the newest key; return how many were done, and how many cannot be read."""
    done = failed = 0
    for row in Connection.objects.exclude(ciphertext="").iterator():
        try:
            # A row that somebody saves meanwhile is under the newest key already, and is not found here.
            unchanged = Connection.objects.filter(pk=row.pk, ciphertext=row.ciphertext)
            unchanged.update(ciphertext=secrets.rotate(row.ciphertext))
            done += 1
        except SecretError:
            failed += 1
    return done, failed


def _saved(row: Connection) -> Connection:
    others = Connection.objects.filter(workspace_id=row.workspace_id, name=row.name).exclude(pk=row.pk)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        if not others.exists():
            raise
        message = f"There is a connection {row.name!r} already."
        raise DomainError("invalid", "name_taken", message, field="name", hint="Choose another name.") from None
    return row
