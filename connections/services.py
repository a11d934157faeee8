"""What may be done with connections, always within one workspace. Sync; for views and database threads."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from pydantic import SecretStr, ValidationError

from actions.connection_kinds import Connection as Kind
from actions.connection_kinds import ConnectionFacts
from actions.registry import connection_kinds
from connections import secrets
from connections.models import Connection
from connections.secrets import SecretError
from web.errors import ApiError, not_found

Usage = Callable[[UUID, UUID], Iterable[tuple[UUID, str]]]
_usages: list[Usage] = []


def register_usage(usage: Usage) -> None:
    """Let a part above say who uses a connection: `usage(workspace, connection)` returns ids and names."""
    if usage not in _usages:
        _usages.append(usage)


def used_by(row: Connection) -> list[tuple[UUID, str]]:
    return [found for usage in _usages for found in usage(row.workspace_id, row.pk)]


def connection_of(workspace_id: UUID, connection_id: UUID) -> Connection:
    row = Connection.objects.filter(workspace_id=workspace_id, pk=connection_id).first()
    if row is None:
        raise not_found()
    return row


def create(workspace_id: UUID, name: str, kind: str, values: Mapping[str, Any], given: Mapping[str, str]) -> Connection:
    """Store a new connection; raises ApiError 422 naming the field that cannot be taken."""
    row = Connection(workspace_id=workspace_id, name=name, kind=kind)
    _fill(row, values, given)
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
        _fill(row, {**row.settings, **(values or {})}, given or {})
    return _saved(row)


def delete(row: Connection) -> None:
    """Delete the connection; raises ApiError 409 naming the flows that use it."""
    flows = used_by(row)
    if flows:
        names = ", ".join(repr(name) for _, name in flows[:5])
        listed = [{"id": str(pk), "name": flow} for pk, flow in flows]
        message = f"{row.name!r} is used by {names}."
        raise ApiError(409, "connection_in_use", message, hint="Choose another connection there first.", flows=listed)
    row.delete()


def rotate_all() -> tuple[int, int]:
    """Encrypt every connection's secrets under the newest key; return how many were done, and how many cannot be."""
    done = failed = 0
    for row in Connection.objects.exclude(ciphertext="").iterator():
        try:
            Connection.objects.filter(pk=row.pk, ciphertext=row.ciphertext).update(
                ciphertext=secrets.rotate(row.ciphertext)
            )
            done += 1
        except SecretError:
            failed += 1
    return done, failed


def facts(workspace_id: UUID, ids: Iterable[str]) -> dict[str, ConnectionFacts]:
    """Return what a plan may know of the connections that exist in the workspace, by id."""
    rows = Connection.objects.filter(workspace_id=workspace_id, pk__in=list(ids))
    return {str(row.pk): facts_of(row) for row in rows}


def facts_of(row: Connection) -> ConnectionFacts:
    trouble = problem_of(row)
    return ConnectionFacts(str(row.pk), row.name, row.kind, row.settings, trouble is None, is_simulator(row), trouble)


def is_simulator(row: Connection) -> bool:
    address = str(row.settings.get("base_url", "")).rstrip("/")
    return bool(settings.MILLRACE_SIMULATOR_URL) and address == settings.MILLRACE_SIMULATOR_URL


def problem_of(row: Connection) -> str | None:
    """Return why the connection cannot be used, in a sentence, or None."""
    kind = connection_kinds().get(row.kind)
    if kind is None:
        return f"This server knows no connections of the kind {row.kind!r}."
    missing = [name for name, _ in kind.secret_fields() if name not in row.last4]
    if missing:
        return f"{row.name!r} has no {_title(kind, missing[0])}."
    try:
        secrets.open_sealed(row.pk, row.ciphertext)
    except SecretError as error:
        return str(error)
    return None


def resolve(workspace_id: UUID, ids: Iterable[str]) -> dict[str, Kind]:
    """Return the connections with their secrets, for a run. Raises ApiError 422 when one cannot be used."""
    rows = Connection.objects.filter(workspace_id=workspace_id, pk__in=list(ids))
    return {str(row.pk): resolve_row(row) for row in rows}


def resolve_row(row: Connection) -> Kind:
    """Return the connection with its secrets; raises ApiError 422 `connection_not_usable` saying why not."""
    trouble = problem_of(row)
    if trouble:
        raise ApiError(422, "connection_not_usable", trouble, hint="Open the connection and set its key.")
    values = {**row.settings, **secrets.open_sealed(row.pk, row.ciphertext), "id": str(row.pk)}
    try:
        return connection_kinds()[row.kind].resolve(values, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _refused(error, connection_kinds()[row.kind]) from None


def _fill(row: Connection, values: Mapping[str, Any], given: Mapping[str, str]) -> None:
    kind = connection_kinds().get(row.kind)
    if kind is None:
        raise ApiError(422, "unknown_kind", f"There is no kind of connection {row.kind[:40]!r}.", field="kind")
    held = _kept_secrets(row, values)
    plain = _checked(kind, values, {**held, **given})
    row.settings = plain.model_dump(include={name for name, _ in kind.setting_fields()}, mode="json")
    found = {
        name: getattr(plain, name).get_secret_value() for name, _ in kind.secret_fields() if name in {**held, **given}
    }
    row.ciphertext = secrets.seal(row.pk, found)
    row.last4 = {name: secret[-4:] if len(secret) >= 12 else "" for name, secret in found.items()}


def _kept_secrets(row: Connection, values: Mapping[str, Any]) -> dict[str, str]:
    if row.settings.get("base_url") != values.get("base_url", row.settings.get("base_url")):
        return {}
    try:
        return secrets.open_sealed(row.pk, row.ciphertext)
    except SecretError:
        return {}


def _checked(kind: type[Kind], values: Mapping[str, Any], held: Mapping[str, str]) -> Kind:
    """Return the connection if all that is given is valid; a secret that is not set yet is no refusal."""
    absent = {name: SecretStr("not-set") for name, _ in kind.secret_fields() if name not in held}
    try:
        return kind.resolve({**values, **held, **absent}, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _refused(error, kind) from None


def _refused(error: ValidationError, kind: type[Kind]) -> ApiError:
    first = error.errors(include_url=False, include_input=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    part = "secrets" if name in {secret for secret, _ in kind.secret_fields()} else "settings"
    if first["type"] == "extra_forbidden":
        return ApiError(
            400,
            "unknown_field",
            f"There is no field {name[:100]!r} to set here.",
            field=f"{part}.{name[:100]}",
        )
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return ApiError(422, "invalid_value", f"{_title(kind, name)}: {message}.", field=f"{part}.{name}")


def _title(kind: type[Kind], name: str) -> str:
    field = kind.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ").capitalize()


def _saved(row: Connection) -> Connection:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        message = f"There is a connection {row.name!r} already."
        raise ApiError(422, "name_taken", message, field="name", hint="Choose another name.") from None
    return row
