"""The run log: stored before shown.

Runs append on the event loop. What has gathered is committed for all runs together, on the loop or in one thread, with
at most one batch in flight; then the readers of those runs are woken. Each reader has a cursor and reads what is
committed after it; to one that has read all, the batch is pushed. Other processes are told what was committed; of their
runs, this process has mirrors. Losing what is told costs latency, never an event.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextvars import Context
from typing import NamedTuple
from uuid import UUID
from weakref import WeakKeyDictionary

from django.conf import settings

from flows.events.events import RunEvent, encode
from flows.limits.run_limits import DEFAULT_LIMITS, RunLimits
from flows.log import rows
from flows.log.follower import Pusher
from flows.log.frames import Finish, Frame
from flows.log.handle import LIMITS, LogHandle, LogLimits, check_size
from flows.log.loop_writer import LoopWriter
from flows.log.mirrors import MirrorHold, Mirrors
from flows.log.reader import read_events
from flows.log.thread_writer import ThreadWriter
from flows.log.told_frames import build_told
from flows.wake_ups.wake_ups import wake_ups
from web.database import is_postgres

logger = logging.getLogger(__name__)

WAKE_INTERVAL_S = 10.0
"""How often every reader looks up although nothing has happened: one that finds no news yields a heartbeat."""


class LogUnavailable(Exception):
    """The events of a run could not be stored: its log ends at the last one that was."""


class Backlog(NamedTuple):
    """What the log has still to do."""

    events: int
    """Appended, and not committed."""
    commit_s: float
    """For how long the commit goes on that was begun; 0 when none was."""


NONE_REFUSED: frozenset[UUID] = frozenset()
_Appended = tuple[LogHandle, Frame, Finish | None]


class RunLog:
    """The log of one event loop. `run_log()` returns the one of the running loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: LogLimits = LIMITS) -> None:
        self._loop = loop
        self._max_frames = limits.committed_frames + limits.uncommitted_frames
        self._max_uncommitted = limits.uncommitted_frames
        self._half_window_bytes = limits.window_bytes // 2
        factor = limits.server_interval_factor if is_postgres() else 1
        self._interval_s = factor * limits.commit_interval_s
        self._interval_per_run_s = factor * limits.commit_interval_per_run_s
        self._handles: dict[UUID, LogHandle] = {}
        self._mirrors = Mirrors(loop, self._handles, limits.window_bytes, rows.read_news)
        self._tells_others = bool(settings.MILLRACE_REDIS_URL)
        self._pending: list[_Appended] = []
        self._batch: list[_Appended] = []
        """What is being committed. There is one batch at most, so that batches grow by themselves under load."""
        self._commit_began_at = 0.0
        self._next_commit: asyncio.Handle | None = None
        self._context = Context()
        """A commit belongs to no run: what is logged in it must not have the context of the one that appended."""
        self._is_shut = False
        self._loop_writer = LoopWriter(limits.slow_commit_s)
        self._thread_writer = ThreadWriter(loop, self._finish_batch)
        self._wake_timer = loop.call_later(WAKE_INTERVAL_S, self._wake_regularly)

    def open(self, run_id: UUID, committed: int = 0, limits: RunLimits = DEFAULT_LIMITS) -> LogHandle:
        """Begin to write a run whose events up to the seq `committed` are stored already."""
        frames = deque[Frame](maxlen=self._max_frames)
        handle = LogHandle(run_id, frames, committed, committed, limits)
        handle.next_look_bytes = min(self._half_window_bytes, limits.run_bytes)
        mirror, self._handles[run_id] = self._handles.get(run_id), handle
        if mirror and mirror.is_mirror:  # another process has executed the run so far
            mirror.is_closed = True
            mirror.wake_readers()
        return handle

    def append(self, handle: LogHandle, event: RunEvent, finish: Finish | None = None) -> Awaitable[None] | None:
        """Take one event, for the next commit. Return what to await when the disk is far behind, else None.

        With `finish`, the run's row is closed in the same transaction. Raises LogUnavailable when the run's events
        can no longer be stored, and RunLimitError when the event is too large, or the run has told too much; nothing
        is stored of that event then.
        """
        if handle.is_lost or self._is_shut:
            raise LogUnavailable(f"run {handle.run_id}")
        frame = Frame(event["seq"], event["type"], encode(event))
        size = handle.appended_bytes + len(frame.data)
        max_uncommitted = self._max_uncommitted
        if size > handle.next_look_bytes:
            check_size(handle, frame)
            handle.next_look_bytes = min(size + self._half_window_bytes, max(size, handle.limits.run_bytes))
            max_uncommitted = 0
        handle.appended_bytes = size
        if finish:
            finish = {**finish, "stored_bytes": finish["stored_bytes"] + size}
        handle.frames.append(frame)
        handle.appended = frame.seq
        self._pending.append((handle, frame, finish))
        if not self._batch and self._next_commit is None:
            self._schedule_commit()
        if not max_uncommitted:
            handle.drop_old_frames(self._half_window_bytes)
        if handle.appended - handle.committed > max_uncommitted:
            return self._wait_for_room(handle, max_uncommitted)
        return None

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
        handle.wake_readers()

    def read(
        self,
        run_id: UUID,
        after: int = 0,
        *,
        public: bool = False,
        pusher: Pusher | None = None,
        is_new: bool = False,
    ) -> AsyncGenerator[list[Frame], None]:
        """Yield the run's committed events after the seq `after`, in order; see `read_events`.

        With `is_new` little is stored of the run yet, and the events are waited for without looking first.
        """
        mirror = MirrorHold(self._mirrors, run_id, is_new=is_new)
        return read_events(self._handles, mirror, run_id, after, public=public, pusher=pusher)

    def expect(self, run_id: UUID) -> None:
        """Take note of a run that was just stored and left to another process."""
        self._mirrors.expect(run_id)

    def take_new(self, run_id: UUID) -> bool:
        """Return whether this is the first reader of such a run, which says so to `read`."""
        return self._mirrors.take_new(run_id)

    def hear(self, told: Mapping[UUID, bytes]) -> None:
        """Take what another process tells of its commit, for those of the runs that are read here."""
        self._mirrors.hear(told)

    def wake_readers(self) -> None:
        """Let every reader look up; one that finds no news yields a heartbeat."""
        for handle in self._handles.values():
            handle.wake_readers()

    def describe_backlog(self) -> Backlog:
        """Return what is appended and not committed, and for how long the commit goes on that was begun."""
        since_s = self._loop.time() - self._commit_began_at if self._batch else 0.0
        return Backlog(len(self._pending) + len(self._batch), since_s)

    def shut_down(self) -> None:
        """Stop the thread after what it has been given, and close both database connections."""
        self._is_shut = True
        self._wake_timer.cancel()
        self._mirrors.shut_down()
        if self._next_commit:
            self._next_commit.cancel()
        self._thread_writer.shut_down()
        self._loop_writer.close()
        for handle in self._handles.values():  # who waits for what was never handed over would wait for ever
            handle.is_lost = handle.committed < handle.appended
            handle.wake_readers()

    async def _wait_for_room(self, handle: LogHandle, max_uncommitted: int) -> None:
        while handle.appended - handle.committed > max_uncommitted and not handle.is_lost:
            handle.changed.clear()
            await handle.changed.wait()

    def _schedule_commit(self) -> None:
        """Commit what is pending when the next commit may begin, at the earliest after this turn of the loop.

        So what one read of a socket brings is one batch, and no commit runs within an append.
        """
        due = self._commit_began_at + min(self._interval_s, self._interval_per_run_s * len(self._handles))
        if due > self._loop.time():
            self._next_commit = self._loop.call_at(due, self._commit_pending, context=self._context)
        else:
            self._next_commit = self._loop.call_soon(self._commit_pending, context=self._context)

    def _commit_pending(self) -> None:
        self._next_commit = None
        if not self._pending:  # their runs were lost meanwhile
            return
        self._commit_began_at = self._loop.time()
        self._batch, self._pending = self._pending, []
        batch = [(handle.run_id, frame, finish) for handle, frame, finish in self._batch]
        if self._loop_writer.commit(batch):
            self._finish_batch(NONE_REFUSED, None)
        else:
            self._thread_writer.commit(batch)

    def _finish_batch(self, refused: frozenset[UUID], error: Exception | None) -> None:
        """Take note of a batch that a writer is done with, and wake the readers of its runs."""
        batch, self._batch = self._batch, []
        if error:
            logger.error("run_log_unavailable", exc_info=error)
            refused = frozenset(handle.run_id for handle, _, _ in batch)
        if refused:
            self._give_up([handle for handle, _, _ in batch if handle.run_id in refused])
        handles: dict[LogHandle, None] = {}
        for handle, frame, _ in batch:
            handles[handle] = None
            if not handle.is_lost:
                handle.committed = frame.seq
        for handle in handles:
            handle.tell_commit()
        if self._tells_others:
            stored = ((handle.run_id, frame, None) for handle, frame, _ in batch if not handle.is_lost)
            wake_ups().tell("commits", build_told(stored))
        if self._pending and self._next_commit is None and not self._is_shut:
            self._schedule_commit()

    def _give_up(self, handles: list[LogHandle]) -> None:
        """Write nothing more of these runs: what waits behind a refused event would leave a gap, or follow an end."""
        for handle in handles:
            handle.is_lost = True
            if handle.on_lost:
                handle.on_lost()
            handle.wake_readers()  # behind the run, which closes the log: then they look for what another server writes
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
