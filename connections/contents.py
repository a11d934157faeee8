"""What a stored connection holds: its settings as its kind wants them, and its secrets, sealed.

A secret stays with the address that it was given for. Secrets that cannot be read now are left as they are:
the missing key may come back.
"""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from pydantic import ValidationError

from actions.contract.connection import Connection as Kind
from actions.contract.errors import DomainError
from actions.contract.registry import get_connection_kinds
from connections import secrets
from connections.models import Connection
from connections.secrets import HINT, SecretError

ADDRESS = "base_url"
SHOWN_FROM = 12
"""A secret shorter than this shows nothing of itself: four characters would be too much of it."""
_PLACEHOLDER = "not-set"


def fill(row: Connection, values: Mapping[str, Any], given: Mapping[str, str]) -> None:
    """Put settings and secrets into the unsaved row; raises DomainError naming the field that cannot be taken.

    `values` are all settings; one that is None is not set. Of the secrets, those not given stay.
    """
    kind = get_connection_kinds().get(row.kind)
    if kind is None:
        raise DomainError("invalid", "unknown_kind", f"There is no kind of connection {row.kind[:40]!r}.", field="kind")
    checked = _checked(kind, {name: value for name, value in values.items() if value is not None}, given)
    plain = checked.model_dump(mode="json", include={name for name, _ in kind.list_setting_fields()})
    moved = bool(row.settings) and plain.get(ADDRESS) != row.settings.get(ADDRESS)
    if plain != row.settings or given:
        row.last_test = None
    row.settings = plain
    if moved:
        _seal(row, given)
    elif given:
        _seal(row, {**_readable(row), **given})


def opened(row: Connection) -> Kind:
    """Return the connection with its secrets; raises DomainError `connection_not_usable` saying why not."""
    kind = get_connection_kinds().get(row.kind)
    if kind is None:
        raise _unusable(f"This server knows no connections of the kind {row.kind!r}.")
    missing = next((name for name, _ in kind.list_secret_fields() if name not in row.last4), None)
    if missing:
        raise _unusable(f"{row.name!r} has no {title_of(kind, missing)}.")
    try:
        values = {**row.settings, **secrets.open_sealed(row.pk, row.ciphertext), "id": str(row.pk)}
        return kind.resolve(values, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _unusable(_refused(error, kind).message) from None


def title_of(kind: type[Kind], name: str) -> str:
    field = kind.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ").capitalize()


def _checked(kind: type[Kind], values: Mapping[str, Any], given: Mapping[str, str]) -> Kind:
    names = [name for name, _ in kind.list_secret_fields()]
    _refuse_unknown(kind, names, values, given)
    absent = {name: _PLACEHOLDER for name in names if name not in given}
    try:
        return kind.resolve({**values, **given, **absent}, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _refused(error, kind) from None


def _refuse_unknown(kind: type[Kind], names: list[str], values: Mapping[str, Any], given: Mapping[str, str]) -> None:
    known = {name for name, _ in kind.list_setting_fields()}
    unknown = [f"settings.{name}" for name in values if name not in known]
    unknown += [f"secrets.{name}" for name in given if name not in names]
    if unknown:
        message = f"There is no field {unknown[0][:100]!r} to set here."
        raise DomainError("malformed", "unknown_field", message, field=unknown[0][:100])


def _refused(error: ValidationError, kind: type[Kind]) -> DomainError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    part = "secrets" if name in dict(kind.list_secret_fields()) else "settings"
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return DomainError("invalid", "invalid_value", f"{title_of(kind, name)}: {message}.", field=f"{part}.{name}")


def _readable(row: Connection) -> dict[str, str]:
    try:
        return secrets.open_sealed(row.pk, row.ciphertext)
    except SecretError:
        return {}


def _seal(row: Connection, held: Mapping[str, str]) -> None:
    row.ciphertext = secrets.seal(row.pk, dict(held))
    row.last4 = {name: secret[-4:] if len(secret) >= SHOWN_FROM else "" for name, secret in held.items()}


def _unusable(message: str) -> DomainError:
    return DomainError("invalid", "connection_not_usable", message, hint=HINT)
