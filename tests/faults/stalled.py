"""Clients that request a run and never read the answer: over HTTP, and by the editor's socket."""

import asyncio
import json
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.rig import Server, get_site

RECEIVE_BUFFER_BYTES = 4096
"""How much the kernel buffers for the client: little, so that the server has to buffer the rest."""


@contextmanager
def hold_stalled_readers(server: Server, runs: Iterable[str], sockets: Iterable[str]) -> Iterator[None]:
    """Hold a stalled reader for each of `runs`, and a stalled socket that follows each of `sockets`."""
    held = [_send_and_never_read(server, build_stream_request(server, run)) for run in runs]
    held += [_send_and_never_read(server, build_socket_request(server, run)) for run in sockets]
    try:
        yield
    finally:
        for each in held:
            each.close()


async def wait_until_stalled(server: Server) -> None:
    """Return when the kernel's buffers are full, so that the server can send nothing more.

    They are full when they do not grow within a second. The server's CPU does not show it, because the server may be
    compacting finished runs. Raises TimeoutError after a minute.
    """
    earlier, queued = -1, 0
    async with asyncio.timeout(60):
        while queued == 0 or queued != earlier:
            await asyncio.sleep(1)
            earlier, queued = queued, _read_queued_bytes(server.port)


def _read_queued_bytes(port: int) -> int:
    """Return the bytes that the kernel holds for the clients of a port (`man 5 proc_net`: `tx_queue`)."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(int(row[4].split(":")[0], 16) for row in rows if int(row[1].split(":")[1], 16) == port)


def _send_and_never_read(server: Server, request: bytes) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
    client.connect(("127.0.0.1", server.port))
    client.sendall(request)
    return client


def build_stream_request(server: Server, run: str) -> bytes:
    headers = {"Authorization": f"Bearer {get_site().key}", "Accept": "text/event-stream"}
    return _build_request(server, f"/api/v1/runs/{run}/events", headers)


def build_socket_request(server: Server, run: str) -> bytes:
    headers = {
        "Cookie": f"sessionid={get_site().session}",
        "Origin": server.url,
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
        "Sec-WebSocket-Version": "13",
    }
    command = json.dumps({"type": "run.follow", "ref": "1", "run": run, "after": 0}).encode()
    # A text frame of fewer than 126 bytes; its mask is of zeros, which leaves the text as it is.
    frame = bytes([0x81, 0x80 | len(command)]) + bytes(4) + command
    return _build_request(server, f"/ws/flows/{get_site().flows['patient']}", headers) + frame


def _build_request(server: Server, path: str, headers: dict[str, str]) -> bytes:
    lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode()
