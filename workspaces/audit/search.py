"""Finds entries of the audit log by person, kind and time, the newest first, a page at a time. Sync."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from workspaces.models import AuditEntry

CURSOR_PATTERN = "([0-9]{1,16})-([0-9]{1,18})"
_CURSOR = re.compile(CURSOR_PATTERN, re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Cursor(NamedTuple):
    """The entry after which a page begins."""

    at: datetime
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // _MICROSECOND}-{self.id}"


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What is looked for in one workspace. None stands for everything."""

    workspace_id: UUID
    actor_id: UUID | None = None
    deed: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """Entries of this moment are not found any more."""


def parse_cursor(text: str) -> Cursor | None:
    """Return the cursor that `text` is; None for any other text."""
    found = _CURSOR.fullmatch(text)
    if found is None:
        return None
    return Cursor(_EPOCH + int(found[1]) * _MICROSECOND, int(found[2]))


def find_entries(sought: AuditFilter, after: Cursor | None, limit: int) -> tuple[list[AuditEntry], Cursor | None]:
    """Return up to `limit` entries, and the cursor of the next page; None when there is none."""
    rows = _filter_rows(sought)
    if after is not None:
        rows = rows.filter(Q(at__lt=after.at) | Q(id__lt=after.id), at__lte=after.at)
    found = list(rows.order_by("-at", "-id")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], Cursor(last.at, last.pk)


def _filter_rows(sought: AuditFilter) -> QuerySet[AuditEntry]:
    conditions = {
        "actor_id": sought.actor_id,
        "deed": sought.deed,
        "at__gte": sought.since,
        "at__lt": sought.until,
    }
    given = {name: value for name, value in conditions.items() if value is not None}
    return AuditEntry.objects.filter(workspace_id=sought.workspace_id, **given)
