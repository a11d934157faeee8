"""The events of a streamed answer, read from its body under the limits of the call.

There are several ways to read a body: docs/decisions/0005-the-source-of-a-stream.md tells what each costs, and
`bench/readers.py` has the others, which pass the same tests or are listed where they do not.
"""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import suppress
from typing import Protocol, TypeVar

import anthropic

from actions.anthropic.stream.api_message import ApiMessage
from actions.anthropic.stream.deadline import Deadline, DeadlineExceeded
from actions.anthropic.stream.failures import describe_overrun, describe_stall, describe_truncation
from actions.anthropic.stream.json_answer import read_json_answer
from actions.anthropic.stream.sse import Decoder, Event
from actions.anthropic.stream.timing import Timing
from actions.network.response_body import AnswerBody

T = TypeVar("T")


class Body(Protocol):
    """A body that is being received."""

    async def read(self) -> Iterator[Event] | None:
        """Return the events of the next read, in order, perhaps none; None at the end of the body.

        A read that breaks raises the errors of httpx2. What is no event raises ValueError where the iterator meets it.
        """


class DecodedBody:
    """Reads past the SDK and httpx2, whose layers and timers cost more than all that Millrace does with a chunk."""

    def __init__(self, stream: anthropic.AsyncStream[object]) -> None:
        self._bytes: AnswerBody = stream.response.extensions["body"]
        self._decoder = Decoder()

    async def read(self) -> Iterator[Event] | None:
        data = await self._bytes.read()
        return self._decoder.decode(data) if data else self._decoder.finish()


class JsonBody:
    """Reads an answer that is one JSON document, and gives its events when it is whole."""

    def __init__(self, stream: anthropic.AsyncStream[object]) -> None:
        self._bytes: AnswerBody = stream.response.extensions["body"]
        self._held = bytearray()
        self._is_read = False

    async def read(self) -> Iterator[Event] | None:
        data = await self._bytes.read()
        self._held += data
        if data or self._is_read:
            return iter(()) if data else None
        self._is_read = True
        return read_json_answer(bytes(self._held))


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
        left_s = self.deadline.left_s
        events = await self.wait(self._body.read(), self.silence_s - self.quiet_s)
        self.quiet_s += left_s - self.deadline.left_s
        if events is None:
            raise describe_truncation()
        return events

    async def wait(self, work: Awaitable[T], within_s: float) -> T:
        """Await `work` for a time, and for what is left of the call's. The consumer's own time does not count."""
        try:
            return await self.deadline.wait(work, within_s)
        except DeadlineExceeded as exceeded:
            raise (describe_overrun(self._limit_s) if exceeded.in_all else describe_stall(self.silence_s)) from None

    async def drain(self) -> None:
        """Read a complete answer to its end, for a moment only, so that its socket can serve the next call."""
        with suppress(Exception):
            async with asyncio.timeout(self._timing.drain_s):
                while await self._body.read() is not None:
                    pass

    @property
    def silence_s(self) -> float:
        """How long no content may come now."""
        return self._timing.thinking_silence_s if self._message.silent else self._timing.silence_s
