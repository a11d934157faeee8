"""Follows runs of other processes: their readers here wait as those of this process's own runs do.

A mirror is a handle whose frames come from other processes: they tell what they have stored, as soon as it is stored.
The database is the record. One query reads what is new of all mirrored runs: at once when something before what was
told is missing, or it was too large to be told, and regularly, because a message may be lost, and there may be nobody
who tells.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping, MutableMapping, Set
from typing import Protocol
from uuid import UUID

from django.db import DatabaseError, InterfaceError

from flows.events.events import TERMINAL
from flows.log.frames import Frame, News
from flows.log.handle import LogHandle
from flows.log.told_frames import read_frames
from web.database import in_database

logger = logging.getLogger(__name__)

LOOK_INTERVAL_S = 0.5
"""How often all mirrored runs are looked for."""
PACE_S = 0.004
"""How far apart two looks begin, at most: one for many runs costs hardly more than one for a few."""
PACE_PER_RUN_S = 0.000_1
"""The pace is this long for each mirrored run, until it is `PACE_S`: a lone run hardly waits."""
MAX_FRAMES = 256
"""That a mirror holds for readers who come a little later. One further behind reads the database."""
NEW_S, MAX_NEW = 5.0, 1_000
"""For how long a run that was left to others counts as new, and how many do: enough until its first reader comes."""


class ReadNews(Protocol):
    """Reads what is stored of these runs after the seq that is known of each, and which have ended. Sync."""

    def __call__(self, cursors: Mapping[UUID, int], *, with_ended: bool) -> News: ...


class Mirrors:
    """The mirrors of one event loop, among the handles of its log. Each is held by its readers, and goes with them."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        handles: MutableMapping[UUID, LogHandle],
        window_bytes: int,
        read_news: ReadNews,
    ) -> None:
        self._loop = loop
        self._handles = handles
        self._read_news = read_news
        self._half_window_bytes = window_bytes // 2
        """As in `RunLog`: when so many more have come, no more than these are kept of one mirror."""
        self._readers: dict[UUID, int] = {}
        """How many readers each mirrored run has."""
        self._new: dict[UUID, float] = {}
        """The runs that this process has left to others, and when, the oldest first."""
        self._due: set[UUID] = set()
        self._is_regular = False
        """Whether the next look also asks which runs go on."""
        self._look: asyncio.Task[None] | None = None
        self._looked_at = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def hold(self, run_id: UUID, cursor: int) -> None:
        """Mirror a run for a reader that has read it up to the seq `cursor`, unless this process executes it."""
        self._readers[run_id] = self._readers.get(run_id, 0) + 1
        if run_id not in self._handles:
            self._handles[run_id] = LogHandle(run_id, deque(maxlen=MAX_FRAMES), cursor, cursor, is_mirror=True)
        self.wake({run_id})
        if self._timer is None:
            self._timer = self._loop.call_later(LOOK_INTERVAL_S, self._look_regularly)

    def expect(self, run_id: UUID) -> None:
        """Take note of a run of which nothing is stored yet, and that another process is about to execute."""
        self._new[run_id] = self._loop.time()
        if len(self._new) > MAX_NEW:
            del self._new[next(iter(self._new))]

    def take_new(self, run_id: UUID) -> bool:
        """Return whether this is the first reader of a run that was left to another process a moment ago."""
        return self._loop.time() - self._new.pop(run_id, -NEW_S) < NEW_S

    def release(self, run_id: UUID) -> None:
        """Forget a reader. The mirror goes with its last one."""
        self._readers[run_id] -= 1
        if not self._readers[run_id]:
            del self._readers[run_id]
            if (handle := self._handles.get(run_id)) and handle.is_mirror:
                del self._handles[run_id]

    def hear(self, told: Mapping[UUID, bytes]) -> None:
        """Take the events that another process has stored and tells. What is missing before them is looked for."""
        missing = set()
        for run_id in told.keys() & self._readers.keys():
            handle = self._handles.get(run_id)
            if handle and handle.is_mirror and not (told[run_id] and self._take(handle, read_frames(told[run_id]))):
                missing.add(run_id)
        self.wake(missing)

    def wake(self, run_ids: Set[UUID]) -> None:
        """Look soon for what is new of those of the runs that are mirrored."""
        self._due.update(run_ids & self._readers.keys())
        if self._due and self._look is None:
            self._look = self._loop.create_task(self._look_for_due(), name="news of other processes")

    def shut_down(self) -> None:
        if self._timer:
            self._timer.cancel()
        if self._look:
            self._look.cancel()

    def _look_regularly(self) -> None:
        self._timer = None
        if self._readers:
            self._timer = self._loop.call_later(LOOK_INTERVAL_S, self._look_regularly)
            self._is_regular = True
            self.wake(set(self._readers))

    async def _look_for_due(self) -> None:
        try:
            while self._due:
                pace_s = min(PACE_S, PACE_PER_RUN_S * len(self._readers))
                if (wait_s := self._looked_at + pace_s - self._loop.time()) > 0:
                    await asyncio.sleep(wait_s)
                self._looked_at = self._loop.time()
                await self._look_for_some()
        except (DatabaseError, InterfaceError):  # the next regular look may find it back
            logger.warning("other_processes_not_read")
        finally:
            self._look = None

    async def _look_for_some(self) -> None:
        due, self._due = self._due, set()
        is_regular, self._is_regular = self._is_regular, False
        mirrors = {run_id: handle for run_id in due if (handle := self._handles.get(run_id)) and handle.is_mirror}
        if not mirrors:
            return
        cursors = {run_id: handle.committed for run_id, handle in mirrors.items()}
        found = await in_database(self._read_news, cursors, with_ended=is_regular)
        for run_id, frames in found.frames.items():
            if self._handles.get(run_id) is mirrors[run_id]:
                self._take(mirrors[run_id], frames)
        for run_id in found.ended:
            if mirrors[run_id].committed == cursors[run_id]:  # its last events may be archived, or gone
                self._close(mirrors[run_id])
        if found.is_cut:
            self._due |= due & self._readers.keys()

    def _take(self, handle: LogHandle, frames: list[Frame]) -> bool:
        """Add what is new of the frames of a run, and tell its readers; return False when some before them are missing.

        Some may be known: what is told and what a look finds come in any order.
        """
        known = handle.committed + 1 - frames[0].seq
        if known < 0:
            return False
        if frames := frames[known:]:
            self._add(handle, frames)
        return True

    def _add(self, handle: LogHandle, frames: list[Frame]) -> None:
        handle.frames.extend(frames)
        handle.committed = handle.appended = frames[-1].seq
        handle.appended_bytes += sum([len(frame.data) for frame in frames])
        if handle.appended_bytes > handle.next_look_bytes:
            handle.next_look_bytes = handle.appended_bytes + self._half_window_bytes
            handle.drop_old_frames(self._half_window_bytes)
        handle.tell_commit()
        if frames[-1].type in TERMINAL:
            self._close(handle)

    def _close(self, handle: LogHandle) -> None:
        handle.is_closed = True
        if self._handles.get(handle.run_id) is handle:
            del self._handles[handle.run_id]
        handle.wake_readers()


class MirrorHold:
    """See `flows.log.reader.HeldMirror`."""

    def __init__(self, mirrors: Mirrors, run_id: UUID, *, is_new: bool) -> None:
        self._mirrors = mirrors
        self._run_id = run_id
        self._is_new = is_new
        self._is_held = False

    def hold_new(self, cursor: int) -> None:
        if self._is_new:
            self.hold(cursor)

    def hold(self, cursor: int) -> None:
        self.release()
        self._mirrors.hold(self._run_id, cursor)
        self._is_held = True

    def release(self) -> None:
        if self._is_held:
            self._mirrors.release(self._run_id)
            self._is_held = False
