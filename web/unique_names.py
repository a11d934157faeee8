"""Saves rows whose name may occur once in their workspace."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from actions.contract.errors import DomainError

Row = TypeVar("Row", bound=Model)


def save_with_unique_name(
    row: Row, *, noun: str, name: str, workspace_id: UUID, fields: Iterable[str] | None = None
) -> Row:
    """Save `row` and return it. Raises DomainError `name_taken` when another row of the workspace has this name.

    `fields` are those that are written of a row that is stored already: others may change meanwhile. None are all.
    `noun` is what a person calls such a row: `connection`. The database's own constraint decides, so that of two saves
    at the same moment only one succeeds. Every other IntegrityError passes through.
    """
    others = type(row)._default_manager.filter(workspace_id=workspace_id, name=name).exclude(pk=row.pk)
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError:
        if not others.exists():
            raise
        message = f"There is a {noun} {name!r} already."
        raise DomainError("invalid", "name_taken", message, field="name", hint="Choose another name.") from None
    return row
