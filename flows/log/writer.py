"""The one thread that commits events. It knows rows, not runs, readers or loops beyond the one it reports to."""

import asyncio
import atexit
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from uuid import UUID

from flows.log import rows
from flows.log.rows import Entry

Landed = Callable[[frozenset[UUID], Exception | None], None]
"""Called on the loop when a batch is committed: the runs whose events were refused, and what failed if all did."""


class LogWriter:
    """Commits one batch at a time, in order. A queue and a thread of its own cost a third of an executor's future."""

    def __init__(self, loop: asyncio.AbstractEventLoop, landed: Landed) -> None:
        self._loop = loop
        self._landed = landed
        self._batches: SimpleQueue[list[Entry] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="run-log", daemon=True)
        self._thread.start()
        atexit.register(self.shut)

    def commit(self, batch: list[Entry]) -> None:
        """Hand over a batch; the writer owns it from here."""
        self._batches.put(batch)

    def shut(self) -> None:
        """Commit what was handed over, close the thread's database connection and end the thread."""
        atexit.unregister(self.shut)
        self._batches.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._batches.get()) is not None:
            refused, failed = frozenset[UUID](), None
            try:
                refused = rows.commit(batch)
            except Exception as error:  # told to the loop, which ends the runs
                failed = error
            with suppress(RuntimeError):  # the loop has ended: nobody waits for the news
                self._loop.call_soon_threadsafe(self._landed, refused, failed)
        rows.close_connection()
