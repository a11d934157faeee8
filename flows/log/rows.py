"""The run log as it is stored: written as rows, one batch at a time, and read in pages from rows and archives."""

import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from functools import lru_cache
from itertools import islice
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, IntegrityError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max
from pydantic_core import from_json

from flows.events.events import TERMINAL
from flows.log import archive
from flows.log.frames import MAX_BATCH_BYTES, Entry, Finish, Frame, News
from flows.models import Run, RunEvent, RunStatus

MAX_PAGE_EVENTS = 1_000
MAX_NEWS_EVENTS = 64
"""Of one run that are read at once, where many runs are."""
MAX_NEWS_BYTES = 4 * 1024 * 1024
"""Of many runs that are read at once. One event that is larger is read alone."""
MAX_PAGE_BYTES = 1024 * 1024
"""Of events that are read at once. An event that is larger is a page alone."""

SELECT = "SELECT seq, type, data FROM flows_runevent WHERE run_id = %s AND seq > %s ORDER BY seq LIMIT %s"
SELECT_BOUNDED = """
SELECT seq, type, data FROM (
  SELECT seq, type, data, sum(octet_length(data)) OVER (ORDER BY seq) - octet_length(data) AS bytes_before FROM (
    SELECT seq, type, data FROM flows_runevent WHERE run_id = %s AND seq > %s ORDER BY seq LIMIT %s
  ) AS next_rows
) AS sized_rows WHERE bytes_before <= %s ORDER BY seq
"""
"""For PostgreSQL, whose driver fetches all rows of an answer at once."""
SELECT_NEWS = """
SELECT run_id, seq, type, data FROM (
  SELECT known.run_id, next_rows.seq, next_rows.type, next_rows.data,
    sum(octet_length(next_rows.data)) OVER (ORDER BY known.place, next_rows.seq) - octet_length(next_rows.data)
      AS bytes_before
  FROM unnest(%b::uuid[], %b::int[]) WITH ORDINALITY AS known (run_id, cursor, place)
  CROSS JOIN LATERAL (
    SELECT seq, type, data FROM flows_runevent WHERE run_id = known.run_id AND seq > known.cursor ORDER BY seq LIMIT %s
  ) AS next_rows
) AS sized_rows WHERE bytes_before <= %s ORDER BY run_id, seq
"""
"""For PostgreSQL: one statement for all runs."""
INSERT = "INSERT INTO flows_runevent (run_id, seq, type, data) VALUES (?, ?, ?, ?)"
INSERT_ARRAYS = """
INSERT INTO flows_runevent (run_id, seq, type, data) SELECT * FROM unnest(%b::uuid[], %b::int[], %b::text[], %b::text[])
"""
"""In binary: as text, each quote of the events would be escaped, by a regular expression of the driver."""
KEYS: dict[str, Callable[[UUID], str]] = {"sqlite": attrgetter("hex"), "postgresql": str}
"""By database: a run's id in the driver's own form."""
RETRY_LIMIT_S = 30.0


def commit_batch(batch: list[Entry]) -> frozenset[UUID]:
    """Store a batch in one transaction; return the runs whose events the database refused.

    A database that does not answer is tried again for a while, with the batch kept; then the error passes on. The
    answer to a commit can be lost with its connection: what the database has stored is not written again.
    """
    deadline = time.monotonic() + RETRY_LIMIT_S
    pause, is_first = 0.05, True
    while True:
        try:
            return _commit_once(batch if is_first else _find_unstored(batch))
        except (OperationalError, InterfaceError):
            is_first = False
            connections.close_all()
            if time.monotonic() + pause > deadline:
                raise
            time.sleep(pause)
            pause = min(pause * 2, 2.0)


def _find_unstored(batch: list[Entry]) -> list[Entry]:
    """Return the entries of the runs none of whose entries is stored. Those of one run are stored together or not."""
    firsts = {run_id: frame for run_id, frame, _ in reversed(batch)}
    stored = {
        run_id
        for run_id, (seq, _, data) in firsts.items()
        if RunEvent.objects.filter(run_id=run_id, seq=seq, data=data.decode()).exists()
    }
    return [entry for entry in batch if entry[0] not in stored]


def _commit_once(batch: list[Entry]) -> frozenset[UUID]:
    try:
        if batch:
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
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    with database.wrap_database_errors:
        write_batch(database.connection.cursor(), database, batch)


def write_batch(cursor: Any, database: BaseDatabaseWrapper, batch: list[Entry]) -> None:
    """Store a batch in one transaction, or raise an error of the driver, whose cursor is given.

    Django's own cursor would cost more than the commit. `database` need not be connected.
    """
    if database.vendor == "postgresql":
        _write_arrays(cursor.connection, database, batch)
        return
    cursor.execute("BEGIN IMMEDIATE")
    try:
        rows = [(run_id.hex, seq, type, data.decode()) for run_id, (seq, type, data), _ in batch]
        cursor.executemany(INSERT, rows)
        for run_id, _, finish in batch:
            if finish:
                _close_run(cursor, database, run_id.hex, finish, "?")
        cursor.execute("COMMIT")
    except BaseException:
        cursor.execute("ROLLBACK")
        raise


