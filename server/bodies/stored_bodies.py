"""Bodies that wait on disk, and are read piece by piece when the application asks for them."""

import asyncio
from typing import IO

from web.middleware.asgi import App, Message, Receive, Scope, Send

BODY_KEY = "millrace.body"
"""Under this key a scope has the file with the body."""
PIECE_BYTES = 64 * 1024


class StoredBodies:
    """Wraps an application: what it receives is read from the file with the body."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = scope.pop(BODY_KEY, None)
        await self.app(scope, receive if body is None else read_body(body, receive), send)


def read_body(body: IO[bytes], receive: Receive) -> Receive:
    """Return a `receive` that gives the body piece by piece, and then what the server says."""
    is_complete = is_begun = False

    async def receive_piece() -> Message:
        nonlocal is_complete, is_begun
        if is_complete:
            return await receive()
        if body.closed:  # the client has left, and the body with it: what is missing must not look like an empty one
            return {"type": "http.disconnect"}
        if not is_begun:
            is_begun = True
            if (message := await receive())["type"] != "http.request":
                return message
        piece = body.read(PIECE_BYTES)
        is_complete = len(piece) < PIECE_BYTES
        if not is_complete:
            await asyncio.sleep(0)  # nothing else waits here, and a large body would keep the loop to itself
        return {"type": "http.request", "body": piece, "more_body": not is_complete}

    return receive_piece
