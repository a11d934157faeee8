"""What a server process does once, before its first answer: end orphaned runs, load certificates, freeze the heap."""

import asyncio
import gc
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from actions.describe import catalogue
from actions.outbound import system_trust
from flows import runs

logger = logging.getLogger(__name__)

App = Callable[[MutableMapping[str, Any], Any, Any], Awaitable[None]]


class Started:
    """Wraps an application; the first call waits until the process is ready, later ones pass at once.

    Daphne has no start-up hook, so the first request does its work; every server is covered alike.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._ready: asyncio.Task[None] | None = None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await _answer_lifespan(receive, send)
            return
        if self._ready is None:
            self._ready = asyncio.create_task(_start(), name="start")
        if not self._ready.done():
            await asyncio.shield(self._ready)
        await self.app(scope, receive, send)


async def _start() -> None:
    ended = await runs.recover()
    if ended:
        logger.warning("runs_interrupted", extra={"count": ended})
    catalogue()
    await asyncio.to_thread(system_trust)
    # A full collection of this heap takes over 100 ms and would show as a pause in every stream.
    gc.collect()
    gc.freeze()


async def _answer_lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
