"""Behind nginx and Caddy as they come: a stream stays live under compression, and a cut answer never looks whole."""

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from bench.targets import find_free_port
from tests.clients.calls import (
    FAILS_AFTER_WORDS,
    build_headers,
    build_path,
    cancel_run,
    start_run,
    wait_for_events,
)
from tests.faults.rig import Server
from tests.faults.upstream import ScriptedPrompt

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; gzip on; gzip_proxied any; gzip_types *; gzip_min_length 1;
  client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://127.0.0.1:{server_port}; }} }}
}}
"""
CADDY = """
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{port} {{
  encode gzip
  reverse_proxy 127.0.0.1:{server_port}
}}
"""
CONFIGS = {"nginx": NGINX, "caddy": CADDY}
FORMS = ("text/event-stream", "application/x-ndjson", "text/plain")
BACKLOG_EVENTS = 30
"""Stored before a reader comes: its first piece is larger than what Caddy looks at before it compresses."""


def build_command(proxy: str, config: Path) -> list[str]:
    if proxy == "nginx":
        return ["nginx", "-c", str(config), "-p", str(config.parent)]
    return ["caddy", "run", "--config", str(config), "--adapter", "caddyfile"]


@asynccontextmanager
async def run_proxy(proxy: str, server_port: int, folder: Path) -> AsyncIterator[str]:
    """Run the proxy before the server until the block is left; yield its address."""
    if shutil.which(proxy) is None:
        pytest.skip(f"{proxy} is not installed")
    port = find_free_port()
    config = folder / "config"
    config.write_text(CONFIGS[proxy].format(folder=folder, port=port, server_port=server_port))
    command = build_command(proxy, config)
    silent = asyncio.subprocess.DEVNULL
    child = await asyncio.create_subprocess_exec(*command, stdout=silent, stderr=silent)
    try:
        await wait_for_port(port, child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        await child.wait()


async def wait_for_port(port: int, child: asyncio.subprocess.Process) -> None:
    while True:
        assert child.returncode is None, "the proxy ended"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("proxy", CONFIGS)
@pytest.mark.parametrize("accept", ["text/event-stream", "application/x-ndjson"])
async def test_a_resumed_stream_stays_live_under_compression(
    server: Server, proxy: str, accept: str, tmp_path: Path
) -> None:
    ask = ScriptedPrompt(chunks=100_000, pause_s=0.02)
    run = await asyncio.to_thread(start_run, server, ask)
    await wait_for_events(server, run, BACKLOG_EVENTS)
    headers = build_headers("", Accept=accept, **{"Accept-Encoding": "gzip"})
    async with run_proxy(proxy, server.port, tmp_path) as url, httpx.AsyncClient() as client:
        async with client.stream("GET", f"{url}/api/v1/runs/{run}/events?after=1", headers=headers) as response:
            pieces = response.aiter_bytes()
            received = b""
            while received.count(b'"type":"item"') < 2 * BACKLOG_EVENTS:  # the run is far from its end
                received += await anext(pieces)
            assert "gzip" not in response.headers.get("Content-Encoding", "")
        await asyncio.to_thread(cancel_run, server, run)


async def read_until_cut(url: str, accept: str, ask: ScriptedPrompt) -> tuple[bytes, bool]:
    """Return the answer, and whether it was cut."""
    received = b""
    async with httpx.AsyncClient() as client:
        headers = build_headers(Accept=accept)
        request = client.build_request("POST", url + build_path(), json={"prompt": ask.prompt}, headers=headers)
        response = await client.send(request, stream=True)
        try:
            async for piece in response.aiter_raw():
                received += piece
        except httpx.RemoteProtocolError:
            return received, True
    return received, False


@pytest.mark.parametrize("accept", ["text/plain", "application/json"])
async def test_nginx_passes_a_cut_on(server: Server, accept: str, tmp_path: Path) -> None:
    async with run_proxy("nginx", server.port, tmp_path) as url:
        received, was_cut = await read_until_cut(url, accept, ScriptedPrompt(script=FAILS_AFTER_WORDS))
    assert b"three" in received
    assert was_cut


async def test_an_array_of_a_failed_run_is_not_whole_behind_caddy(server: Server, tmp_path: Path) -> None:
    """Old versions of Caddy make a whole answer of a cut one: the array itself shows that it is not whole."""
    async with run_proxy("caddy", server.port, tmp_path) as url:
        received, _ = await read_until_cut(url, "application/json", ScriptedPrompt(script=FAILS_AFTER_WORDS))
    assert json.loads(received + b"]")[-1]["error"]["code"] == "upstream_disconnected"
    with pytest.raises(json.JSONDecodeError):
        json.loads(received)


@pytest.mark.parametrize("proxy", CONFIGS)
@pytest.mark.parametrize("accept", FORMS)
async def test_a_run_that_completes_is_whole(server: Server, proxy: str, accept: str, tmp_path: Path) -> None:
    """It is read by GET: Caddy 2.6.2 closes one in 300 calls with a body when the answer begins within milliseconds."""
    run = await asyncio.to_thread(start_run, server, ScriptedPrompt(chunks=50))
    async with run_proxy(proxy, server.port, tmp_path) as url, httpx.AsyncClient() as client:
        response = await client.get(f"{url}/api/v1/runs/{run}/events", headers=build_headers("", Accept=accept))
    assert (response.status_code, response.text.count("@")) == (200, 100), response.text


@pytest.mark.parametrize("accept", FORMS)
async def test_an_answer_to_a_call_is_whole_behind_nginx(server: Server, accept: str, tmp_path: Path) -> None:
    ask = ScriptedPrompt(chunks=50)
    async with run_proxy("nginx", server.port, tmp_path) as url, httpx.AsyncClient() as client:
        body = {"prompt": ask.prompt}
        response = await client.post(url + build_path(), json=body, headers=build_headers(Accept=accept))
    assert (response.status_code, response.text.count("@")) == (200, 100), response.text


async def read_over_http_1_0(server: Server, accept: str, ask: ScriptedPrompt) -> tuple[bytes, bool]:
    """Return the answer as an HTTP/1.0 client sees it, and whether its connection was reset."""
    body = httpx.Request("POST", "http://x", json={"prompt": ask.prompt}).content
    headers = build_headers(Accept=accept, **{"Content-Type": "application/json", "Content-Length": str(len(body))})
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"POST {build_path()} HTTP/1.0\r\nHost: 127.0.0.1\r\n{head}\r\n".encode() + body)
    received, was_reset = b"", False
    try:
        while piece := await reader.read(65536):
            received += piece
    except ConnectionResetError:
        was_reset = True
    writer.close()
    return received, was_reset


async def test_text_of_a_failed_run_is_reset_over_http_1_0(server: Server) -> None:
    received, was_reset = await read_over_http_1_0(server, "text/plain", ScriptedPrompt(script=FAILS_AFTER_WORDS))
    assert b"three" in received
    assert was_reset


@pytest.mark.parametrize("accept", FORMS)
async def test_a_whole_answer_is_not_reset_over_http_1_0(server: Server, accept: str) -> None:
    received, was_reset = await read_over_http_1_0(server, accept, ScriptedPrompt(chunks=5))
    assert received.count(b"@") == 10
    assert not was_reset


async def test_text_sends_its_headers_before_the_model_answers(server: Server) -> None:
    ask = ScriptedPrompt(script="before: silence")
    headers = build_headers(Accept="text/plain")
    async with httpx.AsyncClient() as client:
        async with client.stream(
            "POST", server.url + build_path(), json={"prompt": ask.prompt}, headers=headers
        ) as response:
            assert response.status_code == 200
            run = response.headers["X-Run"]
        await asyncio.to_thread(cancel_run, server, run)
