"""Lets a few requests begin at a time, and callers take turns, so that thousands at once hold up nobody's streams.

All requests begin on the event loop, and each takes a millisecond of it before it waits for anything: two thousand that
begin together are two seconds in which nothing else goes on. Nor does one caller's queue for the database threads
become everybody's. Requests that had to wait give way to streams: half of the processor is left to what goes on.
"""

import asyncio
import time
from collections import Counter, deque
from functools import partial
from weakref import WeakSet

from django.conf import settings

from web.middleware.asgi import BEGUN_KEY, App, Receive, Scope, Send, get_header
from web.middleware.in_place import HEALTH_PATHS

MAX_BEGINNING = 8
"""How many requests of a process begin at once. The database has four threads, and these are kept busy."""
MAX_BEGINNING_PER_CALLER = 2
"""With eight, those of one caller came to the loop together: their starts kept it for 10 ms, again and again."""
MAX_BEGINNING_S = 0.1
"""After so long a request counts as begun, whatever it waits for, such as a body that comes slowly."""
BUSY_SHARE = 0.35
"""So busy the process may have been since a request that had waited began, before the next one begins."""
MAX_REST_S = 0.05
"""After so long the next one begins, however busy the process is: twenty a second always do."""
all_turns: WeakSet["Turns"] = WeakSet()
"""Of this process."""
STOP_ENDINGS = ("/cancel", "/stop")
"""How the addresses end that stop a run."""


class RequestTurns:
    """Wraps an application. A request begins until its answer does, or until it calls what is under `BEGUN_KEY`.

    What asks whether the server is well waits for nobody. What stops a run has places of its own and no pace: it ends
    work, and a hundred of them must not take as long as a hundred starts.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.turns, self.stops = Turns(Pace()), Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in HEALTH_PATHS:
            await self.app(scope, receive, send)
            return
        turns = self.stops if scope["path"].endswith(STOP_ENDINGS) else self.turns
        caller = find_caller(scope)
        await turns.wait(caller)
        beginning = _Beginning(partial(turns.end, caller))
        scope[BEGUN_KEY] = beginning.end
        try:
            await self.app(scope, receive, send)
        finally:
            beginning.end()


class Turns:
    """Lets so many requests begin at once, the others in turns. Belongs to the event loop."""

    def __init__(self, pace: "Pace | None" = None) -> None:
        self._beginning: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}
        """By caller: its requests that have not begun. The caller whose turn is next comes first."""
        self._pace = pace
        self._rest: asyncio.TimerHandle | None = None
        """Set while requests wait for the pace, and not for a place."""
        all_turns.add(self)

    def __len__(self) -> int:
        """How many requests wait."""
        return sum(map(len, self._waiting.values()))

    async def wait(self, caller: str) -> None:
        """Return when a request of the caller may begin. Whoever calls this calls `end` once it has begun."""
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
                self.end(caller)
            raise

    def _may_begin(self, caller: str) -> bool:
        return self._beginning.total() < MAX_BEGINNING and self._beginning[caller] < MAX_BEGINNING_PER_CALLER

    def end(self, caller: str) -> None:
        """Give the place of a request to the next one."""
        self._beginning[caller] -= 1
        if not self._beginning[caller]:
            del self._beginning[caller]
        self._begin_next()

    def _begin_next(self) -> None:
        """Give the turn to the callers that may have it, one after the other, as the pace allows."""
        while self._rest is None and (caller := next(filter(self._may_begin, self._waiting), None)) is not None:
            if self._pace and (rest_s := self._pace.compute_rest_s()):
                self._rest = asyncio.get_running_loop().call_later(rest_s, self._end_rest)
            else:
                self._give_turn(caller)

    def _end_rest(self) -> None:
        self._rest = None
        self._begin_next()

    def _give_turn(self, caller: str) -> None:
        turns = self._waiting.pop(caller)
        turn = turns.popleft()
        if turns:
            self._waiting[caller] = turns  # behind all others
        if not turn.done():
            self._beginning[caller] += 1
            if self._pace:
                self._pace.note_begin()
            turn.set_result(None)


class Pace:
    """How soon the next request begins that had to wait: when the process was idle for long enough since the last one.

    What streams take of the processor counts, so that the more they take, the fewer requests begin beside them.
    """

    def __init__(self) -> None:
        self._began_at = self._cpu_began = 0.0

    def note_begin(self) -> None:
        self._began_at, self._cpu_began = time.monotonic(), time.process_time()

    def compute_rest_s(self) -> float:
        """Return how many seconds to wait at least, as it looks now; 0 when the next one may begin."""
        busy_s = time.process_time() - self._cpu_began
        due_in_s = min(busy_s / BUSY_SHARE, MAX_REST_S)
        return max(0.0, self._began_at + due_in_s - time.monotonic())


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
