"""A run's place in the log of this process: its newest frames, and how far they are committed."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from flows.events.events import TERMINAL
from flows.limits.run_limit_error import build_event_bytes_error, build_run_bytes_error
from flows.limits.run_limits import DEFAULT_LIMITS, RunLimits
from flows.log.follower import Follower
from flows.log.frames import Frame


@dataclass(frozen=True, slots=True)
class LogLimits:
    """How much the log holds in memory, and how closely commits follow one another. Tests make it small."""

    window_bytes: int = 256 * 1024
    """Of the newest events of an open run, those in memory. A run that has told so much waits for the disk."""
    committed_frames: int = 256
    """Committed events of an open run that are held in memory. A reader further behind reads the database."""
    uncommitted_frames: int = 256
    """Events of one run that may wait for the disk. The run waits too when there are more."""
    commit_interval_s: float = 0.002
    """How far apart commits begin, at most: a commit of one event costs as much as one of six."""
    commit_interval_per_run_s: float = 0.000_05
    """The interval is this long for each open run, until it is `commit_interval_s`: a lone run hardly waits."""
    server_interval_factor: float = 2.5
    """How many times as long both are where the database is a server, whose commits cost as many times as much."""
    slow_commit_s: float = 0.02
    """A commit on the event loop that waits for longer than this is slow. After two in a row the thread commits."""


LIMITS = LogLimits()
END_EVENTS = TERMINAL | {"usage"}
"""What is small, and must be told of each run."""


@dataclass(slots=True, eq=False)
class LogHandle:
    """An open run. The log alone changes it; readers look at it on the same event loop."""

    run_id: UUID
    frames: deque[Frame]
    """The newest frames in their order, committed and not."""
    committed: int = 0
    """The seq of the last committed event. No reader sees an event beyond it."""
    appended: int = 0
    """The seq of the last event that was handed to the log."""
    limits: RunLimits = DEFAULT_LIMITS
    """How much the run may tell."""
    appended_bytes: int = 0
    """Of all events that were handed to the log."""
    next_look_bytes: int = 0
    """When `appended_bytes` would rise above this, the log looks at the sizes. It does not look at each event."""
    is_full: bool = False
    """Whether the run has been told that it has told too much: what comes now is about its end."""
    is_closed: bool = False
    """Whether the run writes nothing more."""
    is_mirror: bool = False
    """Whether another process executes the run: see `flows.log.mirrors`. Nothing is appended to it here."""
    is_lost: bool = False
    """Whether its events can no longer be stored."""
    on_lost: Callable[[], object] | None = None
    """Called once when its events can no longer be stored."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when anything above has changed. Whoever waits for it clears it first."""
    followers: list[Follower] = field(default_factory=list)
    """The readers to which is pushed what is committed. Each adds and removes itself, in its own task."""

    def tell_commit(self) -> None:
        """Push what was committed to the followers, and wake everybody else."""
        for follower in self.followers:
            follower.take(self.get_frames_after(follower.cursor))
        self.changed.set()

    def wake_readers(self) -> None:
        """Let everybody look, also the followers."""
        for follower in self.followers:
            follower.dismiss()
        self.changed.set()

    def drop_old_frames(self, max_bytes: int) -> None:
        """Hold no more of the newest frames than `max_bytes`; the log has the others, or is about to."""
        held = 0
        for count, frame in enumerate(reversed(self.frames)):
            held += len(frame.data)
            if held > max_bytes:
                for _ in range(len(self.frames) - count):
                    self.frames.popleft()
                return

    def get_frames_after(self, cursor: int) -> list[Frame] | None:
        """Return the committed frames after the seq `cursor`, or None when memory does not reach back so far."""
        if cursor >= self.committed:
            return []
        if not self.frames:
            return None
        if cursor + 1 == self.committed == self.frames[-1].seq:  # usual, and by far the cheapest
            return [self.frames[-1]]
        if self.frames[0].seq > cursor + 1:
            return None
        start = cursor + 1 - self.frames[0].seq
        end = self.committed + 1 - self.frames[0].seq
        return [self.frames[index] for index in range(start, end)]


def check_size(handle: LogHandle, frame: Frame) -> None:
    """Raise RunLimitError when an event is larger than one may be, or the run has told too much; the latter once."""
    size, limits = len(frame.data), handle.limits
    if size > limits.event_bytes:
        raise build_event_bytes_error(size, limits.event_bytes)
    if handle.appended_bytes + size > limits.run_bytes and not handle.is_full and frame.type not in END_EVENTS:
        handle.is_full = True
        raise build_run_bytes_error(limits.run_bytes)
