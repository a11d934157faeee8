"""A slow reader makes the answer wait, and one that takes nothing is let go, under both servers."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.targets import ROOT, find_free_port
from tests.faults.processes import read_state
from tests.faults.rig import SERVERS, measure_process

KINDS = ("daphne", "uvicorn")
APPLICATION_MODULE = "tests.server.endless_application"
PIECE = 100_000
# How long a test waits for what must happen, also on a busy machine.
WAIT_SECONDS = 30


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


async def wait_for(port: int, path: str, is_met: Callable[[int], bool]) -> None:
    """Ask for a count of the application until it is as told."""
    async with asyncio.timeout(WAIT_SECONDS):
        while not is_met(int(await body(port, path))):
            await asyncio.sleep(0.1)


async def wait_for_rest(port: int, path: str) -> int:
    """Return a count once it is the same five times in a row. An answer that nobody brakes never rests."""
    counts: list[int] = []
    async with asyncio.timeout(WAIT_SECONDS):
        while len(counts) < 5 or len(set(counts[-5:])) > 1:
            counts.append(int(await body(port, path)))
            await asyncio.sleep(0.1)
    return counts[-1]


WAYS = pytest.mark.parametrize("path", ["/endless", "/pushed"])


@pytest.mark.parametrize("kind", KINDS)
@WAYS
async def test_an_answer_waits_for_its_reader(kind: str, path: str) -> None:
    with served(kind) as port:
        reader, writer = await asked(port, path)
        await reader.readexactly(1)
        sent = await wait_for_rest(port, "/sent")
        await reader.readexactly(20 * PIECE)
        await wait_for(port, "/sent", lambda now: now > sent)
        writer.close()


@pytest.mark.parametrize("kind", KINDS)
@WAYS
async def test_a_reader_that_takes_nothing_is_let_go(kind: str, path: str) -> None:
    with process(kind) as (port, pid):
        assert await body(port, "/open") == b"0"
        files = measure_process(pid).files
        reader, writer = await asked(port, path)
        await reader.readexactly(1)
        await wait_for(port, "/open", lambda now: now == 0)
        async with asyncio.timeout(WAIT_SECONDS):
            while measure_process(pid).files > files:
                await asyncio.sleep(0.1)
        writer.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_large_answer_in_one_piece_ends(kind: str) -> None:
    """Such as a script of the browser's application: the one piece is the last one, and nothing waits after it."""
    with served(kind) as port:
        assert len(await body(port, "/large")) == 3 * PIECE
        await wait_for(port, "/done", lambda now: now == 1)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_piece_is_on_its_way_before_the_application_goes_on(kind: str) -> None:
    """It waits for no other work of the event loop."""
    with process(kind) as (port, pid):
        reader, writer = await asked(port, "/frozen")
        async with asyncio.timeout(WAIT_SECONDS):
            begun = await reader.readuntil(b"a part")
            while read_state(pid) != "T":
                await asyncio.sleep(0.05)
        assert begun.startswith(b"HTTP/1.1 200")
        os.kill(pid, signal.SIGCONT)
        assert b", the rest" in await asyncio.wait_for(reader.read(), WAIT_SECONDS)
        writer.close()


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
