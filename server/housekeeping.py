"""What a server does when it has time: it counts finished runs in the usage of their day, compacts them, and expires
logs that are old enough. It deletes files that visitors of chat pages have never sent and those that no document waits
for, tells flows of feedback that no process came to, and makes the indexes of vectors that large collections need.

Of several server processes, one does it, so that nothing is done twice. When that one ends, another one goes on.
What fails is told in the log, and stops nothing else: neither the other things that are due, nor the other runs.
"""

import asyncio
import itertools
import logging
import math
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError

from chat_pages.feedback.starts import start_flows
from chat_pages.files import delete_abandoned_files
from document_collections.indexing.forgotten_files import remove_forgotten_files
from document_collections.vector_index.build import tend_indexes
from flows.log import archive, retention
from flows.usage.counting import count_runs, find_uncounted_runs
from web.database import in_database

logger = logging.getLogger(__name__)

LOOK_INTERVAL_S = 10.0
LOOKS_PER_RULE_LOOK = 30
"""Workspaces may keep fewer logs than the server does: every five minutes each one's own rule is looked at."""
LOOKS_PER_HOUR = 360
"""Once an hour is often enough for files that nobody wants any more, and for indexes of vectors."""
MAX_INDEXING_S = 20.0
"""So long indexes are built in one look, rests included; then what is due for runs has its turn again."""
MAX_RUNS_PER_LOOK = 100
END = object()
VISIT_S = 0.003
"""After so long no step is begun without a rest. Most runs are short, and one visit of the thread serves several."""
REST_FACTOR = 4
"""A rest lasts so many times as long as the steps before it: the log's writer has four fifths of the time at least."""


class HousekeepingLock:
    """The lock on a file, which one process of the machine can hold. It is free again when that process has ended.

    Windows has no such lock: there every process keeps house, which does no harm.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def try_hold(self) -> bool:
        """Return whether this process holds the lock, from now on or already."""
        if sys.platform == "win32" or self._file is not None:
            return True
        import fcntl

        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            return False
        self._file = file
        return True

    def free(self) -> None:
        """Let another process hold the lock."""
        if self._file is not None:
            self._file.close()
            self._file = None


async def run_housekeeping(interval_s: float = LOOK_INTERVAL_S) -> None:
    """Look every `interval_s` seconds for what is due, and do it, until the task is cancelled."""
    lock, indexing = HousekeepingLock(settings.MILLRACE_DATA_DIR / "housekeeping.lock"), Indexing()
    try:
        for look in itertools.count():
            await asyncio.sleep(interval_s)
            if lock.try_hold():
                await _tidy_all(look, indexing)
    finally:
        lock.free()


class Indexing:
    """The building of indexes of vectors: some seconds of it in each look, for a large one takes an hour."""

    def __init__(self) -> None:
        self._steps: Iterator[None] | None = None

    async def go_on(self, *, may_begin: bool) -> None:
        if self._steps is None and may_begin:
            self._steps = tend_indexes()
        if self._steps is not None and await _do_steps(self._steps, MAX_INDEXING_S):
            self._steps = None


class UntidyRuns:
    """Runs that could not be counted, compacted or expired. They are left alone for a while, for the sake of others."""

    def __init__(self) -> None:
        self._ids: set[UUID] = set()

    def find_others(self, find: Callable[[int], list[UUID]]) -> list[UUID]:
        """Return the runs of one look that `find` gives, given how many, without those that are left alone. Sync."""
        found = find(MAX_RUNS_PER_LOOK + len(self._ids))
        return [run_id for run_id in found if run_id not in self._ids][:MAX_RUNS_PER_LOOK]

    def tidy_each(self, run_ids: list[UUID], tidy: Callable[[UUID], Iterator[None]]) -> Iterator[None]:
        """Do the steps of each run; yield after each. Raises errors of a database that does not answer, and no other.

        A run with another error is told in the log.
        """
        for run_id in run_ids:
            try:
                yield from tidy(run_id)
            except (OperationalError, InterfaceError):
                raise
            except Exception:  # one run must not stop those that wait behind it
                self._ids.add(run_id)
                logger.exception("run_not_tidied", extra={"run": str(run_id)})

    def count(self, run_ids: list[UUID]) -> Iterator[None]:
        """Count the runs at once, and one by one when one of them lets that fail; yield and raise as `tidy_each`."""
        try:
            yield from count_runs(run_ids)
        except (OperationalError, InterfaceError):
            raise
        except Exception:  # it says nothing of which run it is
            yield from self.tidy_each(run_ids, lambda run_id: count_runs([run_id]))

    def clear(self) -> None:
        """Try all runs again."""
        self._ids.clear()


untidy_runs = UntidyRuns()
"""Of the process, of which one at a time keeps house."""


async def _tidy_all(look: int, indexing: Indexing) -> None:
    is_hourly = look % LOOKS_PER_HOUR == 0
    if is_hourly:
        untidy_runs.clear()
        await _try(partial(in_database, delete_abandoned_files))
    await _try(start_flows)
    await _try(partial(_do_all, tidy_runs))
    if look % LOOKS_PER_RULE_LOOK == 0:
        await _try(partial(_do_all, apply_rules))
    await _try(partial(indexing.go_on, may_begin=is_hourly))
    if is_hourly:
        await _try(remove_forgotten_files)


async def _try(task: Callable[[], Awaitable[object]]) -> None:
    try:
        await task()
    except Exception:  # it must not stop the others, and the next look tries it again
        logger.exception("housekeeping_failed")


async def _do_all(tidy_some: Callable[[], Awaitable[int]]) -> None:
    """Tidy as many runs as are due, those of one look at a time."""
    while await tidy_some() == MAX_RUNS_PER_LOOK:
        pass


async def tidy_runs() -> int:
    """Count, compact and expire some of the runs that are due; return how many of each there were at most."""
    uncounted = await in_database(untidy_runs.find_others, find_uncounted_runs)
    if uncounted:
        await _do_steps(untidy_runs.count(uncounted))
    finished = await in_database(untidy_runs.find_others, archive.find_due_runs)
    await _do_steps(untidy_runs.tidy_each(finished, archive.compact_run))
    expiring = await in_database(untidy_runs.find_others, retention.find_expiring_runs)
    await _do_steps(untidy_runs.tidy_each(expiring, retention.expire_log))
    return max(len(uncounted), len(finished), len(expiring))


async def apply_rules() -> int:
    """Expire some of the logs that are beyond what their workspace keeps; return how many."""
    beyond = await in_database(untidy_runs.find_others, retention.find_runs_beyond_rules)
    await _do_steps(untidy_runs.tidy_each(beyond, retention.expire_log))
    return len(beyond)


async def prune_logs() -> None:
    """Do all that is due for runs now, whoever else keeps house. For a command."""
    while await tidy_runs():
        pass
    while await apply_rules():
        pass


async def _do_steps(steps: Iterator[None], for_s: float = math.inf) -> bool:
    """Do some steps at a time in a database thread, and rest after them; return whether all are done in this time."""
    is_done, until = False, time.monotonic() + for_s
    while not is_done:
        began = time.monotonic()
        is_done = await in_database(_do_some_steps, steps, began + VISIT_S)
        await asyncio.sleep(REST_FACTOR * (time.monotonic() - began))
        if time.monotonic() >= until:
            break
    return is_done


def _do_some_steps(steps: Iterator[None], until: float) -> bool:
    """Do one step, and more while there is time; return whether all are done."""
    while next(steps, END) is not END:
        if time.monotonic() >= until:
            return False
    return True
