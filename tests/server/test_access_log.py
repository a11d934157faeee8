"""The log of a real server, as it is started by hand and by its command: JSON lines, each request once, no secret."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.faults.clients import Client, open_session
from tests.faults.rig import Server, get_site, run_rig
from tests.faults.upstream import ScriptedPrompt

KINDS = ["daphne by hand", "uvicorn by hand", "serve", "serve uvicorn"]
SECRET = "plain-7Qm3vX9cJ2"
FAILING_CALLS = {"text/plain": "stream", "text/event-stream": "stream", "*/*": "run"}
LAST_PATH = "/docs/rest"

Line = dict[str, Any]


@dataclass
class Recorded:
    """What one server has logged of the same calls."""

    text: str
    run: str
    """The run that was streamed and then looked up."""
    shown_id: str
    """The id that the answer to the look-up had in its header."""

    @property
    def lines(self) -> list[Line]:
        """The lines. Fails when one is no JSON."""
        return [json.loads(line) for line in self.text.splitlines()]

    def find(self, event: str, **fields: object) -> list[Line]:
        return [line for line in self.lines if {"event": event, **fields}.items() <= line.items()]


recorded: dict[str, Recorded] = {}
"""By the kind of server. A server takes seconds to start, so that each kind is started once."""


async def record_log(kind: str) -> Recorded:
    if kind not in recorded:
        async with run_rig(kind, MILLRACE_LOG_LEVEL="DEBUG") as (server, _), open_session() as session:
            recorded[kind] = await _call_everything(server, session)
    return recorded[kind]


async def _call_everything(server: Server, session: aiohttp.ClientSession) -> Recorded:
    await _call_with_secrets(server, session)
    client = Client(server, ScriptedPrompt(chunks=3))
    await client.start(session)
    async with session.get(f"{server.url}/api/v1/runs/{client.run}", headers=client.headers) as answer:
        shown_id = answer.headers["X-Request-ID"]
    await _call_failing(server, session)
    await _open_socket(server, session)
    await _wait_for_line(server, session)
    return Recorded(server.log(), client.run, shown_id)


async def _call_with_secrets(server: Server, session: aiohttp.ClientSession) -> None:
    """Call with secrets in every part of a request that a log could repeat."""
    await session.get(f"{server.url}/sign-in/link/{SECRET}")
    await session.get(f"{server.url}/sign-in/link/%3F%22{SECRET}")
    cookie = {"Cookie": f"sessionid={SECRET}"}
    await session.get(f"{server.url}/api/v1/flows?api_key={SECRET}&token={SECRET}", headers=cookie)
    await session.get(f"{server.url}/api/v1/me", headers={"Authorization": f"Bearer {SECRET}"})
    referer = {"Referer": f"{server.url}/sign-in/link/{SECRET}"}
    await session.get(f"{server.url}/nowhere?ticket={SECRET}", headers=referer)
    await session.get(f"{server.url}/static/none.js?key={SECRET}")
    for path in (f"/ws/flows/1?ticket={SECRET}", f"/ws/nowhere?token={SECRET}"):
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(server.url + path, origin=server.url)


async def _call_failing(server: Server, session: aiohttp.ClientSession) -> None:
    """Start runs that fail in the middle of their answers, in every form that says so in another way."""
    for media, call in FAILING_CALLS.items():
        url = f"{server.url}/api/v1/flows/{get_site().flows['patient']}/{call}"
        body = {"prompt": ScriptedPrompt(script="after: error event: overloaded").prompt}
        headers = {**Client(server).headers, "Accept": media}
        try:
            async with session.post(url, json=body, headers=headers) as answer:
                await answer.read()
        except aiohttp.ClientError:
            assert media == "text/plain"


async def _open_socket(server: Server, session: aiohttp.ClientSession) -> None:
    cookie = {"Cookie": f"sessionid={get_site().session}"}
    path = f"/ws/flows/{get_site().flows['patient']}"
    async with session.ws_connect(server.url + path, origin=server.url, headers=cookie) as socket:
        await socket.send_str('{"type": "ping", "ref": 1}')
        assert (await socket.receive_json())["type"] == "ok"


async def _wait_for_line(server: Server, session: aiohttp.ClientSession) -> None:
    """Wait until the lines of all requests are written: a line comes when its answer has ended."""
    await session.get(server.url + LAST_PATH)
    expected = (LAST_PATH, f"/ws/flows/{get_site().flows['patient']}")
    while not all(f'"{path}"' in server.log() for path in expected):
        assert server.is_alive()
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("kind", KINDS)
async def test_lines_are_json_and_hold_no_secret(kind: str) -> None:
    log = await record_log(kind)
    assert SECRET not in log.text
    paths = [line["path"] for line in log.find("request")]
    assert [path for path in paths if "link" in path] == ["/sign-in/link/[redacted]"] * 2
    expected = ["/api/v1/flows", "/api/v1/me", "/nowhere", "/static/none.js", "/ws/flows/1", "/ws/nowhere", LAST_PATH]
    assert [paths.count(path) for path in expected] == [1] * len(expected)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_request_its_run_and_their_durations_are_joined(kind: str) -> None:
    log = await record_log(kind)
    (begun,), (ended,) = log.find("run_started", run=log.run), log.find("run_ended", run=log.run)
    (streamed,), (looked_up,) = [log.find("request", run=log.run, method=method) for method in ("POST", "GET")]
    assert begun["request_id"] == ended["request_id"] == streamed["request_id"]
    assert looked_up["request_id"] == log.shown_id != streamed["request_id"]
    assert (ended["status"], ended["items"]) == ("completed", 3)
    assert (streamed["method"], streamed["status"], streamed["client"]) == ("POST", 200, "127.0.0.1")
    assert all(isinstance(line["duration_ms"], int) for line in (ended, streamed, looked_up))


@pytest.mark.parametrize("kind", KINDS)
async def test_a_flows_own_failure_is_no_fault_of_the_server(kind: str) -> None:
    log = await record_log(kind)
    failed = log.find("run_ended", status="failed")
    assert [line["error_code"] for line in failed] == ["upstream_overloaded"] * len(FAILING_CALLS)
    statuses = [line["status"] for line in log.find("request", method="POST") if line.get("run") != log.run]
    assert sorted(statuses) == [200, 200, 502]  # the line of a stream may come behind that of its client's next call
    assert [line for line in log.lines if line["level"] in ("error", "critical") or "exception" in line] == []


@pytest.mark.parametrize("kind", KINDS)
async def test_a_socket_has_its_line(kind: str) -> None:
    log = await record_log(kind)
    lines = log.find("request", method="WEBSOCKET")
    assert [line["status"] for line in lines] == [403, 403, 101]
