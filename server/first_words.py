"""Lets a few new connections be heard in each turn of the event loop, however many have come."""

import asyncio
from collections import deque
from collections.abc import Callable

MAX_CONNECTIONS_AT_ONCE = 8
"""New connections that are heard for the first time in one turn of the event loop."""


class FirstWords:
    """Counts the new connections that are heard. To hear one takes as long as ten chunks of a stream."""

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._heard = 0
        self._is_counting = False

    def may_hear(self) -> bool:
        """Return whether a connection may be heard in this turn, and count it if so."""
        if self._waiting or self._heard >= MAX_CONNECTIONS_AT_ONCE:
            return False
        self._heard += 1
        self._end_turn_later()
        return True

    def wait(self, go_on: Callable[[], None]) -> None:
        """Call `go_on` in a later turn, after those that wait."""
        self._waiting.append(go_on)

    def _end_turn_later(self) -> None:
        if not self._is_counting:
            self._is_counting = True
            asyncio.get_running_loop().call_soon(self._end_turn)

    def _end_turn(self) -> None:
        self._is_counting, self._heard = False, 0
        while self._waiting and self._heard < MAX_CONNECTIONS_AT_ONCE:
            self._heard += 1
            self._waiting.popleft()()
        if self._heard:
            self._end_turn_later()
