"""Compacts finished runs to a tenth of their size: events as lines of JSON, compressed. Sync; for database threads.

An event is archived before its row is deleted. So a reader that asks for rows first and for archives then misses none,
whatever happens in between; what it finds in both is the same.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from flows.models import Run, RunArchive, RunEvent

COMPACT_AFTER = timedelta(seconds=60)
"""After its end. By then hardly a reader is left that has not read it all from memory."""
FENCE_EVENTS = ("run.interrupted", "run.restarted")
"""Their rows are kept: they occupy the next seq of the run's lost worker, so that its late insert fails."""


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
    ended = Run.objects.filter(compacted_at=None, finished_at__lt=timezone.now() - COMPACT_AFTER)
    return list(ended.order_by("finished_at").values_list("pk", flat=True)[:limit])


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
    Run.objects.filter(pk=run_id).update(compacted_at=timezone.now())


def read_archived_seq(run_id: UUID) -> int:
    """Return the seq of the last archived event, 0 when there is none."""
    return RunArchive.objects.filter(run_id=run_id).aggregate(last=Max("last_seq"))["last"] or 0


def read_lines(run_id: UUID, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield the archived events after the seq `after`, in order, each with its seq; one archive is held at a time."""
    archives = RunArchive.objects.filter(run_id=run_id, last_seq__gt=after).order_by("last_seq")
    for last, data in archives.values_list("last_seq", "data").iterator(chunk_size=1):
        lines = zlib.decompress(data).split(b"\n")
        first = last - len(lines) + 1  # a run's events have no gap
        start = max(after + 1 - first, 0)
        yield from enumerate(lines[start:], first + start)


def _find_first_row(run_id: UUID) -> int | None:
    rows = RunEvent.objects.filter(run_id=run_id).exclude(type__in=FENCE_EVENTS)
    return rows.order_by("seq").values_list("seq", flat=True).first()


def _delete_rows(run_id: UUID, first: int, last: int, limits: ArchiveLimits) -> Iterator[None]:
    """Delete the rows of archived events from `first` to `last`, a few at each step."""
    rows = RunEvent.objects.filter(run_id=run_id).exclude(type__in=FENCE_EVENTS)
    for start in range(first, last + 1, limits.rows_per_delete):
        rows.filter(seq__gte=start, seq__lt=min(start + limits.rows_per_delete, last + 1)).delete()
        yield


def _read_rows(run_id: UUID, after: int, limits: ArchiveLimits) -> list[tuple[int, bytes]]:
    """Return the events after the seq `after`, at most as many as one archive holds, each with its seq."""
    rows = RunEvent.objects.filter(run_id=run_id, seq__gt=after).order_by("seq").values_list("seq", "data")
    iterator = rows[: limits.archive_events].iterator(chunk_size=limits.rows_per_delete)
    return list(_take_until_full(iterator, limits.archive_bytes))


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
            RunArchive.objects.create(run_id=run_id, last_seq=rows[-1][0], data=data)
            return rows[-1][0]
    return read_archived_seq(run_id)
