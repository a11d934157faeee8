"""The readers of a model's stream: the product's own, and those that were considered instead of it.

All use the same `open_stream`; a patch replaces what differs until the block is left.
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

    def __init__(self, stream: anthropic.AsyncStream[object], media_type: str) -> None:
        self._events = aiter(stream)

    async def read(self) -> Iterator[Event] | None:
        event = await anext(self._events, None)
        return None if event is None else iter((cast("Event", event),))

    async def drain(self) -> None:
        while await self.read() is not None:
            pass


def _build_httpx2_transport(network: NetworkPolicy) -> httpx2.AsyncBaseTransport:
    return httpx2.AsyncHTTPTransport(trust_env=False)


SDK_ON_HTTPX2, SDK_ON_OUR_TRANSPORT, PUSHED_BODY = (
    "the SDK's stream on httpx2",
    "the SDK's stream on our transport",
    "the pushed body",
)
READERS = (SDK_ON_HTTPX2, SDK_ON_OUR_TRANSPORT, PUSHED_BODY)


@contextmanager
def read_by(reader: str) -> Iterator[None]:
    """Read every stream with one of `READERS` until the block is left."""
    with ExitStack() as stack:
        if reader != PUSHED_BODY:
            stack.enter_context(patch.object(message_stream, "PushedBody", SdkBody))
        if reader == SDK_ON_HTTPX2:
            stack.enter_context(patch.object(client_pool, "GuardedTransport", _build_httpx2_transport))
        yield
