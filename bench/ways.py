"""The ways to read a model's stream: the one that is used, and those that were considered beside it.

Each is the same `open_stream`; what differs is put in its place for as long as the block lasts.
"""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import cast
from unittest.mock import patch

import anthropic
import httpx2

from actions.anthropic.stream import client_pool, message_stream
from actions.anthropic.stream.sse import Event
from actions.network.policy import NetworkPolicy


class SdkBody:
    """The SDK's stream with its own decoder, each event as JSON."""

    def __init__(self, stream: anthropic.AsyncStream[object]) -> None:
        self._events = aiter(stream)

    async def read(self) -> Iterator[Event] | None:
        event = await anext(self._events, None)
        return None if event is None else iter((cast("Event", event),))


def _httpx2(network: NetworkPolicy) -> httpx2.AsyncBaseTransport:
    return httpx2.AsyncHTTPTransport(trust_env=False)


SDK, SDK_ON_AIOHTTP, OURS = "the SDK's stream on httpx2", "the SDK's stream on aiohttp", "our decoder on aiohttp"
WAYS = (SDK, SDK_ON_AIOHTTP, OURS)


@contextmanager
def reading(way: str) -> Iterator[None]:
    """Read every stream in one of `WAYS`."""
    with ExitStack() as stack:
        if way != OURS:
            stack.enter_context(patch.object(message_stream, "DecodedBody", SdkBody))
        if way == SDK:
            stack.enter_context(patch.object(client_pool, "GuardedTransport", _httpx2))
        yield
