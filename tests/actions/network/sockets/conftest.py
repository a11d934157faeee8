"""Every test of this folder runs on both event loops that the product is served on."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping

import httpx2
import pytest
import uvloop

from actions.network.transport import MAX_CALLS, GuardedTransport
from tests.actions.anthropic.upstream import Upstream
from tests.actions.network.dialling import Certificate, allow

Open = Callable[..., httpx2.AsyncClient]


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture
async def open_client() -> AsyncIterator[Open]:
    """Open a client that reaches the given server; its sockets are closed after the test."""
    opened: list[httpx2.AsyncClient] = []

    def build(
        server: Upstream | str, certificate: Certificate | None = None, max_calls: int = MAX_CALLS
    ) -> httpx2.AsyncClient:
        host = server if isinstance(server, str) else server.host
        trusted = certificate.client() if certificate else None
        transport = GuardedTransport(allow(host), ssl_context=trusted, max_calls=max_calls)
        client = httpx2.AsyncClient(transport=transport, trust_env=False, timeout=10)
        opened.append(client)
        return client

    yield build
    for client in opened:
        await client.aclose()
