"""What everybody else notices while one caller abuses a server: the longest stall, and the memory.

    async with run_servers(1, kind) as (server,):
        async with watch(server.port, server.pid) as harm:
            ...  # the abuse
        harm.require_none()

The stall is how long `/healthz` waited for its answer, without the time for which other programs had the processors.
So a busy machine makes no test fail, and a server that blocks its loop or holds the GIL does.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.targets import ROOT

MAX_STALL_MS = 100
MAX_GROWTH_MB = 64
PATH = "/healthz"
START_LIMIT_S = 60
END_LIMIT_S = 120


@dataclass
class Harm:
    """What was observed. Complete when the block of `watch` has been left."""

    idle_stall_ms: float = 0.0
    """The longest stall of the same server just before the abuse: the control."""
    stall_ms: float = 0.0
    growth_mb: float = 0.0
    """The peak of the memory of the server and its child processes, above what they had before."""
    answers: int = 0

    def require_none(self, max_stall_ms: float = MAX_STALL_MS, max_growth_mb: float = MAX_GROWTH_MB) -> None:
        """Fail when others were stalled, or the memory grew, by more than is allowed."""
        assert self.answers, "the server was never asked"
        assert self.stall_ms - self.idle_stall_ms <= max_stall_ms, f"others were stalled: {self}"
        assert self.growth_mb <= max_growth_mb, f"the memory grew: {self}"


@asynccontextmanager
async def watch(port: int, pid: int, path: str = PATH) -> AsyncIterator[Harm]:
    """Observe the server that listens on `port` in process `pid` until the block is left.

    Raises AssertionError when the server no longer answers.
    """
    command = [sys.executable, "-m", "tests.abuse.prober", str(port), str(pid), path]
    prober = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    harm = Harm()
    try:
        async with asyncio.timeout(START_LIMIT_S):
            harm.idle_stall_ms = await _read_idle_stall(prober)
        yield harm
        async with asyncio.timeout(END_LIMIT_S):
            vars(harm).update(json.loads(await _end(prober)))
    finally:
        if prober.returncode is None:
            prober.kill()
        await prober.wait()


async def _read_idle_stall(prober: Process) -> float:
    assert prober.stdout and prober.stderr
    line = await prober.stdout.readline()
    assert line, (await prober.stderr.read()).decode()
    return float(line)


async def _end(prober: Process) -> bytes:
    """Tell the prober to end, and return its result."""
    result, errors = await prober.communicate(b"\n")
    assert prober.returncode == 0, errors.decode()
    return result
