"""One socket to a server, which carries one call of HTTP/1.1 after the other."""

import asyncio
import select
from typing import Protocol, cast

import httpx2

from actions.network.answer import Answer, AnswerLimits
from actions.network.request_head import Origin

WRITE_BYTES = 64 * 1024
"""How much of a request is written at once: what a socket that nobody reads from takes in any case."""


class SocketOwner(Protocol):
    """Who opened a socket."""

    def add(self, opened: "HttpSocket") -> None:
        """Learn that a socket is open."""

    def keep(self, idle: "HttpSocket") -> None:
        """Take back a socket whose call is over, and which can carry another."""

    def forget(self, closed: "HttpSocket") -> None:
        """Learn that a socket is closed."""


class HttpSocket(asyncio.Protocol):
    """A socket that is open. The event loop pushes what it receives into the answer of the present call."""

    def __init__(self, owner: SocketOwner, origin: Origin) -> None:
        self.origin = origin
        """The server at its other end."""
        self._owner = owner
        self._transport: asyncio.Transport
        self._answer: Answer | None = None
        self._has_room = True
        self._is_sending = self._is_paused = False
        self._expiry: asyncio.TimerHandle | None = None

    async def ask(
        self, request: bytes, limits: AnswerLimits, *, has_body: bool, write_s: float | None, read_s: float | None
    ) -> Answer:
        """Send a request and return its answer when its head is here; `has_body` is False after HEAD.

        The server has to take each piece of the request within `write_s`, and to send the head within `read_s` after
        that. Raises the errors of httpx2. After an error and after a cancel the socket is closed.
        """
        if self._transport.is_closing():
            raise httpx2.RemoteProtocolError("The server closed the connection before it was asked.")
        answer = self._answer = Answer(self, limits, has_body=has_body)
        try:
            await self._send(request, answer, write_s)
            await self._wait_for_head(answer, read_s)
        except BaseException:
            answer.close()
            raise
        if not answer.status and answer.error is not None:
            raise answer.error
        return answer

    def start_idling(self, limit_s: float) -> None:
        """Wait for the next call. If none comes in time, the socket is closed."""
        self._expiry = asyncio.get_running_loop().call_later(limit_s, self.close)

    def stop_idling(self) -> bool:
        """Return whether the socket can carry another call. If not, it is closed.

        What the system has received of an idle socket is its end, even if the event loop has not told it yet. So no
        request goes into a socket that the server has closed, as far as anybody can know.
        """
        if self._expiry is not None:
            self._expiry.cancel()
        if self._transport.is_closing():
            return False
        poll = select.poll()
        poll.register(self._transport.get_extra_info("socket").fileno(), select.POLLIN)
        if poll.poll(0):
            self.close()
            return False
        return True

    def close(self) -> None:
        """Close the socket at once. A call that is under way fails."""
        self._transport.abort()
        self._end_answer(ConnectionAbortedError("The connection was closed."))

    def pause_reading(self) -> None:
        if not self._is_paused and not self._transport.is_closing():
            self._is_paused = True
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        if self._is_paused and not self._transport.is_closing():
            self._is_paused = False
            self._transport.resume_reading()

    # For the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._owner.add(self)

    def data_received(self, data: bytes) -> None:
        answer = self._answer
        if answer is None:
            self.close()  # nothing was asked
            return
        answer.feed(data)
        if answer.is_over and self._answer is answer:
            self._leave(answer)

    def eof_received(self) -> None:
        self._end_answer(None)
        self._transport.abort()  # closing would wait until the server has read all of the request

    def connection_lost(self, error: Exception | None) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        self._end_answer(error)
        self._owner.forget(self)

    def pause_writing(self) -> None:
        self._has_room = False

    def resume_writing(self) -> None:
        self._has_room = True
        if self._answer is not None:
            self._answer.progress.wake()

    async def _send(self, request: bytes, answer: Answer, within_s: float | None) -> None:
        """Write a request piece by piece. Once its answer has begun, the rest of it is given to the loop at once."""
        sent, self._is_sending = 0, True
        try:
            async with asyncio.timeout(within_s) as limit:
                while sent < len(request) and not answer.status and not answer.is_over:
                    self._transport.write(request[sent : sent + WRITE_BYTES])
                    sent += WRITE_BYTES
                    await self._wait_for_room(answer)
                    limit.reschedule(None if within_s is None else asyncio.get_running_loop().time() + within_s)
        except TimeoutError:
            raise httpx2.WriteTimeout("The server stopped reading the request.") from None
        if sent < len(request) and not answer.is_over:
            self._transport.write(request[sent:])
        self._is_sending = False

    async def _wait_for_room(self, answer: Answer) -> None:
        while not self._has_room and not answer.status and not answer.is_over:
            await answer.progress.sleep()

    async def _wait_for_head(self, answer: Answer, within_s: float | None) -> None:
        try:
            async with asyncio.timeout(within_s):
                while not answer.status and not answer.is_over:
                    await answer.progress.sleep()
        except TimeoutError:
            raise httpx2.ReadTimeout("The server fell silent.") from None

    def _leave(self, answer: Answer) -> None:
        """Let the socket carry another call, if its server agrees and has taken all of the request."""
        self._answer = None
        is_sent = not self._is_sending and not self._transport.get_write_buffer_size()
        if answer.leaves_socket_usable and is_sent and not self._transport.is_closing():
            self.resume_reading()
            self._owner.keep(self)
        else:
            self.close()

    def _end_answer(self, error: Exception | None) -> None:
        answer, self._answer = self._answer, None
        if answer is not None:
            answer.meet_end_of_socket(error)
