"""The body of a streamed answer, decoded at the moment of each read."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator

import anthropic
import httpx2

from actions.anthropic.stream.json_answer import JsonDecoder
from actions.anthropic.stream.message_error import ForeignAnswer
from actions.anthropic.stream.sse import BYTE_ORDER_MARK, Decoder, Event
from actions.network.answer import Answer

EVENT_STREAM = "text/event-stream"
FIELDS = (b"event:", b"data:", b"id:", b"retry:", b":")
"""How the lines of server-sent events begin."""
MAX_EVENTS = 64
"""How many events are decoded in one go, and how many wait at most. A burst may bring thousands in one read, and what
other streams bring must not wait for all of them."""


class PushedBody:
    """Turns bytes into events when the socket brings them, past the SDK and httpx2, whose layers cost more than that.

    They are read, or pushed to who takes them within the read of the socket. While `MAX_EVENTS` events wait to be read,
    the socket is not read.
    """

    def __init__(self, stream: anthropic.AsyncStream[object], media_type: str) -> None:
        self._answer: Answer = stream.response.extensions["answer"]
        self._media_type = media_type
        self._beginning = b""
        """What has come while it was not clear how it is decoded."""
        self._decoder: Decoder | JsonDecoder | None = None
        self._decode_bytes: Callable[[bytes], Iterator[Event]] = self._decode_beginning
        self._events: list[Event] = []
        """What waits to be read."""
        self._take_event: Callable[[Event], bool] | None = None
        """Who takes each event at once, while a `push` goes on."""
        self._undecoded: deque[Iterator[Event]] = deque()
        """What has come and is not decoded: more than a moment only while the reader is behind."""
        self._is_over = False
        self._error: Exception | None = None
        """What cut the body off, or what in it is no event."""
        self._waiting: asyncio.Future[None] | None = None
        """What the read or the push that goes on waits for."""
        self._answer.push_to(self)

    async def read(self) -> Iterator[Event] | None:
        """Give the events that have come, in order, waiting only where there are none; None at the end of the body.

        Raises the errors of httpx2, and ValueError for what is no event, after the events before it.
        """
        while not self._events and not self._is_ended:
            await self._wait()
        if self._events:
            events, self._events = self._events, []
            return iter(events)
        if self._error is not None:
            raise self._error
        return None

    async def push(self, take_event: Callable[[Event], bool]) -> None:
        """Give each event to `take_event` at the moment of the read that brings it, until that returns False.

        Also returns where `read` would give the end, or raise. `take_event` must not wait and not raise.
        """
        events, self._events = self._events, []
        for count, event in enumerate(events, 1):
            if not take_event(event):
                self._events = events[count:]
                return
        self._take_event = take_event
        try:
            while self._is_pushing and not self._is_ended:
                await self._wait()
        finally:
            self._take_event = None

    async def drain(self) -> None:
        """Wait for the end of the body. What stands behind the end of an answer is not looked at."""
        await self._answer.drain()

    def take(self, data: bytes) -> None:
        """Decode what a read has brought, unless the reader is behind."""
        if not self._is_over:
            self._add(self._decode_bytes(data))

    def end(self, error: httpx2.TransportError | None) -> None:
        """Note the end of the body. What the decoder holds then may be a last event."""
        if not self._is_over:
            self._is_over, self._error = True, error
            self._add(self._finish() if error is None else iter(()))

    @property
    def _is_pushing(self) -> bool:
        return self._take_event is not None

    @property
    def _is_ended(self) -> bool:
        return self._is_over and not self._undecoded

    async def _wait(self) -> None:
        """Return when there is something to read, or nobody takes events any more."""
        loop = asyncio.get_running_loop()
        self._waiting = loop.create_future()
        if self._undecoded:
            loop.call_soon(self._go_on)  # in the next turn of the loop: what other streams bring comes first
        await self._waiting

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _add(self, events: Iterator[Event]) -> None:
        self._undecoded.append(events)
        if len(self._undecoded) == 1:
            self._decode()

    def _finish(self) -> Iterator[Event]:
        if self._decoder is not None:
            yield from self._decoder.finish()

    def _decode_beginning(self, data: bytes) -> Iterator[Event]:
        """Choose how the body is decoded as soon as its bytes tell, and decode them. Raises ForeignAnswer."""
        self._beginning += data
        self._decoder = _choose_decoder(self._beginning, self._media_type)
        if self._decoder is not None:
            self._decode_bytes = self._decoder.decode
            yield from self._decode_bytes(self._beginning)

    def _go_on(self) -> None:
        """Decode more, and let the socket be read again when nothing is left."""
        self._decode()
        if not self._undecoded:
            self._answer.resume()

    def _decode(self) -> None:
        """Decode up to `MAX_EVENTS` events; where more have come, hold the socket back and go on later."""
        try:
            if not self._decode_some(MAX_EVENTS - len(self._events)):
                self._answer.pause()
                if self._is_pushing:
                    asyncio.get_running_loop().call_soon(self._go_on)
        except Exception as error:  # raised where the events are read
            self._undecoded.clear()
            self._is_over, self._error = True, error
        if self._events or self._is_ended:
            self._wake()

    def _decode_some(self, room: int) -> bool:
        """Decode up to `room` events, and hand each on; return whether that was all."""
        undecoded = self._undecoded
        while undecoded:
            for event in undecoded[0]:
                take_event = self._take_event
                if take_event is None:
                    self._events.append(event)
                elif not take_event(event):
                    self._take_event = None
                    self._wake()
                room -= 1
                if room <= 0:
                    return False
            undecoded.popleft()
        return True


def _choose_decoder(beginning: bytes, media_type: str) -> Decoder | JsonDecoder | None:
    """Return what decodes a body that begins so, None while that is not clear. Raises ForeignAnswer.

    Gateways give JSON the media type of a stream, and a stream that of JSON, of text, or of nothing.
    """
    if beginning.startswith(FIELDS):
        return Decoder()
    if BYTE_ORDER_MARK.startswith(beginning):
        return None
    line = beginning.removeprefix(BYTE_ORDER_MARK).lstrip()
    if line.startswith((b"{", b"[")):
        return JsonDecoder()
    if line.startswith(FIELDS) or (line and media_type == EVENT_STREAM):
        return Decoder()
    if any(field.startswith(line) for field in FIELDS):
        return None
    raise ForeignAnswer(media_type)
