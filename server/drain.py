"""How a server process ends: it takes no more runs, lets those that go on finish for a while, and ends the rest.

SIGTERM and SIGINT come here first; the server's own handler gets the signal when all is said. A second signal goes
to it at once. Every server is covered alike: none of them waits for streams in the way that runs need.
"""

import asyncio
import logging
import signal
import threading
from typing import Any

from django.conf import settings

from flows.runs import leases, local_run
from flows.runs.admission import admission
from web.database import in_database

logger = logging.getLogger(__name__)

SAID_S = 1.0
"""How long the last events have to reach their readers before the server is let go."""


class Drain:
    """The end of one process: its signals, and the steps from the first of them to the server's own handler."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._previous: dict[int, Any] = {}

    def install(self) -> None:
        """Take the signals over; does nothing outside of the main thread, where signals do not arrive."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._previous[number] = signal.getsignal(number)
            signal.signal(number, lambda number, _: self._signalled(loop, number))

    def _signalled(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        if admission.closed.is_set():
            self._hand_on(number)
        else:
            loop.call_soon_threadsafe(self._begin, number)

    def _begin(self, number: int) -> None:
        if self._task is None:
            admission.close()
            self._task = asyncio.create_task(self._end(number), name="drain")

    async def _end(self, number: int) -> None:
        logger.info("draining", extra={"runs": local_run.running(), "limit_s": settings.MILLRACE_DRAIN_S})
        try:
            local_run.wake_readers()
            await admission.call_callbacks()
            had = local_run.running()
            await local_run.interrupt_all("The server was stopped.", settings.MILLRACE_DRAIN_S)
            await in_database(leases.retire)
            if had:
                await asyncio.sleep(SAID_S)
        finally:
            self._hand_on(number)

    def _hand_on(self, number: int) -> None:
        for each, previous in self._previous.items():
            signal.signal(each, previous)
        self._previous.clear()
        signal.raise_signal(number)


drain = Drain()
