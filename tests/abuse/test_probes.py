"""The probes notice each kind of harm, and a machine that is busy with something else is none."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp
import pytest

from bench.targets import ROOT, find_free_port, wait_for_port
from tests.abuse.probes import Harm, watch
from tests.faults.rig import SERVERS

KINDS = ("daphne", "uvicorn")
MODULE = "tests.abuse.harmful_application"
REPEATS = 5
"""Of a harm that is to be noticed: the prober may take one for a machine that was busy, and not each."""


@contextmanager
def run_harmful_server(kind: str) -> Iterator[tuple[int, int]]:
    """Serve the harmful application; yield its port and its process id."""
    port = find_free_port()
    command = [sys.executable, *SERVERS[kind].format(port=port, module=MODULE).split()]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port)
        yield port, child.pid
    finally:
        child.kill()
        child.wait()


async def observe(kind: str, *harms: str) -> Harm:
    """Return what the probes notice of one request for each of `harms`."""
    with run_harmful_server(kind) as (port, pid):
        async with watch(port, pid, "/") as harm, aiohttp.ClientSession() as session:
            for each in harms:
                async with session.get(f"http://127.0.0.1:{port}/{each}") as answer:
                    assert answer.status == 200
        return harm


@contextmanager
def keep_processors_busy() -> Iterator[None]:
    """Run two endless loops for each processor."""
    command = [sys.executable, "-c", "while True: pass"]
    children = [subprocess.Popen(command) for _ in range(2 * (os.cpu_count() or 1))]
    try:
        yield
    finally:
        for child in children:
            child.kill()
            child.wait()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("harm", ["block?300", "sleep?300", "gil?300"])
async def test_a_stall_is_noticed(kind: str, harm: str) -> None:
    observed = await observe(kind, *[harm] * REPEATS)
    with pytest.raises(AssertionError, match="stalled"):
        observed.require_none()


@pytest.mark.parametrize("kind", KINDS)
async def test_memory_is_noticed_at_its_peak(kind: str) -> None:
    observed = await observe(kind, "memory?100")
    with pytest.raises(AssertionError, match="memory grew"):
        observed.require_none(max_stall_ms=10_000)


@pytest.mark.parametrize("kind", KINDS)
async def test_small_work_is_no_harm(kind: str) -> None:
    observed = await observe(kind, *["block?20"] * 10, "memory?20", "thread?300")
    observed.require_none()


async def test_a_stall_is_noticed_on_a_busy_machine() -> None:
    with keep_processors_busy():
        observed = await observe("uvicorn", *["block?300"] * REPEATS)
    with pytest.raises(AssertionError, match="stalled"):
        observed.require_none()


async def test_a_busy_machine_is_no_harm() -> None:
    with keep_processors_busy():
        observed = await observe("uvicorn", *["block?20"] * 10)
    observed.require_none()


async def test_a_server_that_ends_is_told() -> None:
    with pytest.raises(AssertionError, match="no longer answers"), run_harmful_server("uvicorn") as (port, pid):
        async with watch(port, pid, "/"):
            os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(os.waitpid, pid, 0)
