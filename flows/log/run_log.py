"""The run log: stored before shown.

Writers append on the event loop; one thread per log commits what has gathered, for all runs together, with at
most one batch in flight; then the readers of those runs are woken. Readers pull: each has a cursor and reads
what is committed after it, from memory while the run is live, else from the database. Losing a wake-up costs
latency, never an event.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field
from uuid import UUID
from weakref import WeakKeyDictionary

from flows.events.events import PUBLIC, TERMINAL, RunEvent, encode
from flows.log import rows
from flows.log.rows import Finish, Frame
from flows.log.writer import LogWriter
from web.database import in_database

logger = logging.getLogger(__name__)

KEPT = 256
"""Committed events of a live run held in memory; a reader further behind reads the database."""
MAX_UNCOMMITTED = 256
"""Events of one run that may wait for the disk before its writer has to wait too."""
HEARTBEAT_S = 10.0
POLL_S = 0.5
PAGE, FIRST_PAGE = 500, 50
"""Events of one look into the database, and of a reader's first one: how large its run's events are is not known."""
BATCH_BYTES = 64 * 1024
"""Of events that a reader is given at once: one that stalls holds so much, and not a page of large events."""
PACE_S = 0.002
"""Commits begin no closer together than this when many runs are live: a commit of one event costs as much as one of
six. With few runs there is little to gather, and the time is shorter by `PACE_OF_RUN_S` for each: a lone run waits for
nothing."""
PACE_OF_RUN_S = 0.000_05


class LogUnavailable(Exception):
    """The events of a run could not be stored: its story ends at the last one that was."""


@dataclass(slots=True)
class LiveRun:
    """A run that is written in this process: its newest frames, and how far they are committed."""

    id: UUID
    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=KEPT + MAX_UNCOMMITTED))
    committed: int = 0
    appended: int = 0
    closed: bool = False
    lost: bool = False
    on_lost: Callable[[], object] | None = None
    """Called when its events can no longer be stored."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def after(self, cursor: int) -> list[Frame] | None:
        """Return the committed frames after `cursor`, or None when memory no longer reaches back so far."""
        if cursor >= self.committed:
            return []
        if not self.frames or self.frames[0].seq > cursor + 1:
            return None
        start = cursor + 1 - self.frames[0].seq
        end = self.committed + 1 - self.frames[0].seq
        return [self.frames[index] for index in range(start, end)]


_Appended = tuple[LiveRun, Frame, Finish | None]


