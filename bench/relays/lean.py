"""The lean relay: the least that a Python process can do for a stream. No SDK, no Django, no flow, no log, no sign-in.

An ASGI application that calls the upstream by a protocol of asyncio, parses the answer with httptools, cuts the events
by slices, and passes the text on. It knows the upstream of this bench only, and no error.
"""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import httptools
from pydantic_core import from_json, to_json

UPSTREAM = urlsplit(os.environ["UPSTREAM"])
DELTA = b"event: content_block_delta\n"
HEADERS = [(b"content-type", b"text/event-stream")]

idle: list["Call"] = []
"""The connections to the upstream on which no answer comes. Of the process, as its event loop is."""


class Call(asyncio.Protocol):
    """A connection to the upstream, and the answer that comes on it."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def connection_lost(self, error: Exception | None) -> None:
        self._is_whole = True
        self._changed.set()

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)
        self._changed.set()

    def send(self, body: bytes) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self._texts: list[bytes] = []
        self._rest = b""
        self._is_whole = False
        head = b"POST /v1/messages HTTP/1.1\r\nhost: %b\r\ncontent-length: %d\r\n\r\n"
        self._transport.write(head % (UPSTREAM.netloc.encode(), len(body)) + body)

    def on_body(self, body: bytes) -> None:
        *frames, self._rest = (self._rest + body).split(b"\n\n")
        for frame in frames:
            if frame.startswith(DELTA):
                delta = from_json(frame[frame.index(b"data: ") + 6 :])["delta"]
                self._texts.append(b"data: %b\n\n" % to_json({"text": delta["text"]}))

    def on_message_complete(self) -> None:
        self._is_whole = True

    async def read(self) -> bytes:
        """Return what has come since the last call, in the form of the client; nothing at the end."""
        while not self._texts and not self._is_whole:
            self._changed.clear()
            await self._changed.wait()
        texts, self._texts = self._texts, []
        return b"".join(texts)


async def application(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    if scope["type"] == "lifespan":
        while (message := await receive())["type"] != "lifespan.shutdown":
            await send({"type": f"{message['type']}.complete"})
        return
    asked = from_json(await read_body(receive))
    call = idle.pop() if idle else await connect()
    call.send(to_json({"max_tokens": asked["chunks"], "prompt": asked["prompt"], "stream": True}))
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    while text := await call.read():
        await send({"type": "http.response.body", "body": text, "more_body": True})
    idle.append(call)
    await send({"type": "http.response.body", "body": b""})


async def read_body(receive: Callable[[], Awaitable[Any]]) -> bytes:
    body = b""
    while (message := await receive()).get("more_body"):
        body += message["body"]
    return body + bytes(message["body"])


async def connect() -> Call:
    loop = asyncio.get_running_loop()
    return (await loop.create_connection(Call, UPSTREAM.hostname, UPSTREAM.port))[1]


gc.collect()
gc.freeze()
