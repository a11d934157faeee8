"""How a server process ends: it takes no more runs, lets those that go on finish for a while, and ends the rest.

SIGTERM and SIGINT come here first; the server's own handler gets the signal when all events are stored. A second
signal, a second later, goes to it at once. Every server is covered alike: none of them waits for streams in the way
that runs need.
"""

import asyncio
import logging
import signal
import threading
import time
from typing import Any

from django.conf import settings

from flows.log.run_log import run_log
from flows.runs import leases
from flows.runs.admission import admission
from flows.runs.cancel import drain_runs
from flows.runs.local_run import local_runs
from flows.wake_ups.wake_ups import wake_ups
from web.database import in_database

logger = logging.getLogger(__name__)

LAST_EVENTS_S = 1.0
"""How long the last events have to reach their readers before the server is let go."""
SAME_SIGNAL_S = 1.0
"""A signal that comes so soon after the first one is the same: a terminal and a service manager tell each process, and
so does the parent of several."""


class Drain:
    """The end of one process: its signals, and the steps from the first of them to the server's own handler."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._began_at: float | None = None
        self._server_handlers: dict[int, Any] = {}

    def install(self) -> None:
        """Take the signals over; does nothing outside of the main thread, where signals do not arrive."""
        if threading.current_thread() is not threading.main_thread():
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            self._server_handlers[number] = signal.getsignal(number)
            signal.signal(number, lambda number, _: self._handle_signal(loop, number))

    def _handle_signal(self, loop: asyncio.AbstractEventLoop, number: int) -> None:
        now = time.monotonic()
        if self._began_at is None:
            self._began_at = now
            loop.call_soon_threadsafe(self._begin, number)
        elif now - self._began_at >= SAME_SIGNAL_S:
            self._pass_on(number)

    def _begin(self, number: int) -> None:
        if self._task is None:
            admission.close()
            self._task = asyncio.create_task(self._end_process(number), name="drain")

    async def _end_process(self, number: int) -> None:
        logger.info("draining", extra={"runs": len(local_runs), "limit_s": settings.MILLRACE_DRAIN_S})
        try:
            run_log().wake_readers()
            await admission.call_callbacks()
            runs = len(local_runs) + len(admission.starts)
            await drain_runs(settings.MILLRACE_DRAIN_S)
            await in_database(leases.remove_worker)
            await wake_ups().close()
            if settings.MILLRACE_TRACING:
                from server.tracing.setup import end_tracing

                await end_tracing()
            if runs:
                await asyncio.sleep(LAST_EVENTS_S)
        finally:
            self._pass_on(number)

    def _pass_on(self, number: int) -> None:
        """Give the signals back to the server's own handlers, and send this one again."""
        for each, handler in self._server_handlers.items():
            signal.signal(each, handler)
        self._server_handlers.clear()
        signal.raise_signal(number)


drain = Drain()
"""Of the process, as its signals are."""
