"""What a server process does once, when it begins: recover runs, load views and certificates, freeze the heap."""

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.db import DatabaseError
from django.urls import get_resolver

from actions.contract.catalogue import get_catalogue
from actions.network.transport import load_system_trust
from document_collections.indexing import indexer
from flows.runs import cancel_requests, leases, local_run
from flows.runs.admission import admission
from flows.runs.recover import recover_runs
from server.drain import drain
from server.housekeeping import keep_house
from web.database import in_database

logger = logging.getLogger(__name__)

App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


class Started:
    """Wraps an application. The process is made ready when its server begins; calls that come earlier wait for that.

    uvicorn says by `lifespan` that it begins. Daphne says nothing, but runs in Twisted's reactor, which can be asked.
    Under any other server the first call does the work.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._ready: asyncio.Task[None] | None = None
        if reactor := sys.modules.get("twisted.internet.reactor"):
            # One turn later, because the reactor runs before its event loop does.
            reactor.callWhenRunning(reactor.callLater, 0, self._begun)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        ready = self._begun()
        if not ready.done():
            await asyncio.shield(ready)
        await (_answer_lifespan(receive, send) if scope["type"] == "lifespan" else self.app(scope, receive, send))

    def _begun(self) -> asyncio.Task[None]:
        if self._ready is None:
            self._ready = asyncio.create_task(_start(), name="start")
        return self._ready


async def _start() -> None:
    drain.install()
    admission.on_close(_stop_indexing)
    await in_database(leases.join)
    await _look()
    await in_database(leases.joined)
    await in_database(indexer.sweep)
    _tasks.add(asyncio.create_task(_keep_looking(), name="worker"))
    _tasks.add(asyncio.create_task(_keep_heeding(), name="stops"))
    _begin_housekeeping()
    get_catalogue()
    _ = get_resolver().url_patterns  # imports the views, which else come with the first request
    await asyncio.to_thread(load_system_trust)
    # A full collection of this heap takes over 100 ms and would show as a pause in every stream.
    gc.collect()
    gc.freeze()


_tasks: set[asyncio.Task[None]] = set()
"""What the process does as long as it lives; its loop cancels them at its end."""


async def _look() -> None:
    """Say that this worker lives, and see to the runs of those that do not."""
    await in_database(leases.beat)
    lost = await recover_runs()
    if lost:
        logger.warning("runs_taken_over", extra={"count": lost})
    await in_database(lambda: indexer.recover(leases.living()))


async def _stop_indexing() -> None:
    await asyncio.to_thread(indexer.stop)


def _begin_housekeeping() -> None:
    task = asyncio.create_task(keep_house(), name="housekeeping")
    _tasks.add(task)

    async def stop() -> None:
        task.cancel()

    admission.on_close(stop)


async def _keep_looking() -> None:
    while not admission.closed.is_set():
        await asyncio.sleep(leases.BEAT_S)
        try:
            await _look()
        except DatabaseError:  # the next look may find it back; until then the lease may be lost, and that is right
            logger.exception("worker_not_seen")


async def _keep_heeding() -> None:
    while True:
        await asyncio.sleep(cancel_requests.LOOK_S)
        try:
            await local_run.heed()
        except DatabaseError:  # the next look may find it back
            logger.exception("stops_not_seen")


async def _answer_lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
