"""Reads one piece of a large body in each pass of the event loop, whichever connection it comes from.

A piece takes a quarter of a millisecond. Ten bodies that come together would make each pass some milliseconds long, and
a chunk of a stream waits for two or three passes.
"""

import asyncio
from collections import deque
from typing import Any


class BodyTurns:
    """The connections with a large body, which take turns. Belongs to the event loop."""

    def __init__(self) -> None:
        self._waiting: deque[Any] = deque()
        """Twisted's transports, which read nothing until their turn has come."""

    def wait(self, transport: Any) -> None:
        """Read nothing more from the transport, of which a piece has come, until all others had their turn."""
        transport.pauseProducing()
        self._waiting.append(transport)
        if len(self._waiting) == 1:
            self._plan_next()

    def _plan_next(self) -> None:
        asyncio.get_running_loop().call_soon(self._give_turn)

    def _give_turn(self) -> None:
        transport = self._waiting.popleft()
        if transport.connected and not transport.disconnecting:
            transport.resumeProducing()
        if self._waiting:
            self._plan_next()
