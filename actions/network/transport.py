"""The one way out: an HTTP transport for httpx2 that connects only where a `NetworkPolicy` allows.

A name is resolved once, every address it has is judged, and the socket is opened to an address that was
judged, so a name that changes between check and use gains nothing. TLS still verifies the name. Answers are
read under limits. Built on aiohttp, because its parser costs a fraction of httpx2's own
(docs/decisions/0005-the-source-of-a-stream.md).
"""

import asyncio
import ssl
import weakref
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any

import aiohttp
import httpx2
from yarl import URL

from actions.network.aiohttp_to_httpx import AIOHTTP_ERRORS, as_httpx_error, to_aiohttp_headers, to_yarl
from actions.network.policy import NetworkPolicy
from actions.network.resolver import GuardedResolver, check_literal_host
from actions.network.response_body import ANSWER_LIMITS, AnswerBody, AnswerLimits, AnswerTooLarge, is_compressed

MAX_CALLS = 1000
KEEP_ALIVE_S = 30
MAX_HEADER_BYTES = 64 * 1024
WRITE_BYTES = 64 * 1024
"""How much of a request is written at once: what a socket that nobody reads from takes in any case."""
SKIPPED_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")
"""Headers that aiohttp adds unless told not to. A request goes out with the headers that it has."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests through a pool of sockets that are opened by the policy. Belongs to one event loop.

    Raises the errors of httpx2, whose `timeout` extension it obeys: `connect` bounds look-up, socket and TLS
    together. The answer's `body` extension is its AnswerBody, for readers to whom httpx2's layers cost too much.
    """

    def __init__(
        self,
        policy: NetworkPolicy,
        *,
        limits: AnswerLimits = ANSWER_LIMITS,
        ssl_context: ssl.SSLContext | None = None,
        max_calls: int = MAX_CALLS,
    ) -> None:
        self._policy = policy
        self._limits = limits
        self._ssl = ssl_context
        self._places = asyncio.Semaphore(max_calls)
        self._session: aiohttp.ClientSession | None = None

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        url = to_yarl(request.url)
        check_literal_host(self._policy, url.raw_host or "", url.port or 0)
        within = request.extensions.get("timeout") or {}
        await self._take_place(within.get("pool"))
        try:
            answer = await self._send(request, url, within)
        except BaseException:
            self._places.release()
            raise
        body = AnswerBody(answer, self._limits, self._places.release)
        if is_compressed(answer.raw_headers):
            await body.aclose()
            raise AnswerTooLarge("The answer is compressed, which was declined.")
        return httpx2.Response(
            status_code=answer.status,
            headers=list(answer.raw_headers),
            stream=body,
            extensions={
                "http_version": b"HTTP/1.1",
                "reason_phrase": (answer.reason or "").encode("latin-1", "replace"),
                "body": body,
            },
        )

    async def aclose(self) -> None:
        """Close every socket, also those of calls that are under way."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _take_place(self, within_s: float | None) -> None:
        try:
            async with asyncio.timeout(within_s if self._places.locked() else None):
                await self._places.acquire()
        except TimeoutError as error:
            raise httpx2.PoolTimeout("Too many calls are under way.") from error

    async def _send(self, request: httpx2.Request, url: URL, within: Mapping[str, Any]) -> aiohttp.ClientResponse:
        headers, content = to_aiohttp_headers(request.headers), await request.aread()
        waits = aiohttp.ClientTimeout(connect=within.get("connect"), sock_read=within.get("read"))
        try:
            async with asyncio.timeout(None) as writing:
                return await self._get_session().request(
                    request.method,
                    url,
                    headers=headers,
                    data=_split_content(content, within.get("write"), writing)
                    if len(content) > WRITE_BYTES
                    else content or None,
                    allow_redirects=False,
                    timeout=waits,
                )
        except TimeoutError as error:
            raise httpx2.WriteTimeout("The server stopped reading the request.") from error
        except ValueError as error:
            raise httpx2.LocalProtocolError("The request cannot be sent as it is.") from error

    def _get_session(self) -> aiohttp.ClientSession:
        """Return the pool, made in the loop of the first request: aiohttp binds it to the running one."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    resolver=GuardedResolver(self._policy),
                    use_dns_cache=False,
                    ssl=self._ssl or load_system_trust(),
                    limit=0,
                    keepalive_timeout=KEEP_ALIVE_S,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=SKIPPED_HEADERS,
                middlewares=(_send_once,),
                auto_decompress=False,
                trust_env=False,
                max_line_size=MAX_HEADER_BYTES,
                max_field_size=MAX_HEADER_BYTES,
            )
            weakref.finalize(self, _close_session, self._session)
        return self._session


async def _send_once(request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Send a request and raise its failure as an error of httpx2: aiohttp repeats a GET after an error of its own."""
    try:
        return await send(request)
    except AIOHTTP_ERRORS as error:
        raise as_httpx_error(error) from error


async def _split_content(content: bytes, within_s: float | None, writing: asyncio.Timeout) -> AsyncIterator[bytes]:
    """Yield a request in pieces, each of which the server has to take in time."""
    loop = asyncio.get_running_loop()
    for at in range(0, len(content), WRITE_BYTES):
        _reschedule(writing, None if within_s is None else loop.time() + within_s)
        yield content[at : at + WRITE_BYTES]
    _reschedule(writing, None)


def _reschedule(writing: asyncio.Timeout, until: float | None) -> None:
    with suppress(RuntimeError):  # the answer came before the request was written
        writing.reschedule(until)


def _close_session(session: aiohttp.ClientSession) -> None:
    """Close a session that nobody closed, when the process ends.

    Some servers end their loop without telling the application, and aiohttp logs every session that is still open.
    The first step of closing does all that needs no loop, so that only this step runs.
    """
    closing = session.close()
    with suppress(StopIteration, RuntimeError):
        closing.send(None)
    closing.close()


@cache
def load_system_trust() -> ssl.SSLContext:
    """Return the system's certificates. Loading them takes tens of milliseconds: one context serves the process, and
    the server loads it before its first call."""
    return httpx2.create_ssl_context(trust_env=False)
