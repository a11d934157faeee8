"""Reads the log of a run from its beginning, piece by piece, so that megabytes hold up neither the loop nor a thread.

A thread of the database is held for a page at a time. Of what is read, one large log is held in memory at a time:
workspaces take turns, and of one workspace the earliest reading is next. A small log waits for nothing.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from typing import ParamSpec, Self, TypeVar
from uuid import UUID
from weakref import WeakKeyDictionary, WeakValueDictionary

from flows.events.events import PUBLIC, TERMINAL
from flows.log import retention, rows
from flows.log.frames import Frame
from flows.log.run_record import RunRecord, fold_frames
from web.database import in_database

P = ParamSpec("P")
T = TypeVar("T")
MAX_SMALL_BYTES = 1024 * 1024
"""Of what is read without waiting for others."""
COMPRESSION = 10
"""How much smaller what remains of an expired log is on the disk than in memory, about."""


# One, because of each thread that has read megabytes, the C library keeps some of the memory.
_large_thread = ThreadPoolExecutor(1, thread_name_prefix="large-readings")


class LargeReadings:
    """Lets one large reading of an event loop go on at a time."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._of_workspaces = WeakValueDictionary[UUID, asyncio.Lock]()
        """For each workspace that reads or waits: only one of its readings stands in line with those of others."""

    async def wait_for_turn(self, workspace_id: UUID, until: AsyncExitStack) -> None:
        """Return when it is the workspace's turn, which lasts until the stack is closed."""
        own = self._of_workspaces.setdefault(workspace_id, asyncio.Lock())
        await until.enter_async_context(own)
        await until.enter_async_context(self._turn)


_large_readings: WeakKeyDictionary[asyncio.AbstractEventLoop, LargeReadings] = WeakKeyDictionary()


class LogReading:
    """A context manager, to be left when what was read is no longer in memory."""

    def __init__(self, workspace_id: UUID, stored_bytes: int = 0) -> None:
        """`stored_bytes` is what the run is known to store; a reading may turn out to be larger."""
        self._workspace_id = workspace_id
        self._turn = AsyncExitStack()
        self._stored_bytes = stored_bytes
        self._read_bytes = 0
        self._is_large = False

    async def __aenter__(self) -> Self:
        try:
            await self._wait_if_large(self._stored_bytes)
        except BaseException:
            await self._turn.aclose()
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        await self._turn.aclose()

    async def read_pages(self, run_id: UUID) -> AsyncIterator[list[Frame]]:
        """Yield all stored events of the run in order, a page at a time."""
        after = 0
        while frames := await in_database(rows.read_page, run_id, after, rows.MAX_PAGE_EVENTS):
            self._read_bytes += sum(len(frame.data) for frame in frames)
            await self._wait_if_large(self._read_bytes)
            yield frames
            after = frames[-1].seq
            if frames[-1].type in TERMINAL:
                return

    async def read_record(self, run_id: UUID, *, public: bool) -> RunRecord:
        """Return what the run's events say, the public ones only or all; of an expired log, what was kept of it."""
        record = fold_frames([])
        async for frames in self.read_pages(run_id):
            visible = [frame for frame in frames if not public or frame.type in PUBLIC]
            await self.call(fold_frames, visible, record)
        if not self._read_bytes:
            await self._wait_if_large(self._stored_bytes * COMPRESSION)
        # Asked after the log was read: one that expires meanwhile has left its state by then.
        return await in_database(retention.read_kept, run_id) or record

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what the function returns in a thread. All large readings share one."""
        call = partial(function, *args, **kwargs)
        if self._is_large:
            return await asyncio.get_running_loop().run_in_executor(_large_thread, call)
        return await asyncio.to_thread(call)

    async def _wait_if_large(self, size: int) -> None:
        if size > MAX_SMALL_BYTES and not self._is_large:
            self._is_large = True
            readings = _large_readings.setdefault(asyncio.get_running_loop(), LargeReadings())
            await readings.wait_for_turn(self._workspace_id, self._turn)
