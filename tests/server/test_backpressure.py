"""A slow reader makes the answer wait, and one that takes nothing is let go, under both servers."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.targets import ROOT, find_free_port
from tests.faults.rig import SERVERS, measure_process

KINDS = ("daphne", "uvicorn")
APPLICATION_MODULE = "tests.server.endless_application"
PIECE = 100_000


@contextmanager
def process(kind: str) -> Iterator[tuple[int, int]]:
    """Serve the application; yield its port and its process id."""
    port = find_free_port()
    command = [sys.executable, *SERVERS[kind].format(port=port, module=APPLICATION_MODULE).split()]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port, child.pid
    finally:
        child.kill()
        child.wait()


@contextmanager
def served(kind: str) -> Iterator[int]:
    with process(kind) as (port, _):
        yield port


async def asked(port: int, path: str, version: str = "1.1") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            break
        except OSError:
            await asyncio.sleep(0.1)
    writer.write(f"GET {path} HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    return reader, writer


async def body(port: int, path: str) -> bytes:
    reader, writer = await asked(port, path)
    whole = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    return whole.partition(b"\r\n\r\n")[2]


@pytest.mark.parametrize("kind", KINDS)
async def test_an_answer_waits_for_its_reader(kind: str) -> None:
    with served(kind) as port:
        reader, writer = await asked(port, "/endless")
        await reader.readexactly(1)
        await asyncio.sleep(0.5)
        sent = int(await body(port, "/sent"))
        await asyncio.sleep(0.5)
        assert int(await body(port, "/sent")) == sent
        await reader.readexactly(20 * PIECE)
        await asyncio.sleep(0.5)
        assert int(await body(port, "/sent")) > sent
        writer.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_reader_that_takes_nothing_is_let_go(kind: str) -> None:
    with process(kind) as (port, pid):
        assert await body(port, "/open") == b"0"
        files = measure_process(pid).files
        reader, writer = await asked(port, "/endless")
        await reader.readexactly(1)
        began = time.monotonic()
        while int(await body(port, "/open")):
            assert time.monotonic() - began < 10
            await asyncio.sleep(0.1)
        while measure_process(pid).files > files:
            assert time.monotonic() - began < 10
            await asyncio.sleep(0.1)
        writer.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_large_answer_in_one_piece_ends(kind: str) -> None:
    """Such as a script of the browser's application: the one piece is the last one, and nothing waits after it."""
    with served(kind) as port:
        assert len(await body(port, "/large")) == 3 * PIECE
        await asyncio.sleep(0.1)
        assert await body(port, "/done") == b"1"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["failing", "cut"])
async def test_an_answer_that_fails_in_its_middle_is_cut_short(kind: str, fault: str) -> None:
    with served(kind) as port:
        reader, writer = await asked(port, f"/{fault}")
        whole, _ = await asyncio.wait_for(read_rest(reader), 10)
        writer.close()
        assert b"a part" in whole
        assert not whole.endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("fault", ["failing", "cut"])
async def test_an_answer_that_fails_is_reset_over_http_1_0(kind: str, fault: str) -> None:
    with served(kind) as port:
        reader, writer = await asked(port, f"/{fault}", version="1.0")
        whole, was_reset = await asyncio.wait_for(read_rest(reader), 10)
        writer.close()
        assert b"a part" in whole
        assert was_reset


async def read_rest(reader: asyncio.StreamReader) -> tuple[bytes, bool]:
    """Return what comes until the connection ends, and whether it ended by a reset."""
    whole = b""
    try:
        while piece := await reader.read(65536):
            whole += piece
    except ConnectionError:
        return whole, True
    return whole, False
