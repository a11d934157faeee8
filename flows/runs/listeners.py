"""Counts the readers of a run whose flow cancels it when the last reader has left.

A process writes into the rows of the runs of other processes that somebody reads them here, once a second. The process
that executes a run looks there when nobody reads it in that process.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from uuid import UUID

from django.utils import timezone

from flows.log.frames import Frame
from flows.models import Run
from web.database import in_database, is_postgres
from web.lookups import adapt_id, execute, fetch_all

NOTE_MARGIN_S = 2.0
"""How much older than its reader the note of another process may be: it writes them once a second, and may miss one."""


class Listeners:
    """Counts the readers of one run, and calls `on_silence` when the last of them has been away for `grace_s` seconds.

    A run that nobody has ever heard goes on.
    """

    def __init__(self, grace_s: float, on_silence: Callable[[], None]) -> None:
        self._grace_s = grace_s
        self._on_silence = on_silence
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_heard(self) -> bool:
        """Whether somebody reads the run in this process."""
        return self._count > 0

    @property
    def was_heard(self) -> bool:
        """Whether anybody has read the run, in any process that has told."""
        return self._count > 0 or self._timer is not None

    def hear_elsewhere(self, ago_s: float) -> None:
        """Take note that somebody has read the run in another process, `ago_s` seconds ago."""
        if not self._count:
            self._wait(max(0.0, self._grace_s + NOTE_MARGIN_S - ago_s))

    async def read_counted(self, batches: AsyncGenerator[list[Frame], None]) -> AsyncGenerator[list[Frame], None]:
        """Yield the batches; their reader counts as a listener until it closes this generator."""
        self._add()
        try:
            async with aclosing(batches):
                async for frames in batches:
                    yield frames
        finally:
            self._remove()

    def _add(self) -> None:
        self._count += 1
        if self._timer:
            self._timer.cancel()

    def _remove(self) -> None:
        self._count -= 1
        if not self._count:
            self._wait(self._grace_s)

    def _wait(self, seconds: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._on_silence)


class ReadersOfOthers:
    """The readers in this process of runs that other processes execute."""

    def __init__(self) -> None:
        self._counts: Counter[UUID] = Counter()
        """By run."""
        self._left: set[UUID] = set()
        """The runs whose last reader has left since `note` was called."""

    async def read_counted(
        self, run_id: UUID, batches: AsyncGenerator[list[Frame], None], *, is_new: bool
    ) -> AsyncGenerator[list[Frame], None]:
        """Yield the batches; while the run goes on, its row says that it has a reader.

        Of the first reader of a new run, the next `note` writes that, also when it has left by then.
        """
        self._counts[run_id] += 1
        try:
            if not is_new:
                await in_database(note_readers, [run_id])
            async with aclosing(batches):
                async for frames in batches:
                    yield frames
        finally:
            self._counts[run_id] -= 1
            if not self._counts[run_id]:
                del self._counts[run_id]
                self._left.add(run_id)

    async def note(self) -> None:
        """Write that the runs are read, or were until a moment ago. Raises DatabaseError; the next call writes it."""
        heard = self._left | self._counts.keys()
        if heard:
            await in_database(note_readers, heard)
            self._left -= heard


readers_of_others = ReadersOfOthers()
"""Of the process, as a reader knows only the id of a run."""


NOTE_ON_POSTGRESQL = """
UPDATE flows_run SET heard_at = statement_timestamp() WHERE status = 'running' AND id = ANY(%s)
"""
FIND_ON_SQLITE = """
SELECT 1 FROM flows_run WHERE status = 'running' AND id IN (SELECT value FROM json_each(?)) LIMIT 1
"""
NOTE_ON_SQLITE = """
UPDATE flows_run SET heard_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
WHERE status = 'running' AND id IN (SELECT value FROM json_each(?))
"""


def note_readers(run_ids: Collection[UUID]) -> None:
    """Write that somebody reads the runs now. Runs that have ended stay as they are. Sync."""
    ids = [adapt_id(id) for id in run_ids]
    if is_postgres():
        execute(NOTE_ON_POSTGRESQL, [ids])
    elif fetch_all(FIND_ON_SQLITE, [json.dumps(ids)]):  # an update would wait for its one writer, also for no change
        execute(NOTE_ON_SQLITE, [json.dumps(ids)])


def read_silences(run_ids: Collection[UUID]) -> dict[UUID, float]:
    """Return how many seconds ago other processes have noted a reader, of those runs that had one there. Sync."""
    now = timezone.now()
    heard = Run.objects.filter(pk__in=run_ids).values_list("pk", "heard_at")
    return {id: (now - heard_at).total_seconds() for id, heard_at in heard if heard_at}
