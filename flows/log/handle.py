"""A run's place in the log of this process: its newest frames, and how far they are committed."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from flows.log.frames import Frame


@dataclass(frozen=True, slots=True)
class LogLimits:
    """How much the log holds in memory, and how closely commits follow one another. Tests make it small."""

    committed_frames: int = 256
    """Committed events of an open run that are held in memory. A reader further behind reads the database."""
    uncommitted_frames: int = 256
    """Events of one run that may wait for the disk. The run waits too when there are more."""
    commit_interval_s: float = 0.002
    """How far apart commits begin, at most: a commit of one event costs as much as one of six."""
    commit_interval_per_run_s: float = 0.000_05
    """The interval is this long for each open run, until it is `commit_interval_s`: a lone run hardly waits."""


LIMITS = LogLimits()


@dataclass(slots=True)
class LogHandle:
    """An open run. The log alone changes it; readers look at it on the same event loop."""

    run_id: UUID
    frames: deque[Frame]
    """The newest frames in their order, committed and not."""
    committed: int = 0
    """The seq of the last committed event. No reader sees an event beyond it."""
    appended: int = 0
    """The seq of the last event that was handed to the log."""
    is_closed: bool = False
    """Whether the run writes nothing more."""
    is_lost: bool = False
    """Whether its events can no longer be stored."""
    on_lost: Callable[[], object] | None = None
    """Called once when its events can no longer be stored."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when anything above has changed. Whoever waits for it clears it first."""

    def get_frames_after(self, cursor: int) -> list[Frame] | None:
        """Return the committed frames after the seq `cursor`, or None when memory does not reach back so far."""
        if cursor >= self.committed:
            return []
        if not self.frames or self.frames[0].seq > cursor + 1:
            return None
        start = cursor + 1 - self.frames[0].seq
        end = self.committed + 1 - self.frames[0].seq
        return [self.frames[index] for index in range(start, end)]
