"""The one way out: an HTTP transport for httpx2 that connects only where a `NetworkPolicy` allows.

A name is resolved once, every address it has is judged, and the socket is opened to an address that was
judged, so a name that changes between check and use gains nothing. TLS still verifies the name. Answers are
read under limits.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address
from typing import cast

import httpcore2
import httpx2

from actions.network import NetworkPolicy, is_public

MEGABYTE = 1024 * 1024
TRANSLATED = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    httpcore2.ProxyError,
    httpcore2.UnsupportedProtocol,
)


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """How much of an answer is read before it is called broken. The largest known line is a web page."""

    line_bytes: int = 8 * MEGABYTE
    total_bytes: int = 64 * MEGABYTE


class AddressNotAllowed(httpx2.ConnectError):
    """The host leads to an address that the policy does not allow."""


class AnswerTooLarge(httpx2.RemoteProtocolError):
    """The answer passed a limit, or came compressed although that was declined."""


class GuardedTransport(httpx2.AsyncBaseTransport):
    """Sends requests through a connection pool whose sockets are opened by the policy."""

    def __init__(
        self,
        policy: NetworkPolicy,
        *,
        limits: AnswerLimits = AnswerLimits(),
        ssl_context: ssl.SSLContext | None = None,
        sockets: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._limits = limits
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=ssl_context or _system_trust(),
            max_connections=1000,
            max_keepalive_connections=100,
            keepalive_expiry=30,
            network_backend=GuardedBackend(policy, sockets or httpcore2.AnyIOBackend()),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        try:
            response = await self._pool.handle_async_request(_lowered(request))
        except TRANSLATED as error:
            raise _twin(error) from error
        if _is_compressed(response.headers):
            await response.aclose()
            raise AnswerTooLarge("The answer is compressed, which was declined.")
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_LimitedBody(response, self._limits),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class GuardedBackend(httpcore2.AsyncNetworkBackend):
    """Opens TCP sockets to public addresses, and to the hosts and ports that the policy names."""

    def __init__(self, policy: NetworkPolicy, sockets: httpcore2.AsyncNetworkBackend) -> None:
        self._policy = policy
        self._sockets = sockets

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        if self._policy.allows(host, port):
            return await self._sockets.connect_tcp(host, port, timeout, local_address, socket_options)
        addresses = await _resolve(host, port, timeout)
        if not all(is_public(address) for address in addresses):
            raise AddressNotAllowed("The host leads to an address that is not public.")
        return await self._first_open(addresses, port, timeout)

    async def _first_open(
        self, addresses: list[str], port: int, within_s: float | None
    ) -> httpcore2.AsyncNetworkStream:
        share_s = None if within_s is None else within_s / len(addresses)
        for address in addresses[:-1]:
            try:
                return await self._sockets.connect_tcp(address, port, share_s)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                continue
        return await self._sockets.connect_tcp(addresses[-1], port, share_s)


class _LimitedBody(httpx2.AsyncByteStream):
    def __init__(self, response: httpcore2.Response, limits: AnswerLimits) -> None:
        self._response = response
        self._limits = limits

    async def __aiter__(self) -> AsyncIterator[bytes]:
        line = total = 0
        try:
            async for data in cast("AsyncIterable[bytes]", self._response.stream):
                size = len(data)
                total += size
                end = data.rfind(b"\n")
                line = line + size if end < 0 else size - end - 1
                if line > self._limits.line_bytes or total > self._limits.total_bytes:
                    raise AnswerTooLarge("The answer is larger than it may be.")
                yield data
        except TRANSLATED as error:
            raise _twin(error) from error

    async def aclose(self) -> None:
        await self._response.aclose()


async def _resolve(host: str, port: int, within_s: float | None) -> list[str]:
    """Return the addresses of a host, the two families in turn so that one broken family costs one try."""
    try:
        return [str(ip_address(host.strip("[]")))]
    except ValueError:
        pass
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(within_s):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise httpcore2.ConnectTimeout("The name of the host was not resolved in time.") from error
    except OSError as error:
        raise httpcore2.ConnectError("The name of the host does not exist.") from error
    return _in_turn(list(dict.fromkeys(str(entry[4][0]) for entry in found)))


def _in_turn(addresses: list[str]) -> list[str]:
    six = [address for address in addresses if ":" in address]
    four = [address for address in addresses if ":" not in address]
    pairs = zip(six, four, strict=False)
    return list(dict.fromkeys([*(address for pair in pairs for address in pair), *addresses]))


def _lowered(request: httpx2.Request) -> httpcore2.Request:
    return httpcore2.Request(
        method=request.method,
        url=httpcore2.URL(
            scheme=request.url.raw_scheme,
            host=request.url.raw_host,
            port=request.url.port,
            target=request.url.raw_path,
        ),
        headers=request.headers.raw,
        content=cast("AsyncIterable[bytes]", request.stream),
        extensions=request.extensions,
    )


def _twin(error: Exception) -> httpx2.HTTPError:
    """Return the httpx2 twin of an httpcore2 exception; the two libraries keep their names in step."""
    names = (kind.__name__ for kind in type(error).__mro__)
    twin = next(getattr(httpx2, name) for name in names if hasattr(httpx2, name))
    return cast("httpx2.HTTPError", twin(str(error)))


def _is_compressed(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() == b"content-encoding" and value.strip().lower() != b"identity" for name, value in headers)


@cache
def _system_trust() -> ssl.SSLContext:
    """Loading the system's certificates takes tens of milliseconds, so one context serves all."""
    return httpx2.create_ssl_context(trust_env=False)
