"""Finished runs in a tenth of the room: their events as lines of JSON, compressed. Sync; for database threads.

An event is archived before its row is deleted. So a reader that asks for rows first and for archives then misses none,
whatever happens in between; what it finds in both is the same.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from flows.models import Run, RunArchive, RunEvent

AFTER = timedelta(seconds=60)
"""What has ended so long ago has hardly a reader left that has not read it all from memory."""
BLOCK = 1_000
"""Events in one archive, at most, so that a reader of a long run holds a piece of it. Most runs are one archive."""
BLOCK_BYTES = 128 * 1024
"""Of events in one archive: a reader unpacks all of it and is given half as much at once (`BATCH_BYTES`)."""
PORTION = 100
"""Rows that are deleted at once: SQLite has one writer, and that of the log must not wait for long."""
FENCES = ("run.interrupted", "run.restarted")
"""What is written over a lost worker's head stands where that worker would go on. The row stays, and refuses it."""


def due(limit: int) -> list[UUID]:
    """Return runs that have ended a while ago and are not compacted, the oldest first."""
    ended = Run.objects.filter(compacted_at=None, finished_at__lt=timezone.now() - AFTER)
    return list(ended.order_by("finished_at").values_list("pk", flat=True)[:limit])


def compact(run_id: UUID) -> Iterator[None]:
    """Compact a finished run; yield after each short step. Each step may be done in another thread.

    Any process may do this at any time, several at once, and stop anywhere: the next one goes on from there.
    """
    done = last_seq(run_id)
    yield from _delete(run_id, _first_row(run_id) or done + 1, done)
    while rows := _rows(run_id, done):
        first, done = done + 1, _archive(run_id, done, rows)
        yield
        if done < first:  # the run was deleted meanwhile
            return
        yield from _delete(run_id, first, done)
    Run.objects.filter(pk=run_id).update(compacted_at=timezone.now())


def _first_row(run_id: UUID) -> int | None:
    rows = RunEvent.objects.filter(run_id=run_id).exclude(type__in=FENCES)
    return rows.order_by("seq").values_list("seq", flat=True).first()


def _delete(run_id: UUID, first: int, last: int) -> Iterator[None]:
    """Delete the rows of archived events, a portion at each step."""
    rows = RunEvent.objects.filter(run_id=run_id).exclude(type__in=FENCES)
    for start in range(first, last + 1, PORTION):
        rows.filter(seq__gte=start, seq__lt=min(start + PORTION, last + 1)).delete()
        yield


def _rows(run_id: UUID, done: int) -> list[tuple[int, bytes]]:
    """Return the events after `done`, at most a block of them, each with its seq."""
    rows = RunEvent.objects.filter(run_id=run_id, seq__gt=done).order_by("seq").values_list("seq", "data")[:BLOCK]
    return list(_block(rows.iterator(chunk_size=PORTION)))


def _archive(run_id: UUID, done: int, rows: list[tuple[int, bytes]]) -> int:
    """Archive the events after `done`, unless another process was quicker; return how far the run is archived now."""
    data = zlib.compress(b"\n".join(line for _, line in rows))
    with suppress(IntegrityError), transaction.atomic():  # it was quicker still, or the run is gone
        if last_seq(run_id) == done:
            RunArchive.objects.create(run_id=run_id, last_seq=rows[-1][0], data=data)
            return rows[-1][0]
    return last_seq(run_id)


def _block(rows: Iterator[tuple[int, str]]) -> Iterator[tuple[int, bytes]]:
    """Yield the first events, up to the one that fills a block."""
    size = 0
    for seq, text in rows:
        line = text.encode()
        yield seq, line
        size += len(line)
        if size >= BLOCK_BYTES:
            return


def last_seq(run_id: UUID) -> int:
    """Return how far the run is archived, 0 when it is not."""
    return RunArchive.objects.filter(run_id=run_id).aggregate(last=Max("last_seq"))["last"] or 0


def lines(run_id: UUID, after: int) -> Iterator[tuple[int, bytes]]:
    """Yield the archived events after the cursor, in order, each with its seq; one block is held at a time."""
    blocks = RunArchive.objects.filter(run_id=run_id, last_seq__gt=after).order_by("last_seq")
    for last, data in blocks.values_list("last_seq", "data").iterator(chunk_size=1):
        block = zlib.decompress(data).split(b"\n")
        first = last - len(block) + 1  # a run's events have no gap
        start = max(after + 1 - first, 0)
        yield from enumerate(block[start:], first + start)
