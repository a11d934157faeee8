"""The thread that commits what the loop does not. It knows rows and the loop it reports to, no run and no reader."""

import asyncio
import atexit
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from uuid import UUID

from flows.log import rows
from flows.log.frames import Entry

BatchCallback = Callable[[frozenset[UUID], Exception | None], None]
"""Called on the loop when a batch is done: the runs whose events were refused, and the error if nothing was stored."""


class ThreadWriter:
    """Commits one batch at a time, in order. A queue and a thread of its own cost a third of an executor's future."""

    def __init__(self, loop: asyncio.AbstractEventLoop, on_batch_done: BatchCallback) -> None:
        self._loop = loop
        self._on_batch_done = on_batch_done
        self._batches: SimpleQueue[list[Entry] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="run-log", daemon=True)
        self._thread.start()
        atexit.register(self.shut_down)

    def commit(self, batch: list[Entry]) -> None:
        """Hand over a batch; the writer owns it from here."""
        self._batches.put(batch)

    def shut_down(self) -> None:
        """Commit what was handed over, close the thread's database connection and end the thread."""
        atexit.unregister(self.shut_down)
        self._batches.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (batch := self._batches.get()) is not None:
            refused, error = frozenset[UUID](), None
            try:
                refused = rows.commit_batch(batch)
            except Exception as caught:  # the loop is told, and ends the runs
                error = caught
            with suppress(RuntimeError):  # the loop has ended: nobody waits for the news
                self._loop.call_soon_threadsafe(self._on_batch_done, refused, error)
        rows.close_connections()
