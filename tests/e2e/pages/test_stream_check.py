"""The stream check behind a real nginx, in a real browser: as `deploy/nginx.conf` has it, and with its usual faults."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bench.targets import find_free_port
from tests.e2e.conftest import Server, build_server, sign_in
from tests.proxies.proxies import is_installed, run_proxy

pytestmark = pytest.mark.skipif(not is_installed("nginx"), reason="nginx is not installed")

BUFFERED = {"proxy_buffering off;": "proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;"}
NO_SOCKET = {"proxy_set_header Upgrade $http_upgrade;": ""}
CASES = [
    ({}, "Chunks arrive as they are written."),
    (BUFFERED, "The proxy collects the stream: all 20 pieces came together"),
    (NO_SOCKET, "WebSockets do not pass."),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo, as people reach it: each test runs the proxy on the port of its address."""
    server = build_server(tmp_path_factory.mktemp("data"))
    server.url = f"https://127.0.0.1:{find_free_port()}"
    server.environment |= {"MILLRACE_PUBLIC_URL": server.url, "MILLRACE_PROXIES": "1"}
    with server.serve():
        yield server


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "ignore_https_errors": True}


@pytest.mark.parametrize(("fault", "said"), CASES, ids=["good", "buffered", "no socket"])
def test_the_page_says_what_the_proxy_does(
    page: Page, site: Server, tmp_path: Path, fault: dict[str, str], said: str
) -> None:
    port, own_port = int(site.url.rpartition(":")[2]), int(site.environment["MILLRACE_PORT"])
    with run_proxy("nginx", port, own_port, tmp_path, fault=fault):
        sign_in(page, site)
        page.get_by_role("button", name="theme and signing out").click()
        page.get_by_role("menuitem", name="Stream check").click()
        page.get_by_role("button", name="Check streams").click()
        expect(page.get_by_text(said)).to_be_visible(timeout=30_000)
