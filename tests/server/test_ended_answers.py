"""An application is told that its client has left, but not once its answer is sent; and nothing of a call stays."""

import asyncio
import json
import socket
from collections.abc import Sequence
from io import BytesIO

import pytest

from flows.events.events import TERMINAL
from server.backpressure import PacedApplication
from server.bodies.stored_bodies import read_body
from tests.faults.clients import Client, open_session
from tests.faults.rig import Server, read_logs, run_rig
from tests.faults.upstream import ScriptedPrompt
from web.middleware.asgi import Message, Receive, Scope, Send

SCOPE: Scope = {"type": "http", "http_version": "1.1"}


class Connection:
    """A server's side: it tells a disconnect when it is told to, and after each whole answer, as servers do."""

    def __init__(self) -> None:
        self.left = asyncio.Event()

    async def receive(self) -> Message:
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            self.left.set()


async def answer(send: Send, *, is_whole: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"x", "more_body": not is_whole})


async def test_a_client_that_leaves_before_the_end_is_told() -> None:
    told: list[Message] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await answer(send, is_whole=False)
        connection.left.set()
        told.append(await receive())

    connection = Connection()
    await PacedApplication(application)(SCOPE, connection.receive, connection.send)
    assert told == [{"type": "http.disconnect"}]


async def test_a_client_that_has_its_whole_answer_is_not_said_to_have_left() -> None:
    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        listening = asyncio.ensure_future(receive())
        await asyncio.sleep(0)
        await answer(send, is_whole=True)
        for _ in range(3):
            await asyncio.sleep(0)
        ended.append(listening.done())
        listening.cancel()

    ended: list[bool] = []
    connection = Connection()
    await PacedApplication(application)(SCOPE, connection.receive, connection.send)
    assert ended == [False]


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_neither_whole_answers_nor_clients_that_leave_wait_for_a_full_collection(kind: str) -> None:
    async with run_rig(kind, RIG_COMMIT_S="0") as (server, _), open_session() as session:
        for is_warm in (False, True):
            clients = [Client(server, ScriptedPrompt(chunks=8), leave_after=3 if at % 2 else None) for at in range(40)]
            await asyncio.gather(*(client.start(session) for client in clients))
            assert {len(client.received) for client in clients[1::2]} == {3}
            await wait_for_ends(server, clients)
            async with session.get(f"{server.url}/rig/garbage") as answer:
                found = int(await answer.text())
            assert not is_warm or found < len(clients)  # not even one object of each


async def wait_for_ends(server: Server, clients: Sequence[Client]) -> None:
    """Return when all that was started has ended in the server, a while after its last run."""
    while sum(json.loads(log[-1][1])["type"] in TERMINAL for log in read_logs(server.folder).values()) < len(clients):
        await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def test_a_client_that_leaves_before_its_turn_is_no_error() -> None:
    """Daphne has forgotten the connection when the request begins."""
    async with run_rig("daphne") as (server, _):
        head = (
            f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAuthorization: Bearer x\r\nContent-Length: 0\r\n\r\n"
        )
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", server.port)) as connection:
                connection.sendall(head.encode())
        await server.wait_until_ready()
        assert server.find_broken_answers() == []


async def test_a_body_that_went_with_its_client_is_not_read_as_an_empty_one() -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    body = BytesIO(b"all of it")
    body.close()
    assert await read_body(body, receive)() == {"type": "http.disconnect"}
