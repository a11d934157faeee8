"""Puts settings and secrets into the row of a connection, sealed, and opens such a row for use.

A secret stays with the address that it was given for: a changed address clears it. Secrets that no key of the server
can read are left as they are, because the missing key may come back.
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
from connections.secrets import SET_KEY_HINT, SecretError

ADDRESS_SETTING = "base_url"
UNKNOWN_KIND_HINT = "Choose another connection, or run a version of the server that knows this kind."
CORRECT_HINT = "An admin can open the connection and correct it."
MIN_CHARACTERS_TO_SHOW_END = 12
"""Of a secret shorter than this not even the last four characters are shown: they would be too much of it."""
_PLACEHOLDER = "not-set"


def seal_connection(row: Connection, values: Mapping[str, Any], new_secrets: Mapping[str, str]) -> None:
    """Put settings and secrets into the row, which is not saved. Raises DomainError that names the field at fault.

    `values` are all settings; one that is None takes its default. Secrets that are not among `new_secrets` stay.
    """
    kind = get_connection_kinds().get(row.kind)
    if kind is None:
        raise DomainError("invalid", "unknown_kind", f"There is no kind of connection {row.kind[:40]!r}.", field="kind")
    checked = _check_values(kind, values, new_secrets)
    plain = checked.model_dump(mode="json", include={name for name, _ in kind.list_setting_fields()})
    has_moved = bool(row.settings) and plain.get(ADDRESS_SETTING) != row.settings.get(ADDRESS_SETTING)
    if plain != row.settings or new_secrets:
        row.last_test = None
    row.settings = plain
    if has_moved:
        _seal_secrets(row, new_secrets)
    elif new_secrets:
        _seal_secrets(row, {**_read_secrets(row), **new_secrets})


def open_connection(row: Connection) -> Kind:
    """Return the connection with its secrets. Raises DomainError `connection_not_usable`, which says why not."""
    kind = get_connection_kinds().get(row.kind)
    if kind is None:
        raise _build_not_usable(f"This server knows no connections of the kind {row.kind!r}.", UNKNOWN_KIND_HINT)
    missing = next((name for name, _ in kind.list_secret_fields() if name not in row.last4), None)
    if missing:
        raise _build_not_usable(f"{row.name!r} has no {get_field_title(kind, missing)}.", SET_KEY_HINT)
    try:
        values = {**row.settings, **secrets.open_secrets(row.pk, row.ciphertext), "id": str(row.pk)}
        return kind.resolve(values, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _build_not_usable(_build_invalid_value(error, kind).message, CORRECT_HINT) from None


def get_field_title(kind: type[Kind], name: str) -> str:
    """Return the title of a field as its kind declares it, else the field's name as words."""
    field = kind.model_fields.get(name)
    return (field.title if field else None) or name.replace("_", " ").capitalize()


def _check_values(kind: type[Kind], values: Mapping[str, Any], new_secrets: Mapping[str, str]) -> Kind:
    names = [name for name, _ in kind.list_secret_fields()]
    _refuse_unknown(kind, names, values, new_secrets)
    present = {name: value for name, value in values.items() if value is not None}
    placeholders = {name: _PLACEHOLDER for name in names if name not in new_secrets}
    try:
        return kind.resolve({**present, **new_secrets, **placeholders}, settings.MILLRACE_NETWORK)
    except ValidationError as error:
        raise _build_invalid_value(error, kind) from None


def _refuse_unknown(
    kind: type[Kind], secret_names: list[str], values: Mapping[str, Any], new_secrets: Mapping[str, str]
) -> None:
    known = {name for name, _ in kind.list_setting_fields()}
    unknown = [f"settings.{name}" for name in values if name not in known]
    unknown += [f"secrets.{name}" for name in new_secrets if name not in secret_names]
    if unknown:
        message = f"There is no field {unknown[0][:100]!r} to set here."
        raise DomainError("malformed", "unknown_field", message, field=unknown[0][:100])


def _build_invalid_value(error: ValidationError, kind: type[Kind]) -> DomainError:
    """Return the error for the first value that the kind refuses; it holds nothing of the value, which may be a key."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    part = "secrets" if name in dict(kind.list_secret_fields()) else "settings"
    message = first["msg"].removeprefix("Value error, ").rstrip(".")
    return DomainError("invalid", "invalid_value", f"{get_field_title(kind, name)}: {message}.", field=f"{part}.{name}")


def _read_secrets(row: Connection) -> dict[str, str]:
    """Return the stored secrets; none when no key of the server can read them."""
    try:
        return secrets.open_secrets(row.pk, row.ciphertext)
    except SecretError:
        return {}


def _seal_secrets(row: Connection, values: Mapping[str, str]) -> None:
    row.ciphertext = secrets.seal_secrets(row.pk, dict(values))
    row.last4 = {
        name: secret[-4:] if len(secret) >= MIN_CHARACTERS_TO_SHOW_END else "" for name, secret in values.items()
    }


def _build_not_usable(message: str, hint: str) -> DomainError:
    return DomainError("invalid", "connection_not_usable", message, hint=hint)
