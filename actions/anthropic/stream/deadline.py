"""Bounds how long a call waits: for its next content, and in all. Knows nothing of HTTP.

`asyncio.timeout` sets and clears a timer for each wait, which costs more than all else that is done for a chunk. A
`Deadline` has one timer, which lives as long as the call. When it fires, it checks whether the present wait is overdue.
"""

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

T = TypeVar("T")


class DeadlineExceeded(Exception):
    """A wait took too long. `in_all`: the time of the whole call is spent, and not only that of this wait."""

    def __init__(self, in_all: bool) -> None:
        super().__init__("The wait was given up.")
        self.in_all = in_all


class Deadline:
    """Bounds waits that follow one another in one task. Time between two waits does not count."""

    def __init__(self, limit_s: float) -> None:
        self.left_s = limit_s
        self._due = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._fired = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def wait(self, work: Awaitable[T], silence_s: float) -> T:
        """Await `work` for `silence_s` and for what is left of the limit at most; then raise DeadlineExceeded."""
        loop = self._loop = self._loop or asyncio.get_running_loop()
        began = loop.time()
        allowed = min(silence_s, self.left_s)
        task = self._begin(loop, began + allowed)
        cancelling = task.cancelling()
        try:
            return await work
        except asyncio.CancelledError:
            if self._take_back(task) and task.cancelling() <= cancelling:
                raise DeadlineExceeded(in_all=allowed < silence_s) from None
            raise
        finally:
            self._waiting = None
            self.left_s -= loop.time() - began
            self._take_back(task)

    def _take_back(self, task: asyncio.Task[object]) -> bool:
        """Return whether the timer cancelled the task. If so, take that request back; requests of others stay."""
        fired, self._fired = self._fired, False
        if fired:
            task.uncancel()
        return fired

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self, loop: asyncio.AbstractEventLoop, due: float) -> asyncio.Task[object]:
        task = asyncio.current_task(loop)
        assert task is not None  # a coroutine is awaited in a task
        self._due, self._waiting = due, task
        if self._timer is None or self._timer.when() > due:
            self.end()
            self._timer = loop.call_at(due, self._check_due, loop)
        return task

    def _check_due(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._waiting is None:
            return
        if loop.time() < self._due:
            self._timer = loop.call_at(self._due, self._check_due, loop)
            return
        self._fired = True
        self._waiting.cancel()
