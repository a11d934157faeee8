"""Clients that ask for a run and never read: over HTTP, and by the editor's socket."""

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.rig import Server, site

WINDOW = 4096
"""What the client's own machine takes in for it, in bytes: little, so that the server has to hold the rest."""


@contextmanager
def stalled(server: Server, runs: Iterable[str], sockets: Iterable[str]) -> Iterator[None]:
    """Hold a stalled reader for each of `runs`, and a stalled socket that follows each of `sockets`."""
    held = [_asking(server, hearing(server, run)) for run in runs]
    held += [_asking(server, following(server, run)) for run in sockets]
    try:
        yield
    finally:
        for each in held:
            each.close()


async def all_stalled(server: Server) -> None:
    """Return when the machine's buffers are full, so that the server can send nothing more.

    They are when they grow no more within a second. Its CPU would not tell: it may be compacting finished runs.
    Raises TimeoutError after a minute.
    """
    earlier, queued = -1, 0
    async with asyncio.timeout(60):
        while queued == 0 or queued != earlier:
            await asyncio.sleep(1)
            earlier, queued = queued, _queued(server.port)


def _queued(port: int) -> int:
    """Return the bytes that the kernel holds for the clients of a port (`man 5 proc_net`: `tx_queue`)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].split(":")[0], 16) for row in rows if int(row[1].split(":")[1], 16) == port)


def _asking(server: Server, request: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, WINDOW)
    client.connect(("127.0.0.1", server.port))
    client.sendall(request)
    return client


def hearing(server: Server, run: str) -> bytes:
    headers = {"Authorization": f"Bearer {site().key}", "Accept": "text/event-stream"}
    return _request(server, f"/api/v1/runs/{run}/events", headers)


def following(server: Server, run: str) -> bytes:
    headers = {
        "Cookie": f"sessionid={site().session}",
        "Origin": server.url,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version": "13",
    }
    command = json.dumps({"type": "run.follow", "ref": "1", "run": run, "after": 0}).encode()
    # A text frame of fewer than 126 bytes; its mask is of zeros, which leaves the text as it is.
    frame = bytes([0x81, 0x80 | len(command)]) + bytes(4) + command
    return _request(server, f"/ws/flows/{site().flows['patient']}", headers) + frame


def _request(server: Server, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()
