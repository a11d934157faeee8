"""Servers of their own, in processes of their own, on a folder that can be reopened; and what `/proc` says of them."""

import asyncio
import atexit
import functools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import ExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import aiohttp

from bench.targets import ROOT, find_free_port
from tests.faults import upstream
from tests.faults.upstream import Running

SERVERS = {
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "--no-server-name", "-v", "0"],
    "uvicorn": ["-m", "uvicorn", "--host", "127.0.0.1", "--log-level", "error", "--timeout-graceful-shutdown", "30"],
}
DATABASE = "millrace.sqlite3"

Event = tuple[int, str]
"""An event's number, and its JSON as it was stored or received."""
Stored = dict[str, list[Event]]


@dataclass(frozen=True)
class Site:
    """A seeded folder, which servers take copies of, and what its clients need. Made once: migrating takes seconds."""

    folder: Path
    upstream_port: int
    nowhere_port: int
    flows: Mapping[str, str]
    key: str
    session: str


@functools.cache
def site() -> Site:
    folder = Path(tempfile.mkdtemp(prefix="millrace-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ports = find_free_port(), find_free_port()
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    command = [sys.executable, "-m", "tests.faults.seed", *urls]
    done = subprocess.run(command, cwd=ROOT, env=_environment(folder, ports), check=True, capture_output=True)
    told = json.loads(done.stdout.splitlines()[-1])
    key, session = told.pop("key"), told.pop("session")
    return Site(folder, *ports, told, key, session)


def _environment(folder: Path, private: Collection[int], **more: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    own = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MILLRACE_DATA_DIR": str(folder),
        "MILLRACE_PRIVATE_HOSTS": ",".join(f"127.0.0.1:{port}" for port in private),
        "MILLRACE_LOG_LEVEL": "ERROR",
    }
    return {**inherited, **own, **more}


@dataclass
class Server:
    """One Millrace. It can be killed, ended, stopped for a while and started again, on the same folder."""

    folder: Path
    kind: str = "daphne"
    rigging: Mapping[str, str] = field(default_factory=dict)
    """What `rigged_asgi` is told; without it, the product runs as it is."""
    port: int = field(default_factory=find_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def start(self) -> None:
        option = "-p" if self.kind == "daphne" else "--port"
        module = "tests.faults.rigged_asgi" if self.rigging else "config.asgi"
        command = [sys.executable, *SERVERS[self.kind], option, str(self.port), f"{module}:application"]
        private = site().upstream_port, site().nowhere_port
        environment = _environment(self.folder, private, MILLRACE_PORT=str(self.port), **self.rigging)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    @property
    def _log(self) -> Path:
        return self.folder / f"server-{self.port}.log"

    def log(self) -> str:
        """Return what the server has written to its log, over all its starts."""
        return self._log.read_text("utf-8", "replace")

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def wait(self, timeout_s: float = 30) -> int:
        assert self.process
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        """Kill the server as `kill -9` does; return when it is dead."""
        self.signal(signal.SIGKILL)
        self.wait()

    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def ready(self, within_s: float = 60) -> float:
        """Return the seconds from the first connection that was taken until the server takes calls."""
        deadline = time.monotonic() + within_s
        async with aiohttp.ClientSession() as session:
            while time.monotonic() < deadline:
                asked = time.monotonic()
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return time.monotonic() - asked
                except aiohttp.ClientConnectionError:
                    assert self.lives(), self.log()
                await asyncio.sleep(0.02)
        raise TimeoutError(f"{self.kind} was not ready within {within_s} s: {self.log()}")


@asynccontextmanager
async def servers(count: int, kind: str = "daphne", **rigging: str) -> AsyncIterator[list[Server]]:
    """Serve one fresh folder by `count` processes until the block is left."""
    with tempfile.TemporaryDirectory(prefix="millrace-faults-") as parent:
        folder = Path(shutil.copytree(site().folder, Path(parent) / "data"))
        started = [Server(folder, kind, rigging) for _ in range(count)]
        try:
            for server in started:
                server.start()
            for server in started:
                await server.ready()
            yield started
        finally:
            for server in started:
                if server.lives():
                    server.kill()


@functools.cache
def model() -> Running:
    """Return the upstream that the flows of all servers call. Its calls have names that are never used again."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(upstream.running(site().upstream_port))


@asynccontextmanager
async def rig(kind: str = "daphne", **rigging: str) -> AsyncIterator[tuple[Server, Running]]:
    """Run one server and the upstream that its flows call."""
    called = model()
    async with servers(1, kind, **rigging) as (server,):
        yield server, called


@asynccontextmanager
async def rig_of_two(**rigging: str) -> AsyncIterator[tuple[Server, Server, Running]]:
    """Run two servers on one database, and the upstream."""
    called = model()
    async with servers(2, **rigging) as (first, second):
        yield first, second, called


def stored(folder: Path) -> Stored:
    """Return the events of each run, by its id as the API writes it, as the database file holds them."""
    with _opened(folder) as database:
        database.execute("BEGIN")  # one moment of both tables: the server moves events from one to the other
        rows = database.execute("SELECT run_id, seq, data FROM flows_runevent").fetchall()
        archived = database.execute("SELECT run_id, data FROM flows_runarchive").fetchall()
    lines = [(run, line) for run, data in archived for line in zlib.decompress(data).decode().split("\n")]
    rows += [(run, json.loads(line)["seq"], line) for run, line in lines]
    runs: Stored = {}
    for run, seq, data in sorted(set(rows)):
        runs.setdefault(str(UUID(run)), []).append((seq, data))
    return runs


def integrity(folder: Path) -> str:
    """Return what SQLite says of the whole file; `ok` when all is well."""
    with _opened(folder) as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])


def _opened(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / DATABASE, timeout=30))


class Held(NamedTuple):
    """What a process holds of the machine."""

    memory_mb: float
    threads: int
    files: int
    database_connections: int


def held_by(pid: int) -> Held:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    files = [_target(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    connections = sum(file.endswith(DATABASE) for file in files)
    return Held(int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), len(files), connections)


def _target(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:  # closed since the folder was listed
        return ""