def _write_arrays(connection: Any, database: BaseDatabaseWrapper, batch: list[Entry]) -> None:
    """Store a batch in PostgreSQL in one round trip: one statement inserts all events, and is a transaction by itself.

    Where runs end with the batch, a transaction holds it and the ends of those.
    """
    from psycopg import Cursor  # Django's cursors write values into the text of a statement, which costs twice the time

    cursor = Cursor(connection)
    rows = [(run_id, seq, type, data.decode()) for run_id, (seq, type, data), _ in batch]
    columns = [list(column) for column in zip(*rows, strict=True)]
    ends = [(str(run_id), finish) for run_id, _, finish in batch if finish]
    if not ends:
        cursor.execute(INSERT_ARRAYS, columns, prepare=True)
        return
    try:
        with connection.pipeline():
            cursor.execute("BEGIN")
            cursor.execute(INSERT_ARRAYS, columns, prepare=True)
            for key, finish in ends:
                _close_run(cursor, database, key, finish, "%s")
            cursor.execute("COMMIT")
    except BaseException:
        if not connection.closed:
            connection.rollback()
        raise


def _close_run(cursor: Any, database: BaseDatabaseWrapper, key: str, finish: Finish, place: str) -> None:
    """Store the end of a run. `key` is its id in the driver's form, and `place` stands for a value in a statement."""
    values = [_get_field(name).get_db_prep_save(value, database) for name, value in finish.items()]
    cursor.execute(_build_update(tuple(finish), place), (*values, key))


@lru_cache
def _build_update(names: tuple[str, ...], place: str) -> str:
    """Return the statement that sets these fields of a run. Django would compile it anew at the end of each run."""
    columns = ", ".join(f"{_get_field(name).column} = {place}" for name in names)
    return f"UPDATE {Run._meta.db_table} SET {columns} WHERE {Run._meta.pk.column} = {place}"  # noqa: S608 (no values)


def _get_field(name: str) -> Any:
    return Run._meta.get_field(name)


def read_page(run_id: UUID, after: int, limit: int, max_bytes: int = MAX_PAGE_BYTES) -> list[Frame]:
    """Return stored events after a cursor, in order: up to `limit` of them and `max_bytes` together, at least one."""
    with closing(_read_rows(run_id, after, limit, max_bytes)) as frames:
        rows = _take_page(frames, max_bytes)
    if rows and rows[-1].seq - after == len(rows) and (len(rows) == limit or rows[-1].type in TERMINAL):
        return rows
    # Rows first: what is archived in between is found twice then, and not missed.
    archived = _take_page(_read_archived(run_id, after, limit), max_bytes)
    found = {frame.seq: frame for frame in (*rows, *archived)}
    return _take_page((found[seq] for seq in sorted(found)[:limit]), max_bytes)


def read_news(cursors: Mapping[UUID, int], *, with_ended: bool = False) -> News:
    """Return the stored events of these runs after the seq that is known of each, as many as are read at once."""
    running = _find_running(list(cursors)) if with_ended else cursors.keys()  # before their last events are read
    frames = _select_news(cursors) if connections[DEFAULT_DB_ALIAS].vendor == "postgresql" else _read_each(cursors)
    size = sum(len(frame.data) for found in frames.values() for frame in found)
    is_cut = size >= MAX_NEWS_BYTES or any(len(found) >= MAX_NEWS_EVENTS for found in frames.values())
    return News(frames, is_cut, cursors.keys() - running)


def _find_running(run_ids: list[UUID]) -> set[UUID]:
    return set(Run.objects.filter(pk__in=run_ids, status=RunStatus.RUNNING).values_list("pk", flat=True))


def _select_news(cursors: Mapping[UUID, int]) -> dict[UUID, list[Frame]]:
    from psycopg import Cursor  # as above

    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    values = [list(cursors), list(cursors.values()), MAX_NEWS_EVENTS, MAX_NEWS_BYTES]
    frames: dict[UUID, list[Frame]] = {}
    with database.wrap_database_errors, Cursor(database.connection) as cursor:
        for run_id, seq, type, data in cursor.execute(SELECT_NEWS, values, prepare=True, binary=True):
            frames.setdefault(run_id, []).append(Frame(seq, type, data.encode()))
    return frames


def _read_each(cursors: Mapping[UUID, int]) -> dict[UUID, list[Frame]]:
    """Read a file, which takes as long for many runs in one statement as in one for each."""
    pages = {run_id: read_page(run_id, after, MAX_NEWS_EVENTS, MAX_BATCH_BYTES) for run_id, after in cursors.items()}
    return {run_id: page for run_id, page in pages.items() if page}


def read_pages(run_id: UUID) -> Iterator[list[Frame]]:
    """Yield all stored events of a run in order, one page at a time."""
    after = 0
    while page := read_page(run_id, after, MAX_PAGE_EVENTS):
        yield page
        after = page[-1].seq
        if page[-1].type in TERMINAL:
            return


def _take_page(frames: Iterable[Frame], max_bytes: int) -> list[Frame]:
    """Return the first of the frames: those without a gap between them, at least one, and no more than `max_bytes`."""
    page: list[Frame] = []
    size = 0
    for frame in frames:
        size += len(frame.data)
        if page and (size > max_bytes or frame.seq != page[-1].seq + 1):
            break
        page.append(frame)
    return page


def _read_rows(run_id: UUID, after: int, limit: int, max_bytes: int) -> Generator[Frame]:
    """Yield rows as they are needed. Django would read a hundred at once, and each may be an event of megabytes."""
    database = connections[DEFAULT_DB_ALIAS]
    values = KEYS[database.vendor](run_id), after, limit
    with database.cursor() as cursor:
        if database.vendor == "postgresql":
            cursor.execute(SELECT_BOUNDED, (*values, max_bytes))
        else:
            cursor.execute(SELECT, values)
        for seq, type, data in cursor:
            yield Frame(seq, type, data.encode())


def _read_archived(run_id: UUID, after: int, limit: int) -> Iterator[Frame]:
    for seq, line in islice(archive.read_lines(run_id, after), limit):
        yield Frame(seq, from_json(line)["type"], line)


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
