"""Commits batches on the event loop, where the disk takes them at once: SQLite in a file, not synced at every commit.

Such a commit writes to the system's memory, which takes less than waking a thread. It never waits for another writer.
"""

import math
import sqlite3
import time
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from flows.log import rows
from flows.log.frames import Entry

MAX_PAGES = 1_000
"""Written, by the loop or as large batches, before it is the thread's turn: `wal_autocheckpoint` of SQLite, which moves
its log then."""
MAX_LOOP_BYTES = 512 * 1024
"""Of a batch that the loop stores itself, in a millisecond. Four megabytes took 16, in which nothing else went on."""
THREAD_TURNS = 2
"""Batches in a row for the thread. The first one's commit moves SQLite's log, which only works to its end while nobody
else commits; the second one's begins that log anew. Both wait for the disk."""
PAUSE_S = 10.0
"""For so long the thread commits alone after two slow commits in a row. One may be a chance."""
PAGE_BYTES = 4096
SYNCHRONOUS_NORMAL = 1


class LoopWriter:
    """The log's database connection on the event loop, opened with the first batch and used by nobody else."""

    def __init__(self, slow_commit_s: float) -> None:
        self._slow_commit_s = slow_commit_s
        self._database: BaseDatabaseWrapper = connections.create_connection(DEFAULT_DB_ALIAS)
        """Knows how Django stores a value. It is never connected: Django refuses to do that on an event loop."""
        self._connection: sqlite3.Connection | None = None
        self._pages_left = MAX_PAGES
        """To be written before it is the thread's turn."""
        self._thread_turns = 0
        """How many of the next batches are the thread's."""
        self._slow_commits = 0
        """In a row."""
        self._resumes_at = 0.0
        """Until then the thread commits alone."""

    def commit(self, batch: list[Entry]) -> bool:
        """Store a batch; return False when the thread must do it. Then nothing of it is stored."""
        began = time.monotonic()
        if began < self._resumes_at:
            return False
        size = sum([len(frame.data) for _, frame, _ in batch])
        if self._gives_turn(len(batch), size):
            return False
        cpu_began = time.thread_time()
        try:
            connection = self._connection or self._open()
            if connection is None:
                return False
            rows.write_batch(connection.cursor(), self._database, batch)
        except Exception as error:  # the thread tries again, with patience, and tells what is wrong
            self._close_if_broken(error)
            return False
        self._pages_left -= _estimate_pages(len(batch), size)
        # Computing is no waiting: a slow processor is no slow disk.
        waited_s = time.monotonic() - began - (time.thread_time() - cpu_began)
        self._slow_commits = self._slow_commits + 1 if waited_s > self._slow_commit_s else 0
        if self._slow_commits == 2:
            self._slow_commits, self._resumes_at = 0, began + PAUSE_S
        return True

    def close(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def _gives_turn(self, events: int, size: int) -> bool:
        """Count a batch; return whether the thread commits it, because no pages are left, or for its size.

        What the thread commits may move SQLite's log, so the batch after a large one is the thread's too.
        """
        if self._pages_left <= 0:
            self._pages_left, self._thread_turns = MAX_PAGES, THREAD_TURNS
        if size > MAX_LOOP_BYTES:
            self._pages_left -= _estimate_pages(events, size)
            self._thread_turns = THREAD_TURNS
        if not self._thread_turns:
            return False
        self._thread_turns -= 1
        return True

    def _open(self) -> sqlite3.Connection | None:
        self._connection = _open_connection(self._database)
        if self._connection is None:
            self._resumes_at = math.inf
        return self._connection

    def _close_if_broken(self, error: Exception) -> None:
        """Close the connection unless it is known to be well: the database was locked, or refused a row."""
        code = getattr(error, "sqlite_errorcode", None)  # not every error of the module has one
        if code != sqlite3.SQLITE_BUSY and not isinstance(error, sqlite3.IntegrityError):
            self.close()


def _open_connection(database: BaseDatabaseWrapper) -> sqlite3.Connection | None:
    """Return a connection that waits for no one, or None where a commit waits for the disk or for a server."""
    if database.vendor != "sqlite":
        return None
    options: dict[str, Any] = {**database.get_connection_params(), "timeout": 0, "isolation_level": None}
    connection: sqlite3.Connection = sqlite3.connect(**options)
    init_command = database.settings_dict["OPTIONS"].get("init_command", "")
    connection.executescript(f"{init_command}; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 0")
    mode, synchronous = (
        connection.execute(f"PRAGMA {name}").fetchall()[0][0] for name in ("journal_mode", "synchronous")
    )
    if mode == "wal" and synchronous == SYNCHRONOUS_NORMAL:
        return connection
    connection.close()
    return None


def _estimate_pages(events: int, size: int) -> int:
    """Return about how many pages a commit has written: of the index one for each event, of the table by the bytes."""
    return 2 + events + size // PAGE_BYTES
