"""What leaves the SDK's HTTP client is what httpx2's own client would send, but for its defaults."""

from typing import Any

import anthropic
import httpx2
import pytest

from actions.anthropic.stream.client_pool import SdkHttpClient, build_timeout
from actions.network.policy import NetworkPolicy
from actions.network.transport import GuardedTransport

HEADERS = {"X-Api-Key": "sk-1", "User-Agent": "AsyncAnthropic", "Accept": "application/json"}
BODY = b'{"model": "m"}'


@pytest.mark.parametrize("url", ["https://api.example.com/v1/messages", "http://127.0.0.1:8123/base/v1/messages"])
def test_a_whole_request_is_the_one_that_httpx2_builds(url: str) -> None:
    transport = GuardedTransport(NetworkPolicy())
    timeout = build_timeout(read_s=None)
    own = SdkHttpClient(transport, timeout)
    usual = anthropic.DefaultAsyncHttpxClient(transport=transport, trust_env=False, timeout=timeout)
    parts: dict[str, Any] = {"headers": httpx2.Headers(HEADERS), "content": BODY, "timeout": timeout}
    built, expected = (client.build_request("POST", url, **parts) for client in (own, usual))
    assert (built.method, built.url, built.extensions) == (expected.method, expected.url, expected.extensions)
    defaults = {"accept-encoding", "connection"}
    sent = {name: value for name, value in expected.headers.items() if name not in defaults}
    assert dict(built.headers) == sent
    assert built.read() == expected.read() == BODY


def test_a_request_without_a_body_is_left_to_httpx2() -> None:
    client = SdkHttpClient(GuardedTransport(NetworkPolicy()), build_timeout(read_s=None))
    request = client.build_request("GET", "https://api.example.com/v1/models", params={"limit": "5"}, headers=HEADERS)
    assert str(request.url) == "https://api.example.com/v1/models?limit=5"
    assert request.headers["host"] == "api.example.com"
