"""Whether a run may start now, and the starts that go on. It is refused once the process has begun to end."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from actions.contract.errors import DomainError

CloseCallback = Callable[[], Awaitable[None]]


class Admission:
    """Whether one process takes runs. `closed` is set once, when the process begins to end, and stays set."""

    def __init__(self) -> None:
        self.closed = asyncio.Event()
        self.starts: set[asyncio.Task[Any]] = set()
        """The starts that have not come to their end; each ends by itself."""
        self._callbacks: set[CloseCallback] = set()

    def require_open(self) -> None:
        """Raise DomainError `shutting_down` when no run may start any more."""
        if self.closed.is_set():
            hint = "Try again in a moment."
            raise DomainError("unavailable", "shutting_down", "The server is stopping.", hint=hint, retry_after_s=5)

    def on_close(self, callback: CloseCallback) -> Callable[[], None]:
        """Have `call_callbacks` call `callback`; return a function that takes that back."""
        self._callbacks.add(callback)
        return lambda: self._callbacks.discard(callback)

    def close(self) -> None:
        """Refuse every start from now on. `call_callbacks` then tells the others."""
        self.closed.set()

    async def wait_for_starts(self) -> None:
        """Return when no start goes on. A caller that is cancelled meanwhile stops none."""
        if self.starts:
            await asyncio.wait(self.starts)

    async def call_callbacks(self) -> None:
        """Await all that wanted to know of the close; one that fails stops no other."""
        await asyncio.gather(*(callback() for callback in list(self._callbacks)), return_exceptions=True)


admission = Admission()
"""Of this process: signals, views and sockets reach it without knowing each other."""
