"""An answer is pushed by the commits of its run, in every form, and holds the same bytes as one that is pulled."""

import asyncio
import json
from typing import cast

import pytest
from django.core.asgi import get_asgi_application

from actions.anthropic.simulator import Script
from flows.models import Flow
from flows.runs.local_run import local_runs
from server.backpressure import PacedApplication
from tests.flows.rest_client import PROMPT, get, whole
from web.middleware.asgi import App, Message, Scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


class Connection:
    """A server's side: it sends one request, and notes what is sent to it, and what of that was pushed."""

    def __init__(self, flow: Flow, key: str, media: str) -> None:
        self.body = b""
        self.pushed = b""
        self.run = ""
        self.leaves = asyncio.Event()
        self._begins = [{"type": "http.request", "body": json.dumps(PROMPT).encode()}]
        headers = {"authorization": f"Bearer {key}", "accept": media, "content-type": "application/json"}
        path = f"/api/v1/flows/{flow.pk}/stream"
        self.scope: Scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }

    async def answer(self) -> None:
        await PacedApplication(cast(App, get_asgi_application()))(self.scope, self.receive, self.send)

    async def receive(self) -> Message:
        if self._begins:
            return self._begins.pop()
        await self.leaves.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.run = next(value.decode() for name, value in message["headers"] if name.lower() == b"x-run")
            return
        self.body += message.get("body", b"")
        if asyncio.current_task() is None:
            self.pushed += message["body"]


@pytest.mark.parametrize("media", ["text/event-stream", "application/x-ndjson", "text/plain", "application/json"])
async def test_a_pushed_answer_holds_what_a_pulled_one_holds(flow: Flow, key: str, script: Script, media: str) -> None:
    script.pause_s = 0.005
    connection = Connection(flow, key, media)
    await connection.answer()
    assert len(connection.pushed) > len(connection.body) / 2
    if media != "application/json":  # of which an ended run is read in pages
        pulled = await whole(await get(f"/api/v1/runs/{connection.run}/events", key, Accept=media))
        assert connection.body.decode() == pulled
    else:
        assert "".join(json.loads(connection.body)) == "A mill race carries water."


async def test_a_client_that_leaves_while_it_is_pushed_to_is_forgotten(flow: Flow, key: str, script: Script) -> None:
    script.pause_s = 0.02
    connection = Connection(flow, key, "text/event-stream")
    answering = asyncio.create_task(connection.answer())
    while not connection.pushed:
        await asyncio.sleep(0.001)
    (run,) = local_runs
    assert len(run._handle.followers) == 1
    connection.leaves.set()
    await answering
    assert run._handle.followers == []
    received = connection.body
    await run.wait()
    assert connection.body == received
