"""The answer to one request, read under limits as it comes. httptools takes it apart."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import httptools
import httpx2

from actions.network.wakeup import Wakeup

MEGABYTE = 1024 * 1024
MAX_KEPT_BYTES = 128 * 1024
"""While more than this of a body is kept, the socket is not read."""
MAX_HEAD_BYTES = 64 * 1024
"""How many bytes may come before the body: status, headers and interim answers. Also how many may come between two
pieces of the body."""
PLAIN_CODINGS = frozenset(
    {b"", b"identity", b"none", b"utf-8", b"utf8", b"us-ascii", b"iso-8859-1", b"7bit", b"8bit", b"binary", b"chunked"}
)
"""What servers write as the coding of a body that has none, most of it the words of other headers."""

Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much of an answer is read before it is called broken. The largest known line is a web page."""

    line_bytes: int = 8 * MEGABYTE
    total_bytes: int = 64 * MEGABYTE


ANSWER_LIMITS = AnswerLimits()


class AnswerTooLarge(httpx2.RemoteProtocolError):
    """The answer passed a limit, or came compressed although that was declined."""


class BodySink(Protocol):
    """Takes the body of an answer at the moment of each read. It must not wait, and must not raise."""

    def take(self, data: bytes) -> None:
        """Take the next bytes. Much may come in one read, also after `Answer.pause`."""

    def end(self, error: httpx2.TransportError | None) -> None:
        """Learn that the body is whole, or that `error` cut it off. Nothing comes after that."""


class Carrier(Protocol):
    """What an answer comes through: a socket."""

    def pause_reading(self) -> None: ...
    def resume_reading(self) -> None: ...
    def close(self) -> None: ...


class Answer:
    """An answer that is being received. httptools calls the methods whose names begin with `on_`.

    Its body is kept until `read` gives it, or goes to a sink by `push_to`.
    """

    def __init__(self, carrier: Carrier, limits: AnswerLimits, *, has_body: bool) -> None:
        self.status = 0
        """0 until the head is here. An interim answer (1xx) is not told."""
        self.reason = b""
        self.headers: list[tuple[bytes, bytes]] = []
        self.is_over = False
        """Whether nothing more comes: the answer is whole, was cut off, or was closed."""
        self.error: httpx2.TransportError | None = None
        """What cut the answer off."""
        self.leaves_socket_usable = False
        """Whether another request may go through the same socket. Known when the answer is over."""
        self.progress = Wakeup()
        """Wakes the task that waits for the head. It is the answer's own, because its socket may carry another call
        before that task has its turn."""
        self._carrier = carrier
        self._limits = limits
        self._has_body = has_body
        self._kept = KeptBody(carrier)
        self._sink: BodySink = self._kept
        self._head_bytes = self._line_bytes = self._body_bytes = self._bytes_between = 0
        # The parser holds this answer, and a sink may: they are let go at the end, and no collection has to find them.
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)
        # What is common although the standard forbids it. Requests that are refused for it would work elsewhere.
        self._parser.set_dangerous_leniencies(
            lenient_headers=True, lenient_optional_cr_before_lf=True, lenient_spaces_after_chunk_size=True
        )

    # For those who use the answer.

    async def read(self, within_s: float | None = None) -> bytes:
        """Return all that has come of the body, waiting only where that is nothing; nothing is the end.

        Raises the errors of httpx2, AnswerTooLarge among them, after what came before the error.
        """
        return await self._kept.read(within_s)

    async def drain(self) -> None:
        """Wait for the end of the body, and ignore what comes until then, so that the socket can carry another call.

        Raises what cuts the body off. Whoever calls it bounds the time.
        """
        if not self.is_over:
            self._kept = self._sink = KeptBody(self._carrier)
            self.resume()
            while await self._kept.read(None):
                pass

    def push_to(self, sink: BodySink) -> None:
        """Give the body to `sink` from now on, first what has come already."""
        if came := self._kept.take_all():
            sink.take(came)
        if self.is_over:
            sink.end(self.error)
        else:
            self._sink = sink

    def pause(self) -> None:
        """Read no more of the socket after the present read."""
        if not self.is_over:
            self._carrier.pause_reading()

    def resume(self) -> None:
        if not self.is_over:
            self._carrier.resume_reading()

    def close(self) -> None:
        """Close the socket, if the answer is not whole. May be called at any time, and more than once."""
        if not self.is_over:
            self.cut_off(httpx2.ReadError("The answer was closed."))

    # For the socket.

    def feed(self, data: bytes) -> None:
        """Take what the socket has received."""
        body_bytes, parser = self._body_bytes, self._parser
        if parser is None:
            return
        try:
            parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self.leaves_socket_usable = False
            self.cut_off(httpx2.RemoteProtocolError(f"The answer is not HTTP: {error}"))
        if self._body_bytes != body_bytes:
            self._bytes_between = 0
        else:
            self._bytes_between += len(data)
            if self._bytes_between > MAX_HEAD_BYTES:
                self.cut_off(httpx2.RemoteProtocolError("The head of the answer is longer than it may be."))

    def meet_end_of_socket(self, error: Exception | None) -> None:
        """Learn that the socket has ended, with the error of the system if it was not the server who ended it."""
        if self.is_over:
            return
        if error is not None:
            broken = httpx2.ReadError(str(error))
            broken.__cause__ = error
            self.cut_off(broken)
        elif self.status and not self._tells_its_length():
            self._finish(None)
        else:
            self.cut_off(httpx2.RemoteProtocolError("The server closed the connection before the answer was whole."))

    def cut_off(self, error: httpx2.TransportError) -> None:
        """End an answer that is not over yet with an error, and close its socket."""
        if not self.is_over:
            self._finish(error)
            self._carrier.close()

    # For httptools. What comes behind the end of the answer was not asked for: no other request may follow it.

    def on_message_begin(self) -> None:
        self.leaves_socket_usable = False

    def on_status(self, reason: bytes) -> None:
        self.reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self.status:
            return  # behind the body: nobody uses these
        self.headers.append((name, value.rstrip(b" \t")))
        self._head_bytes += len(name) + len(value)
        if self._head_bytes > MAX_HEAD_BYTES:
            self.cut_off(httpx2.RemoteProtocolError("The head of the answer is longer than it may be."))

    def on_headers_complete(self) -> None:
        if self._parser is None:
            return
        status = self._parser.get_status_code()
        if status < 100 or status == 101:
            self.cut_off(httpx2.RemoteProtocolError(f"The answer has status {status}, which is none of a call."))
        elif status < 200:
            self.reason = b""
            self.headers.clear()
        else:
            self.status = status
            self.progress.wake()
            if not self._has_body:
                self._complete()

    def on_body(self, data: bytes) -> None:
        size, end, limits = len(data), data.rfind(b"\n"), self._limits
        line_bytes = self._line_bytes = self._line_bytes + size if end < 0 else size - end - 1
        body_bytes = self._body_bytes = self._body_bytes + size
        if self.is_over or not self.status:
            self.leaves_socket_usable = False
        elif line_bytes > limits.line_bytes or body_bytes > limits.total_bytes:
            self.cut_off(AnswerTooLarge("The answer is larger than it may be."))
        else:
            self._sink.take(data)

    def on_message_complete(self) -> None:
        if self.status:
            self._complete()

    def _complete(self) -> None:
        if self._parser is not None:
            self.leaves_socket_usable = self._parser.should_keep_alive()
            self._finish(None)

    def _finish(self, error: httpx2.TransportError | None) -> None:
        self.is_over, self.error, self._parser = True, error, None
        sink, self._sink = self._sink, self._kept
        sink.end(error)
        self.progress.wake()

    def _tells_its_length(self) -> bool:
        """Return whether the head says where the body ends. Otherwise it ends where the connection does."""
        headers = [(name.lower(), value.lower()) for name, value in self.headers]
        return any(
            name == b"content-length" or (name == b"transfer-encoding" and value.rstrip().endswith(b"chunked"))
            for name, value in headers
        )


