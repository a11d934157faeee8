"""Which connection is used in place of another one in an environment. Sync.

A stand-in is of the same kind and workspace. Its own stand-ins do not count: one step leads from the connection that a
flow names to the one that a run uses.
"""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from actions.contract.errors import DomainError
from connections.models import Connection
from web.text import read_uuid
from web.usage_registry import FoundUser, NamedUser
from workspaces.environments import ENVIRONMENTS


def put_stand_ins(row: Connection, changes: Mapping[str, str | None]) -> None:
    """Put stand-ins into the row, which is not saved; None takes one away. Raises DomainError that names the field."""
    for environment, stand_in in changes.items():
        _check_stand_in(row, environment, stand_in)
    merged = {**row.stand_ins, **changes}
    row.stand_ins = {environment: id for environment in ENVIRONMENTS if (id := merged.get(environment))}


def find_connections_with(workspace_id: UUID, ids: Iterable[UUID]) -> Iterator[FoundUser]:
    """Yield the connections that one of the ids stands in for, each with the id."""
    sought = {str(id): id for id in ids}
    rows = Connection.objects.filter(workspace_id=workspace_id).exclude(stand_ins={})
    for row in rows.only("pk", "name", "stand_ins"):
        for stand_in in sorted(sought.keys() & row.stand_ins.values()):
            yield sought[stand_in], NamedUser("connection", row.pk, row.name)


def _check_stand_in(row: Connection, environment: str, stand_in: str | None) -> None:
    field = f"stand_ins.{environment}"
    if stand_in is None:
        return
    id = read_uuid(stand_in)
    others = Connection.objects.filter(workspace_id=row.workspace_id, kind=row.kind).exclude(pk=row.pk)
    if id is None or not others.filter(pk=id).exists():
        message = f"In {environment}, another connection of the same kind can stand in; this is none."
        raise DomainError("invalid", "unknown_connection", message, field=field, hint="Choose one of the list.")
