"""An application is told that its client has left, but not once its answer is sent: then it is no news."""

import asyncio
import gc

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

from server.backpressure import PacedApplication
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


async def test_an_answer_that_was_sent_leaves_no_error_behind() -> None:
    """As Django listens: in a task beside the one that answers."""

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        # The method uses nothing of its handler.
        listening = asyncio.create_task(ASGIHandler.listen_for_disconnect(None, receive))  # type: ignore[arg-type]
        await asyncio.sleep(0)
        await answer(send, is_whole=True)
        for _ in range(3):
            await asyncio.sleep(0)
        ended.append(listening.done())
        listening.cancel()

    ended: list[bool] = []
    gc.collect()
    connection = Connection()
    await PacedApplication(application)(SCOPE, connection.receive, connection.send)
    assert ended == [False]
    assert not [each for each in gc.get_objects() if type(each) is RequestAborted]
