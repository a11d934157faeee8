"""Turns what happens into numbered events, in order. Pure: where they go is the sink's business."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, cast

from actions.errors import ActionError
from flows.events import RunEvent, Usage

Sink = Callable[[RunEvent], Awaitable[None]]

MAX_EVENTS = 200_000
"""Per run: an answer of 128,000 tokens in the smallest chunks fits, a loop without an end does not."""


class Recorder:
    """Numbers the events of one run and keeps what its end tells: usage and the last finish reason.

    `record` returns when the sink has taken the event; it raises ActionError `limit_events` past the limit.
    """

    def __init__(self, sink: Sink, seq: int = 0) -> None:
        self._sink = sink
        self._began = time.monotonic()
        self.seq = seq
        self.usage: Usage | None = None
        self.finish_reason: str | None = None

    def ms(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    async def record(self, type: str, **fields: Any) -> None:
        if self.seq >= MAX_EVENTS:
            raise ActionError(
                "limit_events", f"The run has {MAX_EVENTS:,} events, which is the limit.", "Does a loop end?"
            )
        await self._write(type, fields)

    async def end(self, type: str, **fields: Any) -> None:
        """Record a terminal event, which no limit stops."""
        await self._write(type, {**fields, "usage": self.usage})

    async def _write(self, type: str, fields: dict[str, Any]) -> None:
        self.seq += 1
        await self._sink(cast(RunEvent, {"type": type, "seq": self.seq, "ms": self.ms(), **fields}))
