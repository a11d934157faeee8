"""A proxy that cuts the answers of its first connections, each after some more bytes than the one before."""

import asyncio
import itertools
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

FIRST_CUT_BYTES = 900
"""Of the first answer with its headers: they are through, and the first event is cut in its middle or behind it."""
CUT_STEP_BYTES = 97
"""How many more bytes of each answer come through than of the one before: cuts fall into every part of an event."""
PIECE_BYTES = 65_536
CUT_BEHIND_ID = re.compile(rb"\nid: \d*\n?$")
"""Where a cut is moved behind the event: some readers take an id before its event is complete."""


class CuttingProxy:
    """Passes bytes on between clients and a server on this machine."""

    def __init__(self, server_port: int, cuts: int, first_cut_bytes: int) -> None:
        self.connections = 0
        """How many connections clients have opened."""
        self._server_port = server_port
        limits = range(first_cut_bytes, first_cut_bytes + cuts * CUT_STEP_BYTES, CUT_STEP_BYTES)
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        """The tasks of the connections, each with the way to the server."""
        self._limits = itertools.chain(limits, itertools.repeat(None))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on until an end of it closes it, or its answer has reached its limit."""
        self.connections += 1
        limit = next(self._limits)
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._server_port)
        task = asyncio.current_task()
        assert task
        self._open[task] = to_server
        asking = asyncio.create_task(_copy(reader, to_server, None))
        try:
            await _copy(from_server, writer, limit)
        finally:
            asking.cancel()
            to_server.close()
            writer.close()
            del self._open[task]

    async def close(self) -> None:
        """Close all connections; return when they are closed."""
        tasks = list(self._open)
        for to_server in self._open.values():
            to_server.close()
        await asyncio.gather(*tasks)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, limit: int | None) -> None:
    """Copy until the end, or as many bytes as the limit allows."""
    left = limit
    with suppress(ConnectionError):
        while piece := await reader.read(PIECE_BYTES if left is None else min(PIECE_BYTES, left)):
            writer.write(piece)
            await writer.drain()
            left = None if left is None else left - len(piece)
            if left == 0:
                if not CUT_BEHIND_ID.search(piece):
                    return
                left = 1


@asynccontextmanager
async def run_cutting_proxy(
    server_port: int, cuts: int, first_cut_bytes: int = FIRST_CUT_BYTES
) -> AsyncIterator[tuple[str, CuttingProxy]]:
    """Run a proxy before the server until the block is left; yield its address and itself."""
    proxy = CuttingProxy(server_port, cuts, first_cut_bytes)
    listener = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}", proxy
    finally:
        listener.close()
        await proxy.close()
