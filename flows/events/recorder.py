"""Numbers the events of a run, in order, and hands each to a function, which stores it. Pure."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from actions.contract.errors import ActionError
from flows.events.events import RunEvent, Usage, add_usage

AppendEvent = Callable[[RunEvent], Awaitable[None] | None]
"""Takes an event. What it returns, if anything, is awaited before the run goes on: a full log slows the run."""

MAX_EVENTS = 200_000
"""Per run: an answer of 128,000 tokens in the smallest chunks fits, a loop without an end does not."""


class EventSink(Protocol):
    """Records the events of one execution."""

    def ms(self) -> int:
        """Return the milliseconds since the run began."""

    async def record(self, type: str, **fields: Any) -> None:
        """Record one event; raises ActionError `limit_events` when the run has too many."""

    def spend(self, usage: Usage, stop_reason: str | None) -> None:
        """Add what a call cost to what the run has cost, and keep why it stopped."""


class EventRecorder:
    """Numbers the events of one run, and adds up what its end says: the usage and the last finish reason."""

    def __init__(self, append: AppendEvent, seq: int = 0, ms: int = 0) -> None:
        """`seq` and `ms` are those of the last event before, in a run that goes on from there."""
        self._append = append
        self._began = time.monotonic() - ms / 1000
        self.seq = seq
        self.usage: Usage | None = None
        self.finish_reason: str | None = None

    def ms(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    def spend(self, usage: Usage, stop_reason: str | None) -> None:
        self.usage = add_usage(self.usage, usage)
        self.finish_reason = stop_reason

    async def record(self, type: str, **fields: Any) -> None:
        """Return when the event is taken; raises ActionError `limit_events` past the limit."""
        if self.seq >= MAX_EVENTS:
            raise ActionError(
                "limit_events", f"The run has {MAX_EVENTS:,} events, which is the limit.", "Does a loop end?"
            )
        pressure = self._write(type, fields)
        if pressure is not None:
            await pressure

    async def end(self, type: str, **fields: Any) -> None:
        """Record a terminal event, which no limit stops."""
        pressure = self._write(type, {**fields, "usage": self.usage})
        if pressure is not None:
            await pressure

    def _write(self, type: str, fields: dict[str, Any]) -> Awaitable[None] | None:
        self.seq += 1
        return self._append(cast(RunEvent, {"type": type, "seq": self.seq, "ms": self.ms(), **fields}))
