"""Clients that read streams and note how late every chunk is."""

import asyncio
import re
import time
from dataclasses import dataclass, field

STAMP = re.compile(rb"@(\d+)@")
SPREAD_S = 1.031
"""Within which all streams of a load start. In one second, fifty would send at the same moment of every 20 ms."""


@dataclass
class Reading:
    """What one load found. Times are in milliseconds."""

    first: list[float] = field(default_factory=list)
    late: list[float] = field(default_factory=list)
    expected: int = 0

    @property
    def lost(self) -> int:
        return self.expected - len(self.late)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.late)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


async def load(port: int, request: bytes, streams: int, chunks: int, spread_s: float) -> Reading:
    """Read `streams` streams at once, their starts spread evenly, and return how late their chunks were."""
    reading = Reading(expected=streams * chunks)
    await asyncio.gather(*(one(port, request, reading, spread_s * i / streams) for i in range(streams)))
    return reading


async def one(port: int, request: bytes, reading: Reading, wait_s: float) -> None:
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
                reading.late += [(now - int(stamp)) / 1e6 for stamp in stamps]
                if stamps and first:
                    first = False
                    reading.first.append((now - began) / 1e6)
    except TimeoutError:
        pass
    finally:
        writer.close()
