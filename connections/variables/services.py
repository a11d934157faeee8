"""Reads and changes the variables of one workspace. Sync; for views and database threads."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from actions.contract.errors import DomainError
from actions.contract.property_types import RESERVED_WORDS
from connections import secrets
from connections.models import Variable
from connections.services import ensure_keys
from web.errors import build_not_found
from web.unique_names import save_with_unique_name
from web.usage_registry import FoundUser, NamedUser, UsageRegistry, build_in_use_error, group_users
from workspaces.audit.record import SERVER, Actor, Deed, Subject, record
from workspaces.environments import ENVIRONMENTS
from workspaces.models import Workspace

MAX_VARIABLES = 100
"""Of a workspace."""
MAX_VALUE_BYTES = 4_096
"""Of one value, in UTF-8."""
MIN_SECRET_CHARACTERS = 8
"""Of a secret value. A shorter one is a word that occurs in other texts, so that runs could not hide it."""
NAME_PATTERN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)

variable_usages = UsageRegistry[Mapping[str, UUID], FoundUser]()
"""Finders of what reads variables; the key are their ids by name."""


def list_variables(workspace_id: UUID) -> QuerySet[Variable]:
    """Return the variables of the workspace, by name."""
    return Variable.objects.filter(workspace_id=workspace_id)


def get_variable(workspace_id: UUID, variable_id: UUID) -> Variable:
    """Return the variable. Raises DomainError `not_found` when the workspace has no such variable."""
    row = list_variables(workspace_id).filter(pk=variable_id).first()
    if row is None:
        raise build_not_found()
    return row


def map_users(workspace_id: UUID, rows: Iterable[Variable]) -> dict[UUID, list[NamedUser]]:
    """Return the flows that read the variables, by the id of the variable. Reads each flow once."""
    return group_users(variable_usages.find(workspace_id, {row.name: row.pk for row in rows}))


def create_variable(
    workspace_id: UUID, name: str, values: Mapping[str, str | None], *, is_secret: bool = False, by: Actor = SERVER
) -> Variable:
    """Store a new variable. Raises DomainError (`invalid`) that names the field at fault, and `limit_variables`."""
    row = Variable(workspace_id=workspace_id, name=name, is_secret=is_secret)
    _check_name(name)
    _put_values(row, values)
    with transaction.atomic():
        # Held until the row is stored, so that two at once do not both take the last place.
        Workspace.objects.select_for_update().get(pk=workspace_id)
        if list_variables(workspace_id).count() >= MAX_VARIABLES:
            message = f"A workspace has {MAX_VARIABLES} variables at most."
            raise DomainError("conflict", "limit_variables", message, hint="Delete one that no flow reads.")
        return _save(row, by, "variable.created", _describe_places(row))


def update_variable(
    row: Variable, *, name: str | None = None, values: Mapping[str, str | None] | None = None, by: Actor = SERVER
) -> Variable:
    """Change the name, or the values of the given environments: None and an empty text take a value away.

    Raises DomainError as `create_variable` does, and `variable_in_use` (`conflict`) for a new name while flows read it.
    """
    changed = [*(["name"] if name and name != row.name else []), *(values or {})]
    with transaction.atomic():
        row = Variable.objects.select_for_update().get(pk=row.pk)
        if name and name != row.name:
            _check_name(name)
            _refuse_in_use(row, "Make another variable of the new name, and use that one there first.")
            row.name = name
        _put_values(row, values or {})
        row.change_number += 1
        return _save(row, by, "variable.changed", ", ".join(changed))


def delete_variable(row: Variable, by: Actor = SERVER) -> None:
    """Delete the variable. Raises DomainError `variable_in_use` (`conflict`) that names the flows which read it."""
    _refuse_in_use(row, "Take it out of their expressions first.")
    with transaction.atomic():
        record(row.workspace_id, by, "variable.deleted", Subject(row.pk, row.name))
        row.delete()


def _refuse_in_use(row: Variable, hint: str) -> None:
    if users := map_users(row.workspace_id, [row]).get(row.pk):
        raise build_in_use_error("variable_in_use", f"{row.name!r} is read by", users, hint)


def _check_name(name: str) -> None:
    if NAME_PATTERN.fullmatch(name) is None:
        message = "A name has letters, digits and _, at most 64, and does not begin with a digit."
        raise DomainError("invalid", "invalid_name", message, field="name")
    if name in RESERVED_WORDS:
        message = f"{name!r} is a word of the expression language."
        raise DomainError("invalid", "invalid_name", message, field="name", hint="Choose another name.")


def _put_values(row: Variable, values: Mapping[str, str | None]) -> None:
    """Put the values into the row, which is not saved. Those of environments that are not among them stay."""
    for environment, value in values.items():
        _check_value(environment, value, is_secret=row.is_secret)
    if not row.is_secret:
        row.values = _merge(row.values, values)
        row.set_in = list(row.values)
    elif values:
        ensure_keys()
        stays = set(row.set_in) - values.keys()
        sealed = _merge(secrets.open_secrets(row.pk, row.ciphertext) if stays else {}, values)
        row.ciphertext = secrets.seal_secrets(row.pk, sealed)
        row.set_in = list(sealed)


def _merge(stored: Mapping[str, str], changes: Mapping[str, str | None]) -> dict[str, str]:
    merged = {**stored, **changes}
    return {environment: value for environment in ENVIRONMENTS if (value := merged.get(environment))}


def _check_value(environment: str, value: str | None, *, is_secret: bool) -> None:
    field = f"values.{environment}"
    size = len(value.encode()) if value else 0
    if size > MAX_VALUE_BYTES:
        message = f"The value for {environment} has {size:,} bytes; {MAX_VALUE_BYTES:,} are allowed."
        raise DomainError("invalid", "value_too_large", message, field=field)
    if is_secret and value and len(value) < MIN_SECRET_CHARACTERS:
        message = f"A secret has {MIN_SECRET_CHARACTERS} characters at least: runs could not hide a shorter one."
        raise DomainError("invalid", "secret_too_short", message, field=field)


def _describe_places(row: Variable) -> str:
    """Return what the audit log says of a new variable: its kind and where it is set, and no value."""
    return f"{'secret' if row.is_secret else 'plain'}, set in {', '.join(row.set_in) or 'no environment'}"


def _save(row: Variable, by: Actor, deed: Deed, detail: str) -> Variable:
    save_with_unique_name(row, noun="variable", name=row.name, workspace_id=row.workspace_id)
    record(row.workspace_id, by, deed, Subject(row.pk, row.name), detail)
    return row
