"""Makes a server process ready once, when it begins: imports, recovers runs, loads certificates, freezes the heap.

What refuses the start comes first, then the port listens, and the rest is done while calls that come early wait.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.urls import get_resolver

from actions.contract.catalogue import get_catalogue
from server.access_log import silence_server_lines
from server.health import answer_early, is_answered_early
from server.processes.process_work import ProcessWork, tell_failure

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
        self._work = ProcessWork()
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
            self._preparation.add_done_callback(tell_failure)
        return self._preparation

    def _prepare_or_exit(self) -> None:
        """Make the process ready, or end it: Daphne has no way to be told that the application cannot start."""
        self._start_preparation().add_done_callback(_exit_if_failed)

    async def _prepare(self) -> None:
        await self._work.begin(self._is_checked.set, _import_late)


def _import_late() -> None:
    """Import what calls need and a listening port does not: the actions, with the vendor's SDK, and the views."""
    get_catalogue()
    _ = get_resolver().url_patterns


def _exit_if_failed(preparation: asyncio.Task[None]) -> None:
    if not preparation.cancelled() and preparation.exception():
        raise SystemExit(1)  # the event loop lets this error through, and the process ends


async def _answer_lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
