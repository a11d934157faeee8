"""What the tests of the Anthropic family share: a connection to a server of the test, and quick timers."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

import pytest

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.stream.client_pool import close_clients
from actions.anthropic.stream.timing import Timing
from actions.network.policy import NetworkPolicy
from tests.actions.anthropic.upstream import HANG, Pause, Step

KEY = "sk-ant-test-canary-0123456789"

QUICK = Timing(silence_s=60, thinking_silence_s=60, first_pause_s=0.001, longest_pause_s=0.5, drain_s=0.05)
"""Tries again at once. On a busy machine, a server that is not silent may be unheard for seconds."""
SOON_SILENT = replace(QUICK, silence_s=1, thinking_silence_s=5)
"""For tests of silences."""


def choose_timing(script: Iterable[Step]) -> Timing:
    """Return what waits for a script no longer than it must."""
    return SOON_SILENT if any(step is HANG or isinstance(step, Pause) for step in script) else QUICK


Connect = Callable[..., AnthropicConnection]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Make connections to `url`; their sockets are closed after the test."""

    def make(url: str, **settings: object) -> AnthropicConnection:
        network = NetworkPolicy(frozenset({url.split("/")[2]}))
        return AnthropicConnection.resolve({"api_key": KEY, "base_url": url, **settings}, network)

    yield make
    await close_clients()
