"""An application that sends without an end, for the tests of backpressure. It lets go of readers after two seconds."""

import asyncio
import os
import signal

from server import backpressure
from web.middleware.asgi import CONNECTION_KEY, PushConnection, Receive, Scope, Send, respond
from web.middleware.cut_short import CutShort

backpressure.STALL_LIMIT_S = 2.0
PIECE = b"x" * 100_000
counts = {"sent": 0, "open": 0, "done": 0}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    name = scope["path"].removeprefix("/")
    if name in counts:
        await respond(send, 200, [], str(counts[name]).encode())
    elif name == "large":
        await respond(send, 200, [], PIECE * 3)
        counts["done"] += 1
    else:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if name == "pushed":
            await push_on(scope, send)
        else:
            await (ENDINGS[name](send) if name in ENDINGS else go_on(send))


async def go_on(send: Send) -> None:
    counts["open"] += 1
    try:
        while True:
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
            counts["sent"] += 1
    finally:
        counts["open"] -= 1


async def push_on(scope: Scope, send: Send) -> None:
    """Push from outside of the task, as a commit does, whenever there is room."""
    connection: PushConnection = scope[CONNECTION_KEY]
    counts["open"] += 1
    try:
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        while True:
            pushed = asyncio.get_running_loop().create_future()
            asyncio.get_running_loop().call_soon(push_until_full, connection, pushed)
            await pushed
            await connection.wait_for_room()
    finally:
        counts["open"] -= 1


def push_until_full(connection: PushConnection, pushed: asyncio.Future[None]) -> None:
    while connection.has_room():
        connection.push(PIECE)
        counts["sent"] += 1
    if not pushed.done():
        pushed.set_result(None)


async def fail(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    raise RuntimeError("scripted")


async def cut(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    raise CutShort("scripted")


async def freeze(send: Send) -> None:
    """Do nothing more after a piece, until the test lets the process go on."""
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    os.kill(os.getpid(), signal.SIGSTOP)
    await send({"type": "http.response.body", "body": b", the rest"})


ENDINGS = {"failing": fail, "cut": cut, "frozen": freeze}
application = backpressure.PacedApplication(app)
