"""A raw HTTP server that answers by a script: the bytes, when they come, and how the socket ends.

It exists beside the simulator because faults of a socket (a reset, a cut in mid-chunk, silence) cannot be
said in ASGI.
"""

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TEXT = {"type": "text", "text": ""}
USAGE = {
    "input_tokens": 25,
    "cache_creation_input_tokens": 0,
    "cache_read_input_tokens": 0,
    "output_tokens": 1,
    "service_tier": "standard",
}


class Fault:
    """A thing that a socket does instead of sending bytes."""


FIN, RESET, HANG = Fault(), Fault(), Fault()


@dataclass(frozen=True)
class Pause:
    seconds: float


Step = bytes | Fault | Pause
NOTICED_WITHIN_S = 10
"""How long a test waits for what happens at once, also on a busy machine. What is not let go stays for minutes."""


@dataclass
class Received:
    """A request as the server saw it. `left` is set once the client has closed the connection it came on."""

    line: str
    headers: dict[str, str]
    body: Any
    connection: int
    left: asyncio.Event = field(default_factory=asyncio.Event)
    left_at: float | None = None

    async def wait_until_left(self) -> None:
        await asyncio.wait_for(self.left.wait(), NOTICED_WITHIN_S)


class Upstream:
    """Answers request number n with script number n, and every later one with the last script."""

    def __init__(self, scripts: tuple[Iterable[Step], ...]) -> None:
        self.scripts = scripts
        self.requests: list[Received] = []
        self.connections = 0
        self.asked = asyncio.Event()
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def wait_until_asked(self) -> None:
        await asyncio.wait_for(self.asked.wait(), NOTICED_WITHIN_S)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        received: Received | None = None
        try:
            while True:
                received = await self._receive(reader, self.connections)
                await play(self.script_of(received), reader, writer)
        except (ConnectionError, EOFError, asyncio.CancelledError):
            pass  # asyncio's stream server logs a cancelled handler as an error
        finally:
            if received is not None:
                received.left_at = time.monotonic()
                received.left.set()
            writer.close()
            self._tasks.discard(task)

    def script_of(self, received: Received) -> Iterable[Step]:
        """Return what the request that has just been noted is answered with."""
        return self.scripts[min(len(self.requests), len(self.scripts)) - 1]

    async def _receive(self, reader: asyncio.StreamReader, connection: int) -> Received:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        raw = await reader.readexactly(int(headers.get("content-length", 0)))
        received = Received(head[0], headers, json.loads(raw) if raw else None, connection)
        self.requests.append(received)
        self.asked.set()
        return received

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


async def play(script: Iterable[Step], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for step in script:
        if isinstance(step, bytes):
            writer.write(step)
            await writer.drain()
        elif isinstance(step, Pause):
            await asyncio.sleep(step.seconds)
        else:
            await _break(step, reader, writer)


async def _break(fault: Fault, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    if fault is HANG:
        while await reader.read(1024):
            pass
    elif fault is RESET:
        raw: socket.socket = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()
    raise EOFError


@contextlib.asynccontextmanager
async def upstream(*scripts: Iterable[Step], tls: ssl.SSLContext | None = None) -> AsyncIterator[Upstream]:
    """Serve the scripts on a free port of this machine."""
    scripted = Upstream(scripts)
    server = await asyncio.start_server(scripted.serve, "127.0.0.1", 0, ssl=tls)
    scripted.port = server.sockets[0].getsockname()[1]
    try:
        yield scripted
    finally:
        server.close()
        await scripted.stop()


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


END = b"0\r\n\r\n"


def head(status: int = 200, content_type: str = "text/event-stream; charset=utf-8", **headers: str) -> bytes:
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(
        [
            f"HTTP/1.1 {status} Scripted",
            f"content-type: {content_type}",
            "transfer-encoding: chunked",
            *lines,
            "",
            "",
        ]
    ).encode()


def event(kind: str, **data: Any) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()


def start(**usage: int) -> bytes:
    message: dict[str, Any] = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-opus-4-6",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**USAGE, **usage},
    }
    return event("message_start", message=message)


def block_start(index: int = 0, block: Mapping[str, Any] = TEXT) -> bytes:
    return event("content_block_start", index=index, content_block=dict(block))


def delta(index: int = 0, **value: Any) -> bytes:
    return event("content_block_delta", index=index, delta=value)


def text(words: str, index: int = 0) -> bytes:
    return delta(index, type="text_delta", text=words)


def block_stop(index: int = 0) -> bytes:
    return event("content_block_stop", index=index)


def message_delta(stop_reason: str | None = "end_turn", output_tokens: int = 15, **more: Any) -> bytes:
    return event(
        "message_delta",
        delta={"stop_reason": stop_reason, "stop_sequence": None, **more},
        usage={"output_tokens": output_tokens},
    )


PING = event("ping")
STOP = event("message_stop")


def streamed(*words: str, stop_reason: str = "end_turn", **more: Any) -> list[Step]:
    """A whole, good answer: one chunk of the body per text delta."""
    return [
        head(request_id="req_1"),
        chunk(start() + block_start() + PING),
        *(chunk(text(word)) for word in words),
        chunk(block_stop() + message_delta(stop_reason, **more) + STOP),
        END,
    ]


def begun(*words: str) -> list[Step]:
    """The beginning of a good answer: the words, and then whatever the script adds."""
    return [head(request_id="req_1"), chunk(start() + block_start()), *(chunk(text(word)) for word in words)]


def refused(status: int, kind: str = "api_error", message: str = "Scripted", **headers: str) -> list[Step]:
    """An HTTP error with the API's error body."""
    body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}
    return [
        head(status, "application/json", request_id="req_1", **headers),
        chunk(json.dumps(body).encode()),
        END,
    ]


def failing(kind: str) -> bytes:
    """The error event that the API sends after it has answered 200."""
    return event("error", error={"type": kind, "message": "Scripted"})
