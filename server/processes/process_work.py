"""What each process does beside calls and runs: it keeps its lease, recovers runs, and hears the others."""

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from actions.network.socket_pool import load_system_trust
from document_collections.indexing import failures
from document_collections.indexing.indexer import indexer
from flows.log.run_log import run_log
from flows.runs import cancel_requests, leases
from flows.runs.admission import admission
from flows.runs.cancel import cancel_requested_runs, cancel_when_told
from flows.runs.execution.runner import get_runner
from flows.runs.local_run import look_for_listeners
from flows.runs.recover import recover_runs
from flows.schedules.starts import run_schedules
from flows.wake_ups.wake_ups import wake_ups
from server.drain import drain
from server.garbage import collect_when_quiet, leave_full_collections_to_quiet, pause_collections
from server.housekeeping import run_housekeeping
from server.preflight import check_start
from web.database import in_database
from workspaces import open_access

logger = logging.getLogger(__name__)

SWITCH_INTERVAL_S = 0.0001
"""How long a thread that computes may keep the interpreter while the event loop waits for it. Python's own 5 ms are
longer than a chunk takes on its whole way, and a loop that reads and writes lets go of the interpreter often."""


class ProcessWork:
    """The tasks of one process. They end with its event loop."""

    def __init__(self, *, takes_calls: bool = True) -> None:
        self._takes_calls = takes_calls
        """Whether runs may be started here, and those of other processes be read. A worker does neither."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def begin(self, on_checked: Callable[[], None], import_late: Callable[[], object]) -> None:
        """Make the process ready. `on_checked` is called when nothing refuses the start, `import_late` in a thread.

        Raises ImproperlyConfigured when something refuses it.
        """
        with pause_collections():
            await in_database(check_start)
            self._let_others_watch()
            drain.install()
            admission.on_close(_stop_indexing)
            on_checked()
            await asyncio.to_thread(import_late)
            await self._begin_tasks()
            await asyncio.to_thread(load_system_trust)
            leave_full_collections_to_quiet()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self.keep(collect_when_quiet(), "garbage")

    def _let_others_watch(self) -> None:
        """Serve metrics and send traces, where the settings ask for them: else nothing of that is imported."""
        if settings.MILLRACE_METRICS:
            from server.metrics.listener import serve_metrics

            serve_metrics(settings.MILLRACE_METRICS, "web" if self._takes_calls else "worker")
        if settings.MILLRACE_TRACING:
            try:
                from server.tracing.setup import begin_tracing

                begin_tracing()
            except ValueError as error:  # such as a propagator that is not installed
                raise ImproperlyConfigured(f"A variable OTEL_… cannot be used: {error}") from None

    async def _begin_tasks(self) -> None:
        await in_database(leases.process_lock.hold)
        await _renew_lease()
        await in_database(leases.process_lock.share)
        await in_database(failures.finish_deletions)
        self.keep(_renew_lease_regularly(), "lease")
        self.keep(_hear_other_processes_regularly(), "other processes")
        self.keep(_watch_access_regularly(), "access watch")
        if settings.MILLRACE_REDIS_URL:
            self._begin_wake_ups()
        self._keep_until_close(run_housekeeping(), "housekeeping")
        if self._takes_calls:
            self._keep_until_close(run_schedules(), "schedules")

    def _begin_wake_ups(self) -> None:
        if self._takes_calls:
            wake_ups().hear("commits", run_log().hear)
        self.keep(cancel_when_told(), "stops")  # which registers before the next task begins
        self.keep(wake_ups().listen(), "wake-ups")

    def _keep_until_close(self, work: Coroutine[Any, Any, None], name: str) -> None:
        """Run `work` until the process begins to end."""
        task = self.keep(work, name)

        async def stop() -> None:
            task.cancel()

        admission.on_close(stop)

    def keep(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` as long as the process lives."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        return task


def tell_failure(preparation: asyncio.Task[None]) -> None:
    """Write why the process cannot begin: in a sentence where the set-up is wrong, with a traceback else."""
    failure = None if preparation.cancelled() else preparation.exception()
    if isinstance(failure, ImproperlyConfigured):
        logger.critical("start_refused", extra={"hint": str(failure)})
    elif failure:
        logger.critical("start_failed", exc_info=failure)


async def _renew_lease() -> None:
    """Write that this worker lives, and take over the runs and documents of those that do not."""
    await in_database(leases.send_heartbeat, executes_runs=not get_runner().has_queue)
    lost = await recover_runs()
    if lost:
        logger.warning("runs_taken_over", extra={"count": lost})
    await in_database(_fail_abandoned_documents)


def _fail_abandoned_documents() -> None:
    if failures.is_indexing():
        failures.fail_abandoned_documents(leases.list_living_workers())


async def _renew_lease_regularly() -> None:
    while not admission.closed.is_set():
        await asyncio.sleep(leases.HEARTBEAT_INTERVAL_S)
        try:
            await _renew_lease()
        except DatabaseError:  # the next try may find it back; until then the lease may be lost, and that is right
            logger.exception("lease_not_renewed")


async def _hear_other_processes_regularly() -> None:
    """Do what other processes ask for: cancel runs, and keep those that are read there."""
    while True:
        await asyncio.sleep(cancel_requests.LOOK_INTERVAL_S)
        try:
            await cancel_requested_runs()
            await look_for_listeners()
        except DatabaseError:  # the next look may find it back
            logger.exception("other_processes_not_heard")


async def _watch_access_regularly() -> None:
    while True:
        await asyncio.sleep(open_access.LOOK_INTERVAL_S)
        try:
            await open_access.access_watch.look()
        except DatabaseError:  # the next look may find it back
            logger.exception("access_not_checked")


async def _stop_indexing() -> None:
    await asyncio.to_thread(indexer.stop)
