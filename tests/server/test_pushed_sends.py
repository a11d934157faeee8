"""A push begins the server's `send` by hand. If that waits, a task does the rest, and the next `send` awaits it."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest

from server.backpressure import PacedSend
from web.middleware.asgi import CONNECTION_KEY, Message, Scope

START: Message = {"type": "http.response.start", "status": 200, "headers": []}


class ScriptedServer:
    """The `send` of a server that waits where a test says, and notes what it has sent."""

    def __init__(self, wait: Callable[[], Awaitable[object]]) -> None:
        self.sent: list[bytes] = []
        self._wait = wait

    async def send(self, message: Message) -> None:
        if message.get("body"):
            await self._wait()
            await asyncio.sleep(0)  # it may wait more than once
        self.sent.append(message.get("body", b""))


def build_body(body: bytes) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def wait_for_nothing() -> None:
    pass


async def begin(send: Callable[[Message], Awaitable[None]]) -> PacedSend:
    paced = PacedSend(send, {})
    await paced.send(START)
    return paced


async def test_a_push_is_sent_at_once() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    paced = await begin(send)
    paced.push(b"a")
    assert sent == [START, build_body(b"a")]
    assert paced.has_room()


async def test_what_waits_is_finished_before_the_next_message() -> None:
    event = asyncio.Event()
    server = ScriptedServer(event.wait)
    paced = await begin(server.send)
    paced.push(b"a")
    assert not paced.has_room()
    sending = asyncio.create_task(paced.send(build_body(b"b")))
    await asyncio.sleep(0.01)
    assert server.sent == [b""]
    event.set()
    await sending
    assert server.sent == [b"", b"a", b"b"]
    assert paced.has_room()


async def test_room_is_there_when_what_waits_is_finished() -> None:
    event = asyncio.Event()
    server = ScriptedServer(event.wait)
    paced = await begin(server.send)
    paced.push(b"a")
    waiting = asyncio.create_task(paced.wait_for_room())
    await asyncio.sleep(0.01)
    assert not waiting.done()
    event.set()
    await waiting
    assert server.sent == [b"", b"a"]


async def test_what_fails_later_is_told_to_who_waits() -> None:
    event = asyncio.Event()

    async def fail() -> None:
        await event.wait()
        raise OSError("scripted")

    paced = await begin(ScriptedServer(fail).send)
    paced.push(b"a")
    event.set()
    with pytest.raises(OSError, match="scripted"):
        await paced.wait_for_room()


async def test_what_fails_at_once_is_raised_by_the_push() -> None:
    async def fail() -> None:
        raise OSError("scripted")

    paced = await begin(ScriptedServer(fail).send)
    with pytest.raises(OSError, match="scripted"):
        paced.push(b"a")


@pytest.mark.parametrize("ends", ["the task that waits is cancelled", "the connection is closed"])
async def test_what_waits_is_cancelled_with_its_answer(ends: str) -> None:
    cancelled: list[bool] = []

    async def wait() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(True)
            raise

    paced = await begin(ScriptedServer(wait).send)
    paced.push(b"a")
    waiting = asyncio.create_task(paced.wait_for_room() if ends.startswith("the task") else wait_for_nothing())
    await asyncio.sleep(0.01)
    waiting.cancel()
    if ends.startswith("the connection"):
        paced.close()
    with suppress(asyncio.CancelledError):
        await waiting
    await asyncio.sleep(0.01)
    assert cancelled == [True]
    assert [task for task in asyncio.all_tasks() if task.get_name() == "rest of a push"] == []


async def test_a_closed_connection_and_its_scope_do_not_hold_each_other() -> None:
    scope: Scope = {}
    paced = PacedSend(ScriptedServer(wait_for_nothing).send, scope)
    assert scope[CONNECTION_KEY] is paced
    paced.close()
    assert CONNECTION_KEY not in scope
