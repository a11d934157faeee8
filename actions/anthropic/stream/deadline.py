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
        """What is left of the limit when no wait goes on."""
        self.renewed_at = 0.0
        """When a part came of what the present wait is for, on the loop's clock: whoever finds it sets this."""
        self._began = 0.0
        self._due = 0.0
        self._limit_at = 0.0
        """When the limit is spent, in the present wait."""
        self._renewed_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._waiting: asyncio.Task[object] | None = None
        self._fired = False
        self._loop: asyncio.AbstractEventLoop | None = None

    async def wait(self, work: Awaitable[T], silence_s: float, renewed_s: float = 0.0) -> T:
        """Await `work` for `silence_s` and for what is left of the limit at most; then raise DeadlineExceeded.

        From `renewed_at` on, if that is set meanwhile, it may take `renewed_s`; the limit stays.
        """
        loop = self._loop = self._loop or asyncio.get_running_loop()
        began, left_s = loop.time(), self.left_s
        self._began, self._limit_at, self._renewed_s = began, began + left_s, renewed_s
        task = self._waiting = asyncio.current_task(loop)
        assert task is not None  # a coroutine is awaited in a task
        cancelling = task.cancelling()
        due = self._due = min(self._limit_at, began + silence_s)
        if self._timer is None or self._timer.when() > due:
            self._set_timer(loop)
        try:
            return await work
        except asyncio.CancelledError:
            if self._take_back(task) and task.cancelling() <= cancelling:
                raise DeadlineExceeded(in_all=self._due == self._limit_at) from None
            raise
        finally:
            self._waiting = None
            self.left_s = left_s + began - loop.time()
            if self._fired:
                self._take_back(task)

    def get_quiet_s(self, before_s: float) -> float:
        """Return how long nothing had come at the end of the last wait, when it was `before_s` at its beginning."""
        ended = self._limit_at - self.left_s
        return ended - self.renewed_at if self.renewed_at >= self._began else before_s + ended - self._began

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

    def _set_timer(self, loop: asyncio.AbstractEventLoop) -> None:
        self.end()
        self._timer = loop.call_at(self._due, self._check_due, loop)

    def _check_due(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        if self._waiting is None:
            return
        if self.renewed_at >= self._began:
            self._due = min(self._limit_at, self.renewed_at + self._renewed_s)
        if loop.time() < self._due:
            self._set_timer(loop)
            return
        self._fired = True
        self._waiting.cancel()
