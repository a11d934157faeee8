"""However a run or its server ends early, no answer looks whole, over HTTP/1.1 and over HTTP/1.0."""

import asyncio
import signal

import httpx
import pytest

from tests.clients.calls import build_headers, build_path, cancel_run
from tests.faults.rig import Server, run_rig
from tests.faults.upstream import ScriptedPrompt

Reader = tuple[asyncio.StreamReader, asyncio.StreamWriter]


VERSIONS = ("1.1", "1.0")
SIGNALS = {"stopped": signal.SIGTERM, "killed": signal.SIGKILL}
"""By how the server ends. One that is stopped interrupts its runs when they outlast the limit."""


async def open_answer(server: Server, accept: str, version: str) -> Reader:
    """Start a run that goes on for long, and return the connection on which its answer comes."""
    body = httpx.Request("POST", "http://x", json={"prompt": ScriptedPrompt(chunks=100_000).prompt}).content
    headers = build_headers(Accept=accept, **{"Content-Type": "application/json", "Content-Length": str(len(body))})
    head = "".join(f"{name}: {value}\r\n" for name, value in {"Host": "127.0.0.1", **headers}.items())
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"POST {build_path()} HTTP/{version}\r\n{head}\r\n".encode() + body)
    return reader, writer


async def read_rest(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """Return what comes until the connection ends, and whether it ended by a reset."""
    received = b""
    try:
        while piece := await reader.read(65_536):
            received += piece
    except ConnectionResetError:
        return received, True
    return received, False


async def begin_text(server: Server, version: str) -> tuple[Reader, str]:
    """Return the connection on which a text comes, of which a piece has come, and the head of the answer."""
    reader, writer = await open_answer(server, "text/plain", version)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    await reader.readuntil(b"@")
    return (reader, writer), head


async def check_cut(connection: Reader, head: str) -> None:
    """Check that the rest of the answer does not look like an end."""
    received, was_reset = await read_rest(connection[0])
    connection[1].close()
    is_chunked = "transfer-encoding: chunked" in head
    assert was_reset or (is_chunked and not received.endswith(b"0\r\n\r\n"))


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_text_whose_run_is_cancelled_does_not_look_whole(server: Server, version: str) -> None:
    connection, head = await begin_text(server, version)
    run = head.partition("x-run: ")[2].partition("\r\n")[0]
    await asyncio.to_thread(cancel_run, server, run)
    await check_cut(connection, head)


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
@pytest.mark.parametrize("end", SIGNALS)
async def test_a_text_whose_server_ends_does_not_look_whole(kind: str, end: str) -> None:
    async with run_rig(kind, MILLRACE_DRAIN_S="1") as (server, _):
        answers = [await begin_text(server, version) for version in VERSIONS]
        server.signal(SIGNALS[end])
        for connection, head in answers:
            await check_cut(connection, head)
