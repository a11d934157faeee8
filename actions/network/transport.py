"""The one way out: an HTTP transport for httpx2 that connects only where a `NetworkPolicy` allows.

Answers are read under limits. It carries HTTP/1.1 itself, with the parser of httptools, because each layer that stands
between a model's socket and a flow costs as much as the flow (docs/decisions/0022-our-own-transport.md).
"""

import asyncio
import ssl
import weakref
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx2

from actions.network.answer import ANSWER_LIMITS, Answer, AnswerLimits, AnswerTooLarge, is_compressed
from actions.network.policy import NetworkPolicy
from actions.network.request_head import Origin, read_origin, write_head
from actions.network.socket_pool import SocketPool

MAX_CALLS = 1000


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests through a pool of sockets that are opened by the policy. Belongs to one event loop.

    Raises the errors of httpx2, whose `timeout` extension it obeys: `connect` bounds look-up, socket and TLS together,
    and `read` the wait for the whole head, then each wait for more of the body. The `answer` extension of a response is
    its Answer, for readers to whom httpx2's layers cost too much.
    """

    def __init__(
        self,
        policy: NetworkPolicy,
        *,
        limits: AnswerLimits = ANSWER_LIMITS,
        ssl_context: ssl.SSLContext | None = None,
        max_calls: int = MAX_CALLS,
    ) -> None:
        self._limits = limits
        self._places = asyncio.Semaphore(max_calls)
        self._pool = SocketPool(policy, ssl_context)
        weakref.finalize(self, self._pool.close_from_outside)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        content = await request.aread()
        origin, head = read_origin(request.url), write_head(request, len(content))
        within = request.extensions.get("timeout") or {}
        await self._take_place(within.get("pool"))
        try:
            answer = await self._send(origin, head + content, within, has_body=request.method != "HEAD")
        except BaseException:
            self._places.release()
            raise
        return httpx2.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=AnswerStream(answer, within.get("read"), self._places.release),
            extensions={"http_version": b"HTTP/1.1", "reason_phrase": answer.reason, "answer": answer},
        )

    async def aclose(self) -> None:
        """Close every socket, also those of calls that are under way."""
        self._pool.close()

    async def _take_place(self, within_s: float | None) -> None:
        try:
            async with asyncio.timeout(within_s if self._places.locked() else None):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpx2.PoolTimeout("Too many calls are under way.") from error

    async def _send(self, origin: Origin, request: bytes, within: Mapping[str, Any], *, has_body: bool) -> Answer:
        socket = await self._pool.open(origin, within.get("connect"))
        answer = await socket.ask(
            request, self._limits, has_body=has_body, write_s=within.get("write"), read_s=within.get("read")
        )
        if is_compressed(answer.headers):
            answer.close()
            raise AnswerTooLarge("The answer is compressed, which was declined.")
        return answer


class AnswerStream(httpx2.AsyncByteStream):
    """The body of an answer, as httpx2 reads it. Closing it before its end closes the socket."""

    def __init__(self, answer: Answer, read_s: float | None, released: Callable[[], None]) -> None:
        self._answer = answer
        self._read_s = read_s
        self._released: Callable[[], None] | None = released

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while data := await self._answer.read(self._read_s):
            yield data

    async def aclose(self) -> None:
        self._answer.close()
        released, self._released = self._released, None
        if released is not None:
            released()
