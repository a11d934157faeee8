"""One SDK client per running event loop and connection, so that calls share warm sockets.

A client belongs to the loop it was made in: in another loop its pooled sockets are dead. The cache is
bounded; a client in use is never closed, one that is not is closed when newer ones need its place.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import anthropic
import httpx2
from pydantic import SecretStr

from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy
from actions.network.transport import GuardedTransport

MAX_CLIENTS = 32

# At DEBUG the SDK logs whole requests, prompts included, and ANTHROPIC_LOG=debug turns that on.
logging.getLogger("anthropic").setLevel(logging.INFO)


class Endpoint(Protocol):
    """What a call needs of a connection."""

    @property
    def api_key(self) -> SecretStr: ...
    @property
    def base_url(self) -> str: ...
    @property
    def api_version(self) -> str: ...
    @property
    def time_limit_s(self) -> int: ...
    @property
    def network(self) -> NetworkPolicy: ...


class SdkHttpClient(anthropic.DefaultAsyncHttpxClient):
    """Sends what the SDK has built as it is. Follows no redirect, and keeps no cookie.

    The SDK has built a whole request: an absolute address, all headers, a body. httpx2 would merge each with defaults
    of the client, of which there are none, and lead it past redirects, cookies and sign-ins, of which there are none
    either. That took a third of what a call costs before its first byte is sent.
    """

    def __init__(self, transport: GuardedTransport, timeout: httpx2.Timeout) -> None:
        super().__init__(transport=transport, follow_redirects=False, trust_env=False, timeout=timeout)
        self._guarded = transport

    def build_request(
        self,
        method: str,
        url: httpx2.URL | str,
        *,
        headers: Any = None,
        content: Any = None,
        timeout: Any = httpx2.USE_CLIENT_DEFAULT,
        **options: Any,
    ) -> httpx2.Request:
        """Return the request of a body in bytes; httpx2 builds any other."""
        is_whole = isinstance(content, bytes) and isinstance(timeout, httpx2.Timeout)
        if not is_whole or any(value is not None for value in options.values()):
            return super().build_request(method, url, headers=headers, content=content, timeout=timeout, **options)
        extensions = {"timeout": timeout.as_dict()}
        request = httpx2.Request(method, url, headers=headers, stream=httpx2.ByteStream(content), extensions=extensions)
        request.headers["Host"] = request.url.netloc.decode("ascii")
        request.headers["Content-Length"] = str(len(content))
        return request

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Send the request, and return its answer when the head is here, or with `stream=False` the body too."""
        response = await self._guarded.handle_async_request(request)
        response.request = request
        if not stream:
            try:
                await response.aread()
            except BaseException:
                await response.aclose()
                raise
        return response


class _Lease:
    """A client and the number of calls that use it now."""

    __slots__ = ("client", "users")

    def __init__(self, client: anthropic.AsyncAnthropic) -> None:
        self.client = client
        self.users = 0


_Key = tuple[str, SecretStr, str, NetworkPolicy]
_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, OrderedDict[_Key, _Lease]] = WeakKeyDictionary()
"""The clients of each event loop, oldest use first. No object of a run can own them: runs share warm sockets, and a
client must die with its loop."""


@asynccontextmanager
async def borrow_client(endpoint: Endpoint) -> AsyncIterator[anthropic.AsyncAnthropic]:
    """Yield the client of an endpoint in the running loop. It stays open for the next call.

    Raises ActionError `connection_not_configured` when the connection has no key or no address.
    """
    if not endpoint.api_key.get_secret_value() or not endpoint.base_url:
        raise ActionError(
            "connection_not_configured",
            "The connection has no API key.",
            "Enter the key in the connection.",
        )
    cached = _clients.setdefault(asyncio.get_running_loop(), OrderedDict())
    key = (endpoint.base_url, endpoint.api_key, endpoint.api_version, endpoint.network)
    lease = cached.get(key) or cached.setdefault(key, _Lease(_build_client(endpoint)))
    cached.move_to_end(key)
    lease.users += 1
    try:
        await _evict(cached)
        yield lease.client
    finally:
        lease.users -= 1


async def close_clients() -> None:
    """Close every client of the running loop. Call it when the loop is about to end."""
    for lease in _clients.pop(asyncio.get_running_loop(), OrderedDict()).values():
        await lease.client.close()


def build_timeout(read_s: float | None) -> httpx2.Timeout:
    return httpx2.Timeout(connect=5, read=read_s, write=30, pool=5)


async def _evict(cached: OrderedDict[_Key, _Lease]) -> None:
    idle = [key for key, lease in cached.items() if not lease.users]
    for key in idle[: max(0, len(cached) - MAX_CLIENTS)]:
        await cached.pop(key).client.close()


def _build_client(endpoint: Endpoint) -> anthropic.AsyncAnthropic:
    # Everything is named, because whatever is left out is taken from ANTHROPIC_* variables of the server's
    # environment.
    client = anthropic.AsyncAnthropic(
        api_key=endpoint.api_key.get_secret_value(),
        base_url=endpoint.base_url,
        open_telemetry={"traces": False},  # its spans could hold prompts, and each call would pay for them
        max_retries=0,
        timeout=build_timeout(read_s=60),
        http_client=SdkHttpClient(GuardedTransport(endpoint.network), build_timeout(read_s=60)),
    )
    # No argument keeps out the headers of ANTHROPIC_CUSTOM_HEADERS, which could carry the operator's own key.
    client._custom_headers = {"anthropic-version": endpoint.api_version, "accept-encoding": "identity"}
    return client
