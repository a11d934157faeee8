"""Reads streams as clients do, and records the delay of every chunk. Also the streams of a target, as a load on it.

A load takes as little of its processor as it can, because upstream and clients share one: a client notes only when
bytes came, and looks into them after the end.
"""

import asyncio
import re
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import accumulate, islice

from bench.targets import Target
from bench.workload import USUAL, Workload

STAMP = re.compile(rb"@(\d+)@")
SPREAD_S = 1.031
"""All streams of a load start within this time. Within 1 s, fifty would send at the same moment of every 20 ms."""
STREAM_LIMIT_S = 60.0
"""How long a stream may take. The rest of it is lost."""


@dataclass
class Reading:
    """What one load measured. Times are in milliseconds."""

    first: list[float] = field(default_factory=list)
    """By stream, the time from its start until its first chunk."""
    delays_ms: list[float] = field(default_factory=list)
    """By chunk, the time from when the upstream wrote it until the client read it."""
    written_ms: list[tuple[int, float]] = field(default_factory=list)
    """By chunk, how many were before it in its stream, and how long after the first one the upstream wrote it."""
    expected: int = 0
    """How many chunks the streams should bring."""

    @property
    def lost(self) -> int:
        return self.expected - len(self.delays_ms)

    def compute_percentile(self, share: float) -> float:
        """Return the percentile of the delays."""
        return compute_percentile(self.delays_ms, share)

    def compute_lateness(self, pause_s: float, share: float) -> float:
        """Return the percentile of how much later the upstream wrote a chunk than it is to, one in `pause_s`."""
        return compute_percentile([written - number * pause_s * 1e3 for number, written in self.written_ms], share)

    def note_stream(self, client: "StreamClient", chunks: int) -> None:
        """Add what a client has read of so many chunks. A chunk was read with the bytes that complete it.

        Some protocols repeat the whole answer at its end: that is none of the chunks.
        """
        ends = list(accumulate(len(data) for _, data in client.pieces))
        body = b"".join(data for _, data in client.pieces)
        first_written = 0
        for number, stamp in enumerate(islice(STAMP.finditer(body), chunks)):
            written = int(stamp[1])
            read = client.pieces[bisect_left(ends, stamp.end())][0]
            if number == 0:
                first_written = written
                self.first.append((read - client.began) / 1e6)
            self.delays_ms.append((read - written) / 1e6)
            self.written_ms.append((number, (written - first_written) / 1e6))


class StreamClient(asyncio.Protocol):
    """Reads one stream to its end, and does nothing else."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self.began = time.monotonic_ns()
        self.pieces: list[tuple[int, bytes]] = []
        """What came, each with the time at which it was read."""
        self.end: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self.pieces.append((time.monotonic_ns(), data))

    def connection_lost(self, error: Exception | None) -> None:
        if not self.end.done():
            self.end.set_result(None)


def compute_percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("inf")


def run_load(target: Target, streams: int, workload: Workload = USUAL, spread_s: float = SPREAD_S) -> Reading:
    """Read so many streams of the target at once, and return when they have ended."""
    return asyncio.run(read_streams(target.port, target.requests[workload], streams, workload.chunks, spread_s))


async def read_streams(port: int, request: bytes, streams: int, chunks: int, spread_s: float) -> Reading:
    """Read `streams` streams at once, their starts spread evenly over `spread_s`; return the delays of their chunks."""
    waits = (spread_s * number / streams for number in range(streams))
    clients = await asyncio.gather(*(read_stream(port, request, wait_s) for wait_s in waits))
    reading = Reading(expected=streams * chunks)
    for client in clients:
        reading.note_stream(client, chunks)
    return reading


async def read_stream(port: int, request: bytes, wait_s: float) -> StreamClient:
    await asyncio.sleep(wait_s)
    loop = asyncio.get_running_loop()
    client = StreamClient(request)
    transport, _ = await loop.create_connection(lambda: client, "127.0.0.1", port)
    try:
        async with asyncio.timeout(STREAM_LIMIT_S):
            await client.end
    except TimeoutError:
        pass
    finally:
        transport.close()
    return client
