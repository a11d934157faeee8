"""The events of a streamed answer, read from its body under the limits of the call.

There are several ways to read a body: docs/decisions/0005-the-source-of-a-stream.md tells what each costs, and
`bench/readers.py` has the others, which pass the same tests or are listed where they do not.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Protocol, TypeVar

from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.deadline import Deadline, DeadlineExceeded
from actions.anthropic.stream.failures import Failure, describe_overrun, describe_stall, describe_truncation
from actions.anthropic.stream.sse import Event
from actions.anthropic.stream.timing import Timing

T = TypeVar("T")


class Body(Protocol):
    """A body that is being received."""

    def read(self) -> Awaitable[Iterator[Event] | None]:
        """Give the next events, in order, perhaps none; None at the end of the body.

        A read that breaks raises the errors of httpx2, and what is no event raises ValueError: here, or where the
        iterator meets it.
        """

    async def push(self, take_event: Callable[[Event], bool]) -> None:
        """Give each event to `take_event` when it comes, until that returns False, or nothing more can be pushed.

        What ends the body, or breaks it, is told by the next `read`.
        """

    async def drain(self) -> None:
        """Wait for the end of the body, and ignore what comes until then."""


class EventReader:
    """Reads the events of one call, through all its tries, and bounds each of its waits."""

    def __init__(self, timing: Timing, limit_s: float) -> None:
        self.events: Iterator[Event] = iter(())
        """What the last read gave, as far as it is not applied to the message yet."""
        self.quiet_s = 0.0
        """How long the API has sent no content. Whoever finds content in an event sets it to 0."""
        self.deadline = Deadline(limit_s)
        self._timing = timing
        self._limit_s = limit_s
        self._message = ApiMessage()
        self._body: Body

    def begin_try(self, message: ApiMessage) -> None:
        """Read for another try from now on; `message` says whether silence is natural."""
        self._message = message

    def begin_body(self, body: Body) -> None:
        """Read from the body of the try's answer from now on."""
        self._body, self.events, self.quiet_s = body, iter(()), 0.0

    async def read(self) -> Iterator[Event]:
        """Return the events of the next read. Reads that bring no content share one silence. Raises Failure."""
        events = await self._wait_for_content(self._body.read())
        if events is None:
            raise describe_truncation()
        return events

    async def push(self, take_event: Callable[[Event], bool]) -> None:
        """Give each event to `take_event` at the moment at which it comes, until that returns False. Raises Failure.

        First come those of the last read. Whoever finds content in an event sets `deadline.renewed_at`.
        Returns also when nothing more can be pushed: `read` tells why.
        """
        for event in self.events:
            self.quiet_s = 0.0
            if not take_event(event):
                return
        await self._wait_for_content(self._body.push(take_event))

    async def _wait_for_content(self, work: Awaitable[T]) -> T:
        deadline = self.deadline
        try:
            return await deadline.wait(work, self.silence_s - self.quiet_s, self.silence_s)
        except DeadlineExceeded as exceeded:
            raise self._describe(exceeded) from None
        finally:
            self.quiet_s = deadline.get_quiet_s(self.quiet_s)

    def put_back(self, event: Event) -> None:
        """Let `events` give this event next."""
        self.events = chain((event,), self.events)

    def put_back_error(self, error: Exception) -> None:
        """Let `events` raise this error next."""
        self.events = _raise_error(error)

    async def wait(self, work: Awaitable[T], within_s: float) -> T:
        """Await `work` for a time, and for what is left of the call's. The consumer's own time does not count."""
        try:
            return await self.deadline.wait(work, within_s)
        except DeadlineExceeded as exceeded:
            raise self._describe(exceeded) from None

    async def drain(self) -> None:
        """Read a complete answer to its end, for a moment only, so that its socket can serve the next call."""
        with suppress(Exception):
            async with asyncio.timeout(self._timing.drain_s):
                await self._body.drain()

    def _describe(self, exceeded: DeadlineExceeded) -> Failure:
        return describe_overrun(self._limit_s) if exceeded.in_all else describe_stall(self.silence_s)

    @property
    def silence_s(self) -> float:
        """How long no content may come now."""
        return self._timing.thinking_silence_s if self._message.silent else self._timing.silence_s


def _raise_error(error: Exception) -> Iterator[Event]:
    raise error
    yield
