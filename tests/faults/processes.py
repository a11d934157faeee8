"""Server processes that share a port: which they are, and a client of a certain one of them."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.faults.rig import Server

ESTABLISHED = "01"
WAIT_S = 10.0


def list_processes(server: Server) -> list[int]:
    """Return the ids of the server's processes, whose parent is the process that was started."""
    text = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
    return [int(id) for id in text.split()]


async def wait_for_processes(server: Server, *, without: int, within_s: float = 60) -> list[int]:
    """Return the server's two processes, as soon as there are two and `without` is not among them."""
    deadline = time.monotonic() + within_s
    while len(found := list_processes(server)) != 2 or without in found:
        assert time.monotonic() < deadline, server.log()
        await asyncio.sleep(0.05)
    return found


async def wait_for_ends(pids: Sequence[int], within_s: float = 30) -> None:
    deadline = time.monotonic() + within_s
    while left := [pid for pid in pids if is_alive(pid)]:
        assert time.monotonic() < deadline, left
        await asyncio.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Return whether a process goes on; one that has ended and waits to be reaped does not."""
    try:
        return read_state(pid) != "Z"
    except FileNotFoundError:
        return False


def read_state(pid: int) -> str:
    """Return the letter of a process's state, which stands behind its name: `T` is stopped, `Z` has ended."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0]


@asynccontextmanager
async def open_session_with(pid: int, port: int) -> AsyncIterator[aiohttp.ClientSession]:
    """Open a session whose connections to `port` are all accepted by the process `pid`."""
    connector = ProcessConnector(pid, port)
    async with aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=None)) as session:
        yield session


class ProcessConnector(aiohttp.TCPConnector):
    """Connects anew until the wanted process has accepted the connection."""

    def __init__(self, pid: int, port: int) -> None:
        super().__init__(limit=0, force_close=True)
        self._pid = pid
        self._port = port

    async def _wrap_create_connection(self, *arguments: Any, **options: Any) -> Any:
        while True:
            transport, protocol = await super()._wrap_create_connection(*arguments, **options)
            client_port = transport.get_extra_info("sockname")[1]
            if await find_owner(self._port, client_port, [self._pid]) is not None:
                return transport, protocol
            transport.close()


async def find_owner(port: int, client_port: int, pids: Sequence[int]) -> int | None:
    """Return which of the processes has accepted a connection; None when it is another one."""
    deadline = time.monotonic() + WAIT_S
    while (inode := find_inode(port, client_port)) in (None, "0"):  # it waits to be accepted
        assert time.monotonic() < deadline, "nobody has accepted the connection"
        await asyncio.sleep(0.005)
    return next((pid for pid in pids if f"socket:[{inode}]" in list_files(pid)), None)


def find_inode(port: int, client_port: int) -> str | None:
    """Return the inode of the server's end of a connection, `0` while nobody has accepted it."""
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        _, local, remote, state, *_, inode = line.split()[:10]
        if state == ESTABLISHED and local.endswith(f":{port:04X}") and remote.endswith(f":{client_port:04X}"):
            return inode
    return None


def list_files(pid: int) -> set[str]:
    found = set()
    for file in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.add(str(file.readlink()))
        except FileNotFoundError:  # closed since the folder was listed
            continue
    return found
