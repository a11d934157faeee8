"""Reads streams as clients do, and records the delay of every chunk."""

import asyncio
import re
import time
from dataclasses import dataclass, field

STAMP = re.compile(rb"@(\d+)@")
SPREAD_S = 1.031
"""All streams of a load start within this time. Within 1 s, fifty would send at the same moment of every 20 ms."""


@dataclass
class Reading:
    """What one load measured. Times are in milliseconds."""

    first: list[float] = field(default_factory=list)
    """By stream, the time from its start until its first chunk."""
    delays_ms: list[float] = field(default_factory=list)
    """By chunk, the time from when the upstream wrote it until the client read it."""
    expected: int = 0
    """How many chunks the streams should bring."""

    @property
    def lost(self) -> int:
        return self.expected - len(self.delays_ms)

    def compute_percentile(self, share: float) -> float:
        ordered = sorted(self.delays_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


async def read_streams(port: int, request: bytes, streams: int, chunks: int, spread_s: float) -> Reading:
    """Read `streams` streams at once, their starts spread evenly over `spread_s`; return the delays of their chunks."""
    reading = Reading(expected=streams * chunks)
    await asyncio.gather(*(read_stream(port, request, reading, spread_s * i / streams) for i in range(streams)))
    return reading


async def read_stream(port: int, request: bytes, reading: Reading, wait_s: float) -> None:
    await asyncio.sleep(wait_s)
    began = time.monotonic_ns()
    first = True
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    rest = b""
    try:
        async with asyncio.timeout(60):
            while data := await reader.read(65536):
                now = time.monotonic_ns()
                stamps = STAMP.findall(rest + data)
                rest = (rest + data)[-40:].rpartition(b"@")[2] if not stamps else b""
                reading.delays_ms += [(now - int(stamp)) / 1e6 for stamp in stamps]
                if stamps and first:
                    first = False
                    reading.first.append((now - began) / 1e6)
    except TimeoutError:
        pass
    finally:
        writer.close()