class RunLog:
    """The log of one event loop. `run_log()` returns the one of the running loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._live: dict[UUID, LiveRun] = {}
        self._pending: list[_Appended] = []
        self._flying: list[_Appended] = []
        """The batch that is being committed; one at most, so that batches grow by themselves under load."""
        self._handed_at = 0.0
        self._pause: asyncio.TimerHandle | None = None
        self._shut = False
        self._writer = LogWriter(loop, self._land)
        self._heartbeat = loop.call_later(HEARTBEAT_S, self._beat)

    def open(self, run_id: UUID, committed: int = 0) -> LiveRun:
        """Begin to write a run whose events up to `committed` are stored already."""
        live = self._live[run_id] = LiveRun(run_id, committed=committed, appended=committed)
        return live

    def append(self, run: LiveRun, event: RunEvent, finish: Finish | None = None) -> Awaitable[None] | None:
        """Hand one event to the writer. Returns what to await when the disk is far behind, else None.

        With `finish`, the run's row is closed in the same transaction. Raises LogUnavailable when the
        run's events can no longer be stored.
        """
        if run.lost or self._shut:
            raise LogUnavailable(f"run {run.id}")
        frame = Frame(event["seq"], event["type"], encode(event))
        run.frames.append(frame)
        run.appended = frame.seq
        self._pending.append((run, frame, finish))
        if not self._flying and self._pause is None:
            self._hand_over()
        return self._room(run) if run.appended - run.committed > MAX_UNCOMMITTED else None

    async def _room(self, run: LiveRun) -> None:
        while run.appended - run.committed > MAX_UNCOMMITTED and not run.lost:
            run.changed.clear()
            await run.changed.wait()

    async def flush(self, run: LiveRun) -> None:
        """Return when all that was appended is committed; raises LogUnavailable when it cannot be."""
        while run.committed < run.appended and not run.lost:
            run.changed.clear()
            await run.changed.wait()
        if run.lost:
            raise LogUnavailable(f"run {run.id}")

    def close(self, run: LiveRun) -> None:
        """Forget a run that has ended; its readers find the rest in the database."""
        self._live.pop(run.id, None)
        run.closed = True
        run.changed.set()

    async def read(self, run_id: UUID, after: int = 0, *, public: bool = False) -> AsyncGenerator[list[Frame], None]:
        """Yield the run's committed events after a cursor, in order, as they come; end after the terminal one.

        An empty list is a heartbeat: nothing has happened for a while. `public` leaves out the trace. The
        iterator also ends when the run's events can no longer be stored.
        """
        cursor, page = after, FIRST_PAGE
        live: LiveRun | None = None
        while True:
            live = self._live.get(run_id) or live  # one that was closed while it was waited for still holds its end
            frames = live.after(cursor) if live else None
            if frames is None:
                frames = await in_database(rows.read_page, run_id, cursor, page)
                page = min(PAGE, 2 * len(_beginning(frames))) or FIRST_PAGE
            if frames:
                frames = _beginning(frames)
                cursor = frames[-1].seq
                shown = [frame for frame in frames if frame.type in PUBLIC] if public else frames
                live = None  # a reader that stalls here must hold no more than what it was given
                if shown:
                    yield shown
                if frames[-1].type in TERMINAL:
                    return
            elif live and live.closed:
                live = None  # another server may have taken the run over and told more of it
            elif live and live.lost:
                return
            elif live:
                live.changed.clear()
                await live.changed.wait()
                if cursor >= live.committed:
                    live = None
                    yield []
            elif await in_database(rows.has_ended, run_id, cursor):
                return
            else:
                await asyncio.sleep(POLL_S)
                yield []

    def _hand_over(self) -> None:
        """Give the writer all that is pending, now or when the pace allows it."""
        due = self._handed_at + min(PACE_S, PACE_OF_RUN_S * len(self._live))
        now = self._loop.time()
        if due > now:
            self._pause = self._loop.call_at(due, self._after_pause)
            return
        self._handed_at = now
        self._flying, self._pending = self._pending, []
        self._writer.commit([(run.id, frame, finish) for run, frame, finish in self._flying])

    def _after_pause(self) -> None:
        self._pause = None
        self._hand_over()

    def _land(self, refused: frozenset[UUID], failed: Exception | None) -> None:
        landed, self._flying = self._flying, []
        if failed:
            logger.error("run_log_unavailable", exc_info=failed)
            refused = frozenset(run.id for run, _, _ in landed)
        if refused:
            self._lose([run for run, _, _ in landed if run.id in refused])
        if self._pending:
            self._hand_over()
        for run, frame, _ in landed:
            if not run.lost:
                run.committed = frame.seq
            run.changed.set()

    def _lose(self, runs: list[LiveRun]) -> None:
        """Write nothing more of these runs: what waits behind a refused event would leave a gap, or follow an end."""
        for run in runs:
            run.lost = True
            if run.on_lost:
                run.on_lost()
        self._pending = [each for each in self._pending if not each[0].lost]

    def wake(self) -> None:
        """Let every reader look up; one that finds no news yields a heartbeat."""
        for run in self._live.values():
            run.changed.set()

    def _beat(self) -> None:
        self.wake()
        self._heartbeat = self._loop.call_later(HEARTBEAT_S, self._beat)

    def shut(self) -> None:
        """Stop the writer after what it has been given, and close its database connection."""
        self._shut = True
        self._heartbeat.cancel()
        if self._pause:
            self._pause.cancel()
        self._writer.shut()
        for run in self._live.values():  # who waits for what was not handed over would wait for ever
            run.lost = run.committed < run.appended
            run.changed.set()


def _beginning(frames: list[Frame]) -> list[Frame]:
    """Return the first of the frames, at least one, and no more than are read at once."""
    size = 0
    for at, frame in enumerate(frames):
        size += len(frame.data)
        if size > BATCH_BYTES and at:
            return frames[:at]
    return frames


_logs: WeakKeyDictionary[asyncio.AbstractEventLoop, RunLog] = WeakKeyDictionary()


def run_log() -> RunLog:
    """Return the log of the running event loop."""
    loop = asyncio.get_running_loop()
    log = _logs.get(loop)
    if log is None:
        log = _logs[loop] = RunLog(loop)
    return log
