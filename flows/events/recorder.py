"""Numbers the events of a run, in order, and hands each to a function, which stores it. Pure."""

import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, cast

from actions.contract.steps import LEFT_REASON, FinishKind
from flows.events.events import RunEvent, Usage, add_usage
from flows.limits.run_limit_error import RunLimitError, build_events_error

AppendEvent = Callable[[RunEvent], Awaitable[None] | None]
"""Takes an event. What it returns, if anything, is awaited before the run goes on: a full log slows the run."""

HideSecrets = Callable[[dict[str, Any]], dict[str, Any]]

MAX_EVENTS = 200_000
"""Per run: an answer of 128,000 tokens in the smallest chunks fits, a loop without an end does not."""


class EventSink(Protocol):
    """Records the events of one execution."""

    def ms(self) -> int:
        """Return the milliseconds since the run began."""

    async def record(self, type: str, **fields: Any) -> None:
        """Record one event; raises RunLimitError when the run has too many, or the log takes no more of it."""

    async def begin_answer(self, **fields: Any) -> int:
        """Record `answer.started` and return a number by which the end of the answer is told."""

    async def end_answer(self, answer: int | None, **fields: Any) -> None:
        """Record `usage`, and add it to what the run has cost. `answer` is the number, None if no start was told."""


class EventRecorder:
    """Numbers the events of one run, and adds up what its end says: the usage and the last finish reason."""

    def __init__(self, append: AppendEvent, seq: int = 0, ms: int = 0) -> None:
        """`seq` and `ms` are those of the last event before, in a run that goes on from there."""
        self._append = append
        self._began = time.monotonic() - ms / 1000
        self.seq = seq
        self.usage: Usage | None = None
        self.finish_reason: str | None = None
        self.finish_kind: FinishKind | None = None
        self._is_full = False
        self._open_answers: dict[int, dict[str, Any]] = {}
        """What is known of each answer that has begun and not ended, by the seq of its start."""

    def ms(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    async def begin_answer(self, **fields: Any) -> int:
        await self.record("answer.started", **fields)
        self._open_answers[self.seq] = fields
        return self.seq

    async def end_answer(self, answer: int | None, **fields: Any) -> None:
        if answer is not None:
            self._open_answers.pop(answer, None)
        self._spend(fields)
        await self.record("usage", **fields)

    async def record(self, type: str, **fields: Any) -> None:
        """Return when the event is taken; raises RunLimitError `limit_events` past the limit, once.

        What it raises ends the run. What the run tells after that, of its end, is taken.
        """
        if self.seq >= MAX_EVENTS and not self._is_full:
            self._is_full = True
            raise build_events_error(MAX_EVENTS)
        pressure = self._write(type, fields)
        if pressure is not None:
            await pressure

    async def complete(self, result: Any) -> None:
        """Record the end of a run that came to its own end. An answer that goes on then was left by the flow."""
        await self._close_answers({"stop_reason": LEFT_REASON, "finish_kind": "left"})
        reasons = {"finish_reason": self.finish_reason, "finish_kind": self.finish_kind}
        await self.end("run.completed", result=result, **reasons)

    async def end(self, type: str, **fields: Any) -> None:
        """Record a terminal event, which no limit stops, after what the answers that go on have cost."""
        await self._close_answers({"stop_reason": None, "finish_kind": None})
        await self._write_unlimited(type, {**fields, "usage": self.usage})

    def _spend(self, fields: dict[str, Any]) -> None:
        self.usage = add_usage(self.usage, fields)
        self.finish_reason, self.finish_kind = fields["stop_reason"], fields["finish_kind"]

    async def _close_answers(self, reasons: dict[str, Any]) -> None:
        for fields in self._open_answers.values():
            usage = {**fields, **reasons, "first_message_ms": None}
            self._spend(usage)
            await self._write_unlimited("usage", usage)
        self._open_answers.clear()

    async def _write_unlimited(self, type: str, fields: dict[str, Any]) -> None:
        pressure = self._write(type, fields)
        if pressure is not None:
            await pressure

    def _write(self, type: str, fields: dict[str, Any]) -> Awaitable[None] | None:
        self.seq += 1
        try:
            return self._append(cast(RunEvent, {"type": type, "seq": self.seq, "ms": self.ms(), **fields}))
        except RunLimitError:  # it was not taken
            self.seq -= 1
            raise


class HidingRecorder(EventRecorder):
    """Records the events of a run that reads secrets: what no event may contain is taken out of each."""

    def __init__(self, append: AppendEvent, seq: int, ms: int, hide: HideSecrets) -> None:
        super().__init__(append, seq, ms)
        self._hide = hide

    def _write(self, type: str, fields: dict[str, Any]) -> Awaitable[None] | None:
        return super()._write(type, self._hide(fields))
