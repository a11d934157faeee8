"""Compacts finished runs to a tenth of their size: events as lines of JSON, compressed. Sync; for database threads.

An event is archived before its row is deleted. So a reader that asks for rows first and for archives then misses none,
whatever happens in between; what it finds in both is the same.
"""

import zlib
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from flows.models import RunArchive
from web.lookups import RowInsert, adapt_id, adapt_time, execute, fetch_all, write_for_driver

COMPACT_AFTER = timedelta(seconds=60)
"""After its end. By then hardly a reader is left that has not read it all from memory."""
NO_FENCE = "type NOT IN ('run.interrupted', 'run.restarted')"
"""The rows of these events are kept: they occupy the next seq of a run's lost worker, so that its late insert fails."""

DUE = "SELECT id FROM flows_run WHERE compacted_at IS NULL AND finished_at < %s ORDER BY finished_at LIMIT %s"
ARCHIVED_SEQ = "SELECT MAX(last_seq) FROM flows_runarchive WHERE run_id = %s"
ARCHIVES = "SELECT last_seq, data FROM flows_runarchive WHERE run_id = %s AND last_seq > %s ORDER BY last_seq"
FIRST_ROW = f"SELECT MIN(seq) FROM flows_runevent WHERE run_id = %s AND {NO_FENCE}"  # noqa: S608 (a constant)
ROWS = "SELECT seq, data FROM flows_runevent WHERE run_id = %s AND seq > %s ORDER BY seq LIMIT %s"
DELETE = f"DELETE FROM flows_runevent WHERE run_id = %s AND seq >= %s AND seq < %s AND {NO_FENCE}"  # noqa: S608
NOTE_END = (
    "UPDATE flows_run SET compacted_at = %s, stored_bytes = LENGTH(CAST(input AS TEXT)) + "
    "(SELECT COALESCE(SUM(LENGTH(data)), 0) FROM flows_runarchive WHERE run_id = %s) WHERE id = %s"
)
"""The statements are fixed, because Django would compile each of them anew for each run, at several times its cost."""
_insert_archive = RowInsert(RunArchive, "run_id", "last_seq", "data")


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How large a step and an archive may be. Tests make it small."""

    archive_events: int = 1_000
    """In one archive, at most, so that a reader of a long run holds a piece of it. Most runs are one archive."""
    archive_bytes: int = 128 * 1024
    """Of events in one archive. A reader unpacks all of it and is given half as much at once (`MAX_BATCH_BYTES`)."""
    rows_per_delete: int = 100
    """SQLite has one writer, and that of the log must not wait for long."""


LIMITS = ArchiveLimits()


def find_due_runs(limit: int) -> list[UUID]:
    """Return runs that have ended a while ago and are not compacted, the oldest first."""
    due = fetch_all(write_for_driver(DUE), [adapt_time(timezone.now() - COMPACT_AFTER), limit])
    return [UUID(str(id)) for (id,) in due]


def compact_run(run_id: UUID, limits: ArchiveLimits = LIMITS) -> Iterator[None]:
    """Compact a finished run; yield after each short step. Each step may be done in another thread.

    Any process may do this at any time, several at once, and stop anywhere: the next one goes on from there.
    """
    archived = read_archived_seq(run_id)
    yield from _delete_rows(run_id, _find_first_row(run_id) or archived + 1, archived, limits)
    while rows := _read_rows(run_id, archived, limits):
        first, archived = archived + 1, _archive_rows(run_id, archived, rows)
        yield
        if archived < first:  # the run was deleted meanwhile
            return
        yield from _delete_rows(run_id, first, archived, limits)
    _note_end(run_id)


def _note_end(run_id: UUID) -> None:
    key = adapt_id(run_id)
    execute(write_for_driver(NOTE_END), [adapt_time(timezone.now()), key, key])


def read_archived_seq(run_id: UUID) -> int:
    """Return the seq of the last archived event, 0 when there is none."""
    return fetch_all(write_for_driver(ARCHIVED_SEQ), [adapt_id(run_id)])[0][0] or 0


def read_lines(run_id: UUID, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield the archived events after the seq `after`, in order, each with its seq; one archive is held at a time."""
    with closing(execute(write_for_driver(ARCHIVES), [adapt_id(run_id), after])) as archives:
        for last, data in archives:
            lines = zlib.decompress(data).split(b"\n")
            first = last - len(lines) + 1  # a run's events have no gap
            start = max(after + 1 - first, 0)
            yield from enumerate(lines[start:], first + start)


def _find_first_row(run_id: UUID) -> int | None:
    first: int | None = fetch_all(write_for_driver(FIRST_ROW), [adapt_id(run_id)])[0][0]
    return first


def _delete_rows(run_id: UUID, first: int, last: int, limits: ArchiveLimits) -> Iterator[None]:
    """Delete the rows of archived events from `first` to `last`, a few at each step."""
    sql, key = write_for_driver(DELETE), adapt_id(run_id)
    for start in range(first, last + 1, limits.rows_per_delete):
        execute(sql, [key, start, min(start + limits.rows_per_delete, last + 1)])
        yield


def _read_rows(run_id: UUID, after: int, limits: ArchiveLimits) -> list[tuple[int, bytes]]:
    """Return the events after the seq `after`, at most as many as one archive holds, each with its seq."""
    with closing(execute(write_for_driver(ROWS), [adapt_id(run_id), after, limits.archive_events])) as rows:
        return list(_take_until_full(rows, limits.archive_bytes))


def _take_until_full(rows: Iterator[tuple[int, str]], max_bytes: int) -> Iterator[tuple[int, bytes]]:
    """Yield the first events, up to the one that fills an archive."""
    size = 0
    for seq, text in rows:
        line = text.encode()
        yield seq, line
        size += len(line)
        if size >= max_bytes:
            return


def _archive_rows(run_id: UUID, after: int, rows: list[tuple[int, bytes]]) -> int:
    """Archive the events after the seq `after`, unless another process was quicker; return the last archived seq."""
    data = zlib.compress(b"\n".join(line for _, line in rows))
    with suppress(IntegrityError), transaction.atomic():  # another process was quicker still, or the run is gone
        if read_archived_seq(run_id) == after:
            _insert_archive(run_id=run_id, last_seq=rows[-1][0], data=data)
            return rows[-1][0]
    return read_archived_seq(run_id)
