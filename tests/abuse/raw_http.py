"""Requests as bytes, also those that no HTTP library sends."""

import asyncio
import contextlib
import json
from typing import Any

MIB = 1024**2
FLOW = "8b1f1d53-5c1f-4a3e-9d4a-0b7f9d1c2e3a"
"""The id of a flow that is not there."""
CSRF_TOKEN = "c" * 32
FORMS = {
    "urlencoded": ("application/x-www-form-urlencoded", b"a=1&" * (30 * MIB // 4)),
    "multipart": (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * (30 * MIB // 58) + b"--b--\r\n",
    ),
}
"""By name, the media type and the body of a form of 30 MB."""
ANSWER_WITHIN_S = 60


async def read_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Return the status, the headers and the body of what comes until the connection ends."""
    raw = b""
    with contextlib.suppress(ConnectionError):
        async with asyncio.timeout(ANSWER_WITHIN_S):
            while piece := await reader.read(65536):
                raw += piece
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    return int(first.split()[1]), headers, body


async def send(port: int, head: str, *pieces: bytes) -> tuple[int, dict[str, str], Any]:
    """Send a head and as much of a body as the server at `port` takes; return the answer, its JSON read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answer = asyncio.create_task(read_answer(reader))
    writer.write(head.encode())
    with contextlib.suppress(ConnectionError):
        for piece in pieces:
            for start in range(0, len(piece), MIB):
                writer.write(piece[start : start + MIB])
                await writer.drain()
    status, headers, body = await answer
    writer.close()
    return status, headers, json.loads(body)


def build_head(path: str, *lines: str, method: str = "POST") -> str:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *lines, "", ""])
