"""An application that sends without an end, for the tests of backpressure. It lets go of readers after two seconds."""

from server import backpressure
from web.middleware.asgi import Receive, Scope, Send, respond
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
        await (FAULTS[name](send) if name in FAULTS else go_on(send))


async def go_on(send: Send) -> None:
    counts["open"] += 1
    try:
        while True:
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
            counts["sent"] += 1
    finally:
        counts["open"] -= 1


async def fail(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    raise RuntimeError("scripted")


async def cut(send: Send) -> None:
    await send({"type": "http.response.body", "body": b"a part", "more_body": True})
    raise CutShort("scripted")


FAULTS = {"failing": fail, "cut": cut}
application = backpressure.PacedApplication(app)
