"""Runs the path of a message within the read of a socket that brought it, for as long as nothing in it waits.

There is one engine and two drivers. Usually the run's task drives its coroutines. A `PushedPath` drives one for each
message, by hand: within a read, up to where it waits for something, and from there in the run's task.
"""

import asyncio
import types
from collections.abc import Callable, Coroutine, Generator
from contextlib import suppress
from typing import Any

from actions.contract.records import MessageChunk

RunPath = Callable[[MessageChunk], Coroutine[Any, None, None]]
"""Runs the path of one message, in the engine's usual way."""


class PushedPath:
    """A `MessagePath` over the engine: see there."""

    def __init__(self, run_path: RunPath) -> None:
        self._run_path = run_path
        self._begun: Coroutine[Any, None, None] | None = None
        """The path that waits for something."""
        self._waits_for: Any = None
        """What it waits for: what a task is given by a coroutine, a future or nothing."""
        self._error: Exception | None = None
        """What the last path ended with."""

    def begin(self, message: MessageChunk) -> bool:
        path = self._run_path(message)
        try:
            self._waits_for = path.send(None)
        except StopIteration:
            return True
        except Exception as error:
            self._error = error
        else:
            self._begun = path
        return False

    async def finish(self) -> None:
        begun, self._begun = self._begun, None
        if begun is not None:
            await _go_on(begun, self._waits_for)
        elif self._error is not None:
            raise self._error

    def close(self) -> None:
        """Cancel the path that was begun and waits. It learns that as a path in a task does."""
        begun, self._begun = self._begun, None
        if begun is not None:
            with suppress(asyncio.CancelledError):
                begun.throw(asyncio.CancelledError())


@types.coroutine
def _go_on(begun: Coroutine[Any, None, None], waits_for: Any) -> Generator[Any, None, None]:
    """Run a coroutine that waits for something to its end."""
    try:
        while True:
            try:
                yield waits_for
            except BaseException as error:
                waits_for = begun.throw(error)
            else:
                waits_for = begun.send(None)
    except StopIteration:
        return


async def enter_task() -> None:
    """Go on in the run's task. Within a read there is none, and time limits and the server's log need it."""
    if asyncio.current_task() is None:
        await asyncio.sleep(0)
