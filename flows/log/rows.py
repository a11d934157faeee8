"""The run log as it is stored: written in one thread as rows, read in pages from rows and archives."""

import time
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, InterfaceError, OperationalError, connections
from django.db.models import Max
from pydantic_core import from_json

from flows.events.events import TERMINAL
from flows.log import archive
from flows.log.frames import Entry, Frame
from flows.models import Run, RunEvent, RunStatus

ALL_EVENTS = 1_000_000
"""More events than a run may have: a page that holds them all."""

INSERT = "INSERT INTO flows_runevent (run_id, seq, type, data) VALUES ({0}, {0}, {0}, {0})"
DRIVERS: dict[str, tuple[str, str, Callable[[UUID], str]]] = {
    "sqlite": ("BEGIN IMMEDIATE", "?", attrgetter("hex")),
    "postgresql": ("BEGIN", "%s", str),
}
"""By database: how a transaction begins, the place of a value, and a run's id, in the driver's own form.

No setting chooses PostgreSQL yet, and its driver is not installed: its row waits for servers on several machines, which
share a PostgreSQL database.
"""
RETRY_LIMIT_S = 30.0


def commit_batch(batch: list[Entry]) -> frozenset[UUID]:
    """Store a batch in one transaction; return the runs whose events the database refused.

    A database that does not answer is tried again for a while, with the batch kept; then the error passes on.
    """
    deadline = time.monotonic() + RETRY_LIMIT_S
    pause = 0.05
    while True:
        try:
            return _commit_once(batch)
        except (OperationalError, InterfaceError):
            connections.close_all()
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 2.0)


def _commit_once(batch: list[Entry]) -> frozenset[UUID]:
    try:
        _write(batch)
        return frozenset()
    except IntegrityError:
        # Some run is no longer ours (deleted, or ended by another process): the others must not suffer.
        return _write_one_by_one(batch)


def _write_one_by_one(batch: list[Entry]) -> frozenset[UUID]:
    refused = set()
    for run_id in dict.fromkeys(entry[0] for entry in batch):
        try:
            _write([entry for entry in batch if entry[0] == run_id])
        except IntegrityError:
            refused.add(run_id)
    return frozenset(refused)


def _write(batch: list[Entry]) -> None:
    """Store a batch, all or nothing. The driver is used directly: Django's wrappers cost more than the commit."""
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    begin, place, as_key = DRIVERS[database.vendor]
    with database.wrap_database_errors:
        cursor = database.connection.cursor()
        cursor.execute(begin)
        try:
            rows = [(as_key(run_id), seq, type, data.decode()) for run_id, (seq, type, data), _ in batch]
            cursor.executemany(INSERT.format(place), rows)
            for run_id, _, finish in batch:
                if finish:
                    values = [_get_field(name).get_db_prep_save(value, database) for name, value in finish.items()]
                    cursor.execute(_build_update(tuple(finish), place), (*values, as_key(run_id)))
            cursor.execute("COMMIT")
        except BaseException:
            cursor.execute("ROLLBACK")
            raise


@lru_cache
def _build_update(names: tuple[str, ...], place: str) -> str:
    """Return the statement that sets these fields of a run. Django would compile it anew at the end of each run."""
    columns = ", ".join(f"{_get_field(name).column} = {place}" for name in names)
    return f"UPDATE {Run._meta.db_table} SET {columns} WHERE {Run._meta.pk.column} = {place}"  # noqa: S608 (no values)


def _get_field(name: str) -> Any:
    return Run._meta.get_field(name)


def read_page(run_id: UUID, after: int, limit: int) -> list[Frame]:
    """Return up to `limit` stored events after a cursor, in order."""
    rows = _read_rows(run_id, after, limit)
    if rows and rows[-1].seq - after == len(rows) and (len(rows) == limit or rows[-1].type in TERMINAL):
        return rows
    # Rows first: what is archived in between is found twice then, and not missed.
    found = {frame.seq: frame for frame in (*rows, *_read_archived(run_id, after, limit))}
    return [found[seq] for seq in sorted(found)[:limit]]


def _read_rows(run_id: UUID, after: int, limit: int) -> list[Frame]:
    rows = RunEvent.objects.filter(run_id=run_id, seq__gt=after).order_by("seq").values_list("seq", "type", "data")
    return [Frame(seq, type, data.encode()) for seq, type, data in rows[:limit]]


def _read_archived(run_id: UUID, after: int, limit: int) -> list[Frame]:
    return [Frame(seq, from_json(line)["type"], line) for seq, line in islice(archive.read_lines(run_id, after), limit)]


def has_ended(run_id: UUID, cursor: int) -> bool:
    """Return whether no more events will come: the cursor is at the end of a closed run, or the run is gone."""
    if Run.objects.filter(pk=run_id, status=RunStatus.RUNNING).exists():
        return False
    return cursor >= read_last_seq(run_id)


def read_last_seq(run_id: UUID) -> int:
    """Return the seq of the run's last stored event, 0 when there is none."""
    row = RunEvent.objects.filter(run_id=run_id).aggregate(last=Max("seq"))["last"] or 0
    return max(row, archive.read_archived_seq(run_id))


def close_connections() -> None:
    connections.close_all()
