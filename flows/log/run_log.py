"""The run log: stored before shown.

Runs append on the event loop. One thread per log commits what has gathered, for all runs together, with at most one
batch in flight; then the readers of those runs are woken. Readers pull: each has a cursor and reads what is committed
after it. Losing a wake-up costs latency, never an event.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable
from uuid import UUID
from weakref import WeakKeyDictionary

from flows.events.events import RunEvent, encode
from flows.log.frames import Finish, Frame
from flows.log.handle import LIMITS, LogHandle, LogLimits
from flows.log.reader import read_events
from flows.log.writer import LogWriter

logger = logging.getLogger(__name__)

WAKE_INTERVAL_S = 10.0
"""How often every reader looks up although nothing has happened: one that finds no news yields a heartbeat."""


class LogUnavailable(Exception):
    """The events of a run could not be stored: its log ends at the last one that was."""


_Appended = tuple[LogHandle, Frame, Finish | None]


class RunLog:
    """The log of one event loop. `run_log()` returns the one of the running loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: LogLimits = LIMITS) -> None:
        self._loop = loop
        self._max_frames = limits.committed_frames + limits.uncommitted_frames
        self._max_uncommitted = limits.uncommitted_frames
        self._interval_s = limits.commit_interval_s
        self._interval_per_run_s = limits.commit_interval_per_run_s
        self._handles: dict[UUID, LogHandle] = {}
        self._pending: list[_Appended] = []
        self._batch: list[_Appended] = []
        """What is being committed. There is one batch at most, so that batches grow by themselves under load."""
        self._commit_began_at = 0.0
        self._commit_timer: asyncio.TimerHandle | None = None
        self._is_shut = False
        self._writer = LogWriter(loop, self._finish_batch)
        self._wake_timer = loop.call_later(WAKE_INTERVAL_S, self._wake_regularly)

    def open(self, run_id: UUID, committed: int = 0) -> LogHandle:
        """Begin to write a run whose events up to the seq `committed` are stored already."""
        frames = deque[Frame](maxlen=self._max_frames)
        handle = self._handles[run_id] = LogHandle(run_id, frames, committed=committed, appended=committed)
        return handle

    def append(self, handle: LogHandle, event: RunEvent, finish: Finish | None = None) -> Awaitable[None] | None:
        """Hand one event to the writer. Return what to await when the disk is far behind, else None.

        With `finish`, the run's row is closed in the same transaction. Raises LogUnavailable when the run's events
        can no longer be stored.
        """
        if handle.is_lost or self._is_shut:
            raise LogUnavailable(f"run {handle.run_id}")
        frame = Frame(event["seq"], event["type"], encode(event))
        handle.frames.append(frame)
        handle.appended = frame.seq
        self._pending.append((handle, frame, finish))
        if not self._batch and self._commit_timer is None:
            self._commit_pending()
        return self._wait_for_room(handle) if handle.appended - handle.committed > self._max_uncommitted else None

    async def wait_until_committed(self, handle: LogHandle) -> None:
        """Return when all that was appended is committed; raises LogUnavailable when it cannot be."""
        while handle.committed < handle.appended and not handle.is_lost:
            handle.changed.clear()
            await handle.changed.wait()
        if handle.is_lost:
            raise LogUnavailable(f"run {handle.run_id}")

    def close(self, handle: LogHandle) -> None:
        """Forget a run that has ended; its readers find the rest in the database."""
        self._handles.pop(handle.run_id, None)
        handle.is_closed = True
        handle.changed.set()

    def read(self, run_id: UUID, after: int = 0, *, public: bool = False) -> AsyncGenerator[list[Frame], None]:
        """Yield the run's committed events after the seq `after`, in order; see `read_events`."""
        return read_events(self._handles, run_id, after, public=public)

    def wake_readers(self) -> None:
        """Let every reader look up; one that finds no news yields a heartbeat."""
        for handle in self._handles.values():
            handle.changed.set()

    def shut_down(self) -> None:
        """Stop the writer after what it has been given, and close its database connection."""
        self._is_shut = True
        self._wake_timer.cancel()
        if self._commit_timer:
            self._commit_timer.cancel()
        self._writer.shut_down()
        for handle in self._handles.values():  # who waits for what was never handed over would wait for ever
            handle.is_lost = handle.committed < handle.appended
            handle.changed.set()

    async def _wait_for_room(self, handle: LogHandle) -> None:
        while handle.appended - handle.committed > self._max_uncommitted and not handle.is_lost:
            handle.changed.clear()
            await handle.changed.wait()

    def _commit_pending(self) -> None:
        """Give the writer all that is pending, now or when the next commit may begin."""
        due = self._commit_began_at + min(self._interval_s, self._interval_per_run_s * len(self._handles))
        now = self._loop.time()
        if due > now:
            self._commit_timer = self._loop.call_at(due, self._commit_after_pause)
            return
        self._commit_began_at = now
        self._batch, self._pending = self._pending, []
        self._writer.commit([(handle.run_id, frame, finish) for handle, frame, finish in self._batch])

    def _commit_after_pause(self) -> None:
        self._commit_timer = None
        self._commit_pending()

    def _finish_batch(self, refused: frozenset[UUID], error: Exception | None) -> None:
        """Take note of a batch that the writer is done with, and wake the readers of its runs."""
        batch, self._batch = self._batch, []
        if error:
            logger.error("run_log_unavailable", exc_info=error)
            refused = frozenset(handle.run_id for handle, _, _ in batch)
        if refused:
            self._give_up([handle for handle, _, _ in batch if handle.run_id in refused])
        if self._pending:
            self._commit_pending()
        for handle, frame, _ in batch:
            if not handle.is_lost:
                handle.committed = frame.seq
            handle.changed.set()

    def _give_up(self, handles: list[LogHandle]) -> None:
        """Write nothing more of these runs: what waits behind a refused event would leave a gap, or follow an end."""
        for handle in handles:
            handle.is_lost = True
            if handle.on_lost:
                handle.on_lost()
        self._pending = [entry for entry in self._pending if not entry[0].is_lost]

    def _wake_regularly(self) -> None:
        self.wake_readers()
        self._wake_timer = self._loop.call_later(WAKE_INTERVAL_S, self._wake_regularly)


_logs: WeakKeyDictionary[asyncio.AbstractEventLoop, RunLog] = WeakKeyDictionary()
"""By loop, because a log's timers and wake-ups belong to one loop and nothing else lives exactly as long as it."""


def run_log() -> RunLog:
    """Return the log of the running event loop."""
    loop = asyncio.get_running_loop()
    log = _logs.get(loop)
    if log is None:
        log = _logs[loop] = RunLog(loop)
    return log
