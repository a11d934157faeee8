"""A server behind nginx and Caddy with the files of `deploy/`: streams are live, sockets open, addresses hold."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from bench.targets import find_free_port
from tests.faults.clients import Client
from tests.faults.rig import Server, get_site, run_rig
from tests.faults.upstream import ScriptedPrompt
from tests.proxies.proxies import HOST, is_installed, run_proxy

KINDS = [
    pytest.param(kind, marks=pytest.mark.skipif(not is_installed(kind), reason=f"{kind} is not installed"))
    for kind in ("nginx", "caddy")
]
SUB_PATHS = ["", "/tools/millrace"]
SPOOFED = "203.0.113.9"


class ThisMachine(AbstractResolver):
    """Finds every host on this machine."""

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_INET) -> list[ResolveResult]:
        return [ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        """Nothing is open."""


@asynccontextmanager
async def open_site(
    kind: str, folder: Path, sub_path: str = ""
) -> AsyncIterator[tuple[Server, aiohttp.ClientSession, str]]:
    """Yield the server, a client of the proxy in front of it, and the address that the client calls."""
    port = find_free_port()
    url = f"https://{HOST}:{port}{sub_path}"
    settings = {"MILLRACE_PUBLIC_URL": url, "MILLRACE_PROXIES": "1", "MILLRACE_LOG_LEVEL": "INFO"}
    async with run_rig("serve", **settings) as (server, _):
        with run_proxy(kind, port, server.port, folder, sub_path):
            connector = aiohttp.TCPConnector(resolver=ThisMachine(), ssl=False)
            async with aiohttp.ClientSession(connector=connector) as session:
                yield server, session, url


async def read_until(answer: aiohttp.ClientResponse, word: str) -> None:
    while word not in (line := (await answer.content.readline()).decode()):
        assert line, f"the stream ended before {word}"


@pytest.mark.parametrize("sub_path", SUB_PATHS)
@pytest.mark.parametrize("kind", KINDS)
async def test_a_stream_is_live_through_the_proxy(kind: str, sub_path: str, tmp_path: Path) -> None:
    async with open_site(kind, tmp_path, sub_path) as (server, session, url):
        headers = {**Client(server).headers, "Accept-Encoding": "gzip, zstd"}
        body = {"prompt": ScriptedPrompt(script="silent after one").prompt}
        path = f"{url}/api/v1/flows/{get_site().flows['patient']}/stream"
        async with session.post(path, json=body, headers=headers) as answer:
            await read_until(
                answer, '"text":"one"'
            )  # the model is silent from here on: nothing pushes the chunk through
            run = f"{url}/api/v1/runs/{answer.headers['X-Run']}"
            async with session.get(f"{run}/events", headers=headers) as resumed:
                await read_until(resumed, '"text":"one"')
                async with session.post(f"{run}/cancel", headers=headers) as cancelled:
                    assert (await cancelled.json())["status"] == "cancelled"
                await read_until(resumed, "run.cancelled")
            await read_until(answer, "run.cancelled")


@pytest.mark.parametrize("sub_path", SUB_PATHS)
@pytest.mark.parametrize("kind", KINDS)
async def test_the_editors_socket_opens_through_the_proxy(kind: str, sub_path: str, tmp_path: Path) -> None:
    async with open_site(kind, tmp_path, sub_path) as (_, session, url):
        prefix = "tools_millrace_" if sub_path else ""
        cookie = {"Cookie": f"{prefix}sessionid={get_site().session}"}
        path = f"{url}/ws/flows/{get_site().flows['patient']}"
        async with session.ws_connect(path, origin=url.removesuffix(sub_path), headers=cookie) as channel:
            await channel.send_str(json.dumps({"type": "ping", "ref": 1}))
            assert (await channel.receive_json())["type"] == "ok"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(path, origin="https://evil.example", headers=cookie)


@pytest.mark.parametrize("sub_path", SUB_PATHS)
@pytest.mark.parametrize("kind", KINDS)
async def test_the_address_of_a_client_is_its_own_and_no_log_has_a_sign_in_link(
    kind: str, sub_path: str, tmp_path: Path
) -> None:
    async with open_site(kind, tmp_path, sub_path) as (server, session, url):
        for path in ("/docs/", "/sign-in/link/plain-7Qm3vX9cJ2", "/sign-in"):
            async with session.get(url + path, headers={"X-Forwarded-For": SPOOFED}) as answer:
                await answer.read()
        while len(lines := find_requests(server)) < 3:
            await asyncio.sleep(0.05)
        assert {line["client"] for line in lines} == {"127.0.0.1"}
        written = read_logs(tmp_path) + server.log()
        assert "7Qm3vX9cJ2" not in written
        assert "public_url_missing" not in written
        assert "proxy_not_counted" not in written


@pytest.mark.parametrize("kind", KINDS)
async def test_what_the_server_writes_stays_below_its_path(kind: str, tmp_path: Path) -> None:
    async with open_site(kind, tmp_path, "/millrace") as (server, session, url):
        flow, headers = f"{url}/api/v1/flows/{get_site().flows['patient']}", Client(server).headers
        async with session.post(
            f"{flow}/submit", json={"prompt": ScriptedPrompt(chunks=1).prompt}, headers=headers
        ) as started:
            run = (await started.json())["run"]
            assert started.headers["Location"] == f"/millrace/api/v1/runs/{run}"
        async with session.post(f"{url}/api/v1/runs/{run}/tickets", headers=headers) as issued:
            assert (await issued.json())["events"].startswith(f"/millrace/api/v1/runs/{run}/events?ticket=")
        for path, target in (
            ("/docs", "/docs/"),
            ("/admin", "/admin/"),
            ("/admin/", "/admin/login/?next=/millrace/admin/"),
        ):
            async with session.get(url + path, allow_redirects=False) as moved:
                assert moved.headers["Location"] == f"/millrace{target}"
        async with session.get(url, allow_redirects=False) as moved:  # the public address, as people are given it
            assert (moved.status, moved.headers["Location"].endswith("/millrace/")) in {(301, True), (302, True)}
        for page in ("/docs/rest", "/sign-in", "/chat/none", "/no-such-page", "/admin/login/"):
            async with session.get(url + page, headers={"Accept": "text/html"}) as shown:
                links = re.findall(r"""(?:href|src)="(/[^"]*)""", await shown.text())
                assert links
                assert {link for link in links if not link.startswith("/millrace/")} <= {"/millrace"}, page
                cookies = {cookie["path"] for cookie in shown.cookies.values()}
                assert cookies <= {"/millrace"}
        async with session.get(f"{url}/api/v1/openapi.json") as document:
            assert (await document.json())["servers"] == [{"url": url}]
        async with session.get(url.removesuffix("/millrace") + "/docs/") as outside:
            assert outside.status == 404 or not await outside.read()


async def test_a_proxy_may_remove_the_path_and_a_health_check_need_not_know_it() -> None:
    address = "http://127.0.0.1:1/millrace"
    async with run_rig("serve", MILLRACE_PUBLIC_URL=address) as (server, _), aiohttp.ClientSession() as session:
        for path in ("/readyz", "/millrace/readyz", "/docs/", "/millrace/docs/", "/millrace/docs"):
            async with session.get(server.url + path, headers={"Host": "127.0.0.1"}) as answer:
                assert answer.status == 200, path
        async with session.get(f"{server.url}/millracer/docs/") as other:
            assert other.status == 404


def read_logs(folder: Path) -> str:
    return "".join(file.read_text("utf-8", "replace") for file in folder.glob("*.log"))


def find_requests(server: Server) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in server.log().splitlines()]
    return [line for line in lines if line["event"] == "request" and not line["path"].endswith("z")]
