"""The body of an answer, read under limits as it comes."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, cast

import aiohttp
import httpx2

from actions.network.aiohttp_to_httpx import AIOHTTP_ERRORS, as_httpx_error

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much of an answer is read before it is called broken. The largest known line is a web page."""

    line_bytes: int = 8 * MEGABYTE
    total_bytes: int = 64 * MEGABYTE


ANSWER_LIMITS = AnswerLimits()


class AnswerTooLarge(httpx2.RemoteProtocolError):
    """The answer passed a limit, or came compressed although that was declined."""


class AnswerBody(httpx2.AsyncByteStream):
    """The body of an answer, as it comes. Closing it before its end closes the socket."""

    def __init__(self, answer: aiohttp.ClientResponse, limits: AnswerLimits, closed: Callable[[], None]) -> None:
        self._answer = answer
        self._content = answer.content
        self._limits = limits
        self._closed: Callable[[], None] | None = closed
        self._line = self._total = 0

    async def read(self) -> bytes:
        """Return all that has come, waiting only where that is nothing; nothing is the end.

        Raises the errors of httpx2, and AnswerTooLarge.
        """
        try:
            data = await self._content.readany()
        except AIOHTTP_ERRORS as error:
            data = self._take_rest(error)
            if not data:
                raise as_httpx_error(error) from error
        size = len(data)
        end = data.rfind(b"\n")
        self._line = self._line + size if end < 0 else size - end - 1
        self._total += size
        if self._line > self._limits.line_bytes or self._total > self._limits.total_bytes:
            raise AnswerTooLarge("The answer is larger than it may be.")
        return data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while data := await self.read():
            yield data

    async def aclose(self) -> None:
        self._answer.close()
        closed, self._closed = self._closed, None
        if closed is not None:
            closed()

    def _take_rest(self, fault: Exception) -> bytes:
        """Return what came before an error: aiohttp keeps it, but gives nothing while the error is set."""
        self._content.set_exception(cast("Any", None))
        try:
            return self._content.read_nowait()
        finally:
            self._content.set_exception(fault)


def is_compressed(headers: tuple[tuple[bytes, bytes], ...]) -> bool:
    return any(name.lower() == b"content-encoding" and value.strip().lower() != b"identity" for name, value in headers)
