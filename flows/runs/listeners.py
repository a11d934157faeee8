"""Counts the readers of a run whose flow cancels it when the last reader has left."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from flows.log.frames import Frame


class Listeners:
    """Counts the readers of one run, and calls `on_silence` when the last of them has been away for `grace_s` seconds.

    A run that nobody has ever heard goes on.
    """

    def __init__(self, grace_s: float, on_silence: Callable[[], None]) -> None:
        self._grace_s = grace_s
        self._on_silence = on_silence
        self._count = 0
        self._timer: asyncio.TimerHandle | None = None

    async def read_counted(self, batches: AsyncGenerator[list[Frame], None]) -> AsyncGenerator[list[Frame], None]:
        """Yield the batches; their reader counts as a listener until it closes this generator."""
        self._add()
        try:
            async with aclosing(batches):
                async for frames in batches:
                    yield frames
        finally:
            self._remove()

    def _add(self) -> None:
        self._count += 1
        if self._timer:
            self._timer.cancel()

    def _remove(self) -> None:
        self._count -= 1
        if not self._count:
            self._timer = asyncio.get_running_loop().call_later(self._grace_s, self._on_silence)
