"""Makes a server process ready once, when it begins: recovers runs, loads views and certificates, freezes the heap."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.urls import get_resolver

from actions.contract.catalogue import get_catalogue
from actions.network.transport import load_system_trust
from document_collections.indexing import failures
from document_collections.indexing.indexer import indexer
from flows.runs import cancel_requests, leases
from flows.runs.admission import admission
from flows.runs.cancel import cancel_requested_runs
from flows.runs.recover import recover_runs
from server.access_log import silence_server_lines
from server.drain import drain
from server.housekeeping import run_housekeeping
from server.preflight import check_start
from web.database import in_database

logger = logging.getLogger(__name__)

App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]
Scope = MutableMapping[str, Any]


class ServerStartup:
    """Wraps an application. Makes the process ready when its server begins; calls that come earlier wait for that.

    uvicorn says by `lifespan` that it begins. Daphne says nothing, but runs in Twisted's reactor, which can be asked.
    Under any other server the first call does the work. The tasks that it starts end with the process's event loop.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._preparation: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        silence_server_lines()
        if reactor := sys.modules.get("twisted.internet.reactor"):
            # One turn later, because the reactor runs before its event loop does.
            reactor.callWhenRunning(reactor.callLater, 0, self._prepare_or_exit)

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        preparation = self._start_preparation()
        if not preparation.done():
            await asyncio.shield(asyncio.wait([preparation]))
        if scope["type"] == "lifespan" and preparation.exception():
            await receive()
            await send({"type": "lifespan.startup.failed"})
            return
        preparation.result()
        await (_answer_lifespan(receive, send) if scope["type"] == "lifespan" else self.app(scope, receive, send))

    def _start_preparation(self) -> asyncio.Task[None]:
        if self._preparation is None:
            self._preparation = asyncio.create_task(self._prepare(), name="start")
            self._preparation.add_done_callback(_tell_failure)
        return self._preparation

    def _prepare_or_exit(self) -> None:
        """Make the process ready, or end it: Daphne has no way to be told that the application cannot start."""
        self._start_preparation().add_done_callback(_exit_if_failed)

    async def _prepare(self) -> None:
        await in_database(check_start)
        drain.install()
        admission.on_close(_stop_indexing)
        await in_database(leases.process_lock.hold)
        await _renew_lease()
        await in_database(leases.process_lock.share)
        await in_database(failures.finish_deletions)
        self._keep(_renew_lease_regularly(), "lease")
        self._keep(_cancel_requested_runs_regularly(), "cancel requests")
        self._start_housekeeping()
        get_catalogue()
        _ = get_resolver().url_patterns  # imports the views, which else come with the first request
        await asyncio.to_thread(load_system_trust)
        # A full collection of this heap takes over 100 ms and would show as a pause in every stream.
        gc.collect()
        gc.freeze()

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
    await in_database(lambda: failures.fail_abandoned_documents(leases.list_living_workers()))


async def _renew_lease_regularly() -> None:
    while not admission.closed.is_set():
        await asyncio.sleep(leases.HEARTBEAT_INTERVAL_S)
        try:
            await _renew_lease()
        except DatabaseError:  # the next try may find it back; until then the lease may be lost, and that is right
            logger.exception("lease_not_renewed")


async def _cancel_requested_runs_regularly() -> None:
    while True:
        await asyncio.sleep(cancel_requests.LOOK_INTERVAL_S)
        try:
            await cancel_requested_runs()
        except DatabaseError:  # the next look may find it back
            logger.exception("cancel_requests_not_read")


async def _stop_indexing() -> None:
    await asyncio.to_thread(indexer.stop)


async def _answer_lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