class KeptBody:
    """Keeps what comes of a body until it is read, and holds the rest of it back while that is much."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._pieces: list[bytes] = []
        self._kept_bytes = 0
        self._is_over = False
        self._error: httpx2.TransportError | None = None
        self._wakeup = Wakeup()

    def take(self, data: bytes) -> None:
        self._pieces.append(data)
        self._kept_bytes += len(data)
        if self._kept_bytes > MAX_KEPT_BYTES:
            self._carrier.pause_reading()
        self._wakeup.wake()

    def end(self, error: httpx2.TransportError | None) -> None:
        self._is_over, self._error = True, error
        self._wakeup.wake()

    def take_all(self) -> bytes:
        """Return what is kept, without waiting, and let the rest come."""
        data = b"".join(self._pieces)
        self._pieces.clear()
        self._kept_bytes = 0
        if not self._is_over:
            self._carrier.resume_reading()
        return data

    async def read(self, within_s: float | None) -> bytes:
        """Return what is kept, and wait for it only where that is nothing; nothing is the end.

        Raises ReadTimeout, and the error that cut the body off.
        """
        try:
            async with asyncio.timeout(within_s):
                while not self._pieces and not self._is_over:
                    await self._wakeup.sleep()
        except TimeoutError:
            raise httpx2.ReadTimeout("The server fell silent.") from None
        data = self.take_all()
        if not data and self._error is not None:
            raise self._error
        return data


def is_compressed(headers: Headers) -> bool:
    """Return whether a header names a coding of the body. A word that is not known may be a compression."""
    values = [value for name, value in headers if name.lower() == b"content-encoding"]
    return any(word.strip().lower() not in PLAIN_CODINGS for value in values for word in value.split(b","))
