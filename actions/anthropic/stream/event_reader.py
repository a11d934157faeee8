"""The body of a streamed answer, as events. There are several ways to read it: decision 0005 tells what each costs, and
`bench/readers.py` has the others, which pass the same tests or are told where they do not."""

from collections.abc import Iterator
from typing import Protocol

import anthropic

from actions.anthropic.stream.sse import Decoder, Event
from actions.network.response_body import AnswerBody


class Body(Protocol):
    """A body that is being received."""

    async def read(self) -> Iterator[Event] | None:
        """Return the events of the next read, in order, perhaps none; None at the end of the body.

        A read that breaks raises the errors of httpx2. What is no event raises ValueError where the iterator meets it.
        """


class DecodedBody:
    """Past the SDK and httpx2, whose layers and timers cost more than all that Millrace does with a chunk."""

    def __init__(self, stream: anthropic.AsyncStream[object]) -> None:
        self._bytes: AnswerBody = stream.response.extensions["body"]
        self._decoder = Decoder()

    async def read(self) -> Iterator[Event] | None:
        data = await self._bytes.read()
        return self._decoder.events(data) if data else None
