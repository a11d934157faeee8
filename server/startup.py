"""Makes a server process ready once, when it begins: imports, recovers runs, loads certificates, freezes the heap.

What refuses the start comes first, then the port listens, and the rest is done while calls that come early wait.
"""

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import get_resolver

from actions.contract.catalogue import get_catalogue
from actions.network.socket_pool import load_system_trust
from document_collections.indexing import failures
from document_collections.indexing.indexer import indexer
from flows.runs import cancel_requests, leases
from flows.runs.admission import admission
from flows.runs.cancel import cancel_requested_runs
from flows.runs.local_run import look_for_listeners
from flows.runs.recover import recover_runs
from server.access_log import silence_server_lines
from server.drain import drain
from server.garbage import collect_when_quiet, leave_full_collections_to_quiet, pause_collections
from server.health import answer_early, is_answered_early
from server.housekeeping import run_housekeeping
from server.preflight import check_start
from web.database import in_database
from workspaces import open_access

logger = logging.getLogger(__name__)

SWITCH_INTERVAL_S = 0.0005
"""How long a thread that computes may keep the interpreter while the event loop waits for it. Python's own 5 ms are
longer than a chunk takes on its whole way, and a loop that reads and writes lets go of the interpreter often."""

App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]
Scope = MutableMapping[str, Any]


class ServerStartup:
    """Wraps an application. Makes the process ready when its server begins; calls that come earlier wait for that.

    uvicorn says by `lifespan` that it begins, and listens when that is answered: as soon as nothing refuses the start.
    Daphne says nothing, but runs in Twisted's reactor, which can be asked. Under any other server the first call does
    the work. The tasks that it starts end with the process's event loop.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._preparation: asyncio.Task[None] | None = None
        self._is_checked = asyncio.Event()
        """Set when nothing refuses the start."""
        self._tasks: set[asyncio.Task[None]] = set()
        silence_server_lines()
        if reactor := sys.modules.get("twisted.internet.reactor"):
            # One turn later, because the reactor runs before its event loop does.
            reactor.callWhenRunning(reactor.callLater, 0, self._prepare_or_exit)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        preparation = self._start_preparation()
        if scope["type"] == "lifespan":
            await self._serve_lifespan(preparation, receive, send)
            return
        if not preparation.done():
            if is_answered_early(scope):
                await answer_early(scope, send)
                return
            await asyncio.shield(asyncio.wait([preparation]))
        preparation.result()
        await self.app(scope, receive, send)

    async def _serve_lifespan(self, preparation: asyncio.Task[None], receive: Any, send: Any) -> None:
        """Let the server listen when the start is not refused. A failure after that ends the process."""
        checked = asyncio.create_task(self._is_checked.wait(), name="check of the start")
        await asyncio.wait([preparation, checked], return_when=asyncio.FIRST_COMPLETED)
        checked.cancel()
        if not self._is_checked.is_set():
            await receive()
            await send({"type": "lifespan.startup.failed"})
            return
        preparation.add_done_callback(_exit_if_failed)
        await _answer_lifespan(receive, send)

    def _start_preparation(self) -> asyncio.Task[None]:
        if self._preparation is None:
            self._preparation = asyncio.create_task(self._prepare(), name="start")
            self._preparation.add_done_callback(_tell_failure)
        return self._preparation

    def _prepare_or_exit(self) -> None:
        """Make the process ready, or end it: Daphne has no way to be told that the application cannot start."""
        self._start_preparation().add_done_callback(_exit_if_failed)

    async def _prepare(self) -> None:
        with pause_collections():
            await self._prepare_parts()
            leave_full_collections_to_quiet()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self._keep(collect_when_quiet(), "garbage")

    async def _prepare_parts(self) -> None:
        await in_database(check_start)
        drain.install()
        admission.on_close(_stop_indexing)
        self._is_checked.set()
        await asyncio.to_thread(_import_late)
        await in_database(leases.process_lock.hold)
        await _renew_lease()
        await in_database(leases.process_lock.share)
        await in_database(failures.finish_deletions)
        self._keep(_renew_lease_regularly(), "lease")
        self._keep(_hear_other_processes_regularly(), "other processes")
        self._keep(_watch_access_regularly(), "access watch")
        self._start_housekeeping()
        await asyncio.to_thread(load_system_trust)

    def _start_housekeeping(self) -> None:
        task = self._keep(run_housekeeping(), "housekeeping")

        async def stop_housekeeping() -> None:
            task.cancel()

        admission.on_close(stop_housekeeping)

    def _keep(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run `work` as long as the process lives."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        return task


def _import_late() -> None:
    """Import what calls need and a listening port does not: the actions, with the vendor's SDK, and the views."""
    get_catalogue()
    _ = get_resolver().url_patterns


def _tell_failure(preparation: asyncio.Task[None]) -> None:
    """Write why the process cannot serve: in a sentence where the set-up is wrong, with a traceback else."""
    failure = None if preparation.cancelled() else preparation.exception()
    if isinstance(failure, ImproperlyConfigured):
        logger.critical("start_refused", extra={"hint": str(failure)})
    elif failure:
        logger.critical("start_failed", exc_info=failure)


def _exit_if_failed(preparation: asyncio.Task[None]) -> None:
    if not preparation.cancelled() and preparation.exception():
        raise SystemExit(1)  # the event loop lets this error through, and the process ends


async def _renew_lease() -> None:
    """Write that this worker lives, and take over the runs and documents of those that do not."""
    await in_database(leases.send_heartbeat)
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


async def _answer_lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
