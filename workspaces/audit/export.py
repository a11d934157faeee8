"""Writes entries of the audit log as CSV and as lines of JSON. Asks no database."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from workspaces.models import AuditEntry

ExportFormat = Literal["csv", "jsonl"]
COLUMNS = ("at", "deed", "actor_kind", "actor_id", "actor", "subject_id", "subject", "detail")
MEDIA_TYPES: Mapping[ExportFormat, str] = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A table program takes a cell that begins so for a formula."""


def describe_columns(entry: AuditEntry) -> dict[str, str | None]:
    """Return an entry as both formats have it."""
    values = (
        entry.at.isoformat(),
        entry.deed,
        entry.actor_kind,
        str(entry.actor_id) if entry.actor_id else None,
        entry.actor_name,
        entry.subject_id or None,
        entry.subject_name or None,
        entry.detail or None,
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_csv_head() -> bytes:
    return _write_rows([COLUMNS])


def write_csv(entries: Iterable[AuditEntry]) -> bytes:
    return _write_rows([_guard(value) for value in describe_columns(entry).values()] for entry in entries)


def write_json_lines(entries: Iterable[AuditEntry]) -> bytes:
    lines = (json.dumps(describe_columns(entry), ensure_ascii=False) for entry in entries)
    return "".join(f"{line}\n" for line in lines).encode()


WRITERS: Mapping[ExportFormat, Callable[[Iterable[AuditEntry]], bytes]] = {
    "csv": write_csv,
    "jsonl": write_json_lines,
}


def _guard(value: str | None) -> str:
    """Return a cell that no table program takes for a formula: a name is what anybody may have typed."""
    text = value or ""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _write_rows(rows: Iterable[Iterable[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()
