"""Lets a task sleep until a callback wakes it. Pure asyncio."""

import asyncio


class Wakeup:
    """The sleep of one task. Who sleeps looks first at what it waits for, and again when it has been woken."""

    __slots__ = ("_sleeper",)

    def __init__(self) -> None:
        self._sleeper: asyncio.Future[None] | None = None

    async def sleep(self) -> None:
        """Return at the next `wake`. A cancel passes through."""
        sleeper = self._sleeper = asyncio.get_running_loop().create_future()
        try:
            await sleeper
        finally:
            self._sleeper = None

    def wake(self) -> None:
        """End the sleep, if there is one."""
        if self._sleeper is not None and not self._sleeper.done():
            self._sleeper.set_result(None)
