"""Lets a few requests begin at a time, and callers take turns, so that thousands at once hold up nobody's streams.

All requests begin on the event loop, and each takes a millisecond of it before it waits for anything: two thousand that
begin together are two seconds in which nothing else goes on. Nor does one caller's queue for the database threads
become everybody's.
"""

import asyncio
from collections import Counter, deque
from functools import partial

from django.conf import settings

from web.middleware.asgi import BEGUN_KEY, App, Receive, Scope, Send, get_header
from web.middleware.in_place import HEALTH_PATHS

MAX_BEGINNING = 16
"""How many requests of a process begin at once. The database has four threads, and these are kept busy."""
MAX_BEGINNING_PER_CALLER = 8
MAX_BEGINNING_S = 1.0
"""After so long a request counts as begun, whatever it waits for, such as a body that comes slowly."""


class RequestTurns:
    """Wraps an application. A request begins until its answer does, or until it calls what is under `BEGUN_KEY`.

    What asks whether the server is well waits for nobody.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self._beginning: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """By caller: its requests that have not begun. The caller whose turn is next comes first."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH_PATHS:
            await self.app(scope, receive, send)
            return
        caller = find_caller(scope)
        await self._wait_for_turn(caller)
        beginning = _Beginning(partial(self._end, caller))
        scope[BEGUN_KEY] = beginning.end
        try:
            await self.app(scope, receive, send)
        finally:
            beginning.end()

    async def _wait_for_turn(self, caller: str) -> None:
        if self._may_begin(caller) and not self._waiting:
            self._beginning[caller] += 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(caller, deque()).append(turn)
        self._begin_next()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._end(caller)
            raise

    def _may_begin(self, caller: str) -> bool:
        return self._beginning.total() < MAX_BEGINNING and self._beginning[caller] < MAX_BEGINNING_PER_CALLER

    def _end(self, caller: str) -> None:
        self._beginning[caller] -= 1
        if not self._beginning[caller]:
            del self._beginning[caller]
        self._begin_next()

    def _begin_next(self) -> None:
        """Give the turn to the callers that may have it, one after the other."""
        while (caller := next((each for each in self._waiting if self._may_begin(each)), None)) is not None:
            turns = self._waiting.pop(caller)
            turn = turns.popleft()
            if turns:
                self._waiting[caller] = turns  # behind all others
            if not turn.done():
                self._beginning[caller] += 1
                turn.set_result(None)


class _Beginning:
    """One request that begins: ended once, by whoever is first."""

    def __init__(self, on_end: partial[None]) -> None:
        self._on_end: partial[None] | None = on_end
        self._timer = asyncio.get_running_loop().call_later(MAX_BEGINNING_S, self.end)

    def end(self) -> None:
        on_end, self._on_end = self._on_end, None
        if on_end:
            self._timer.cancel()
            on_end()


def find_caller(scope: Scope) -> str:
    """Return who sends a request: by its key, else by its session, else by its address."""
    key = get_header(scope, b"authorization") or get_header(scope, b"x-api-key")
    cookies = get_header(scope, b"cookie")
    session = f"{settings.SESSION_COOKIE_NAME}="
    if key or session in cookies:
        return key or cookies.partition(session)[2].partition(";")[0]
    client = scope.get("client")
    return str(client[0]) if client else ""
