"""Runs servers in processes of their own, on a folder that can be reopened, and reads what `/proc` says of them."""

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
from typing import Any, NamedTuple
from uuid import UUID

import aiohttp
import psycopg

from bench.scaled.postgres import create_database
from bench.targets import ROOT, find_free_port
from tests.faults import upstream
from tests.faults.upstream import UpstreamProcess

SERVERS = {
    "daphne": "-m server.daphne_server -b 127.0.0.1 --no-server-name -v 0 -p {port} {module}:application",
    "daphne by hand": "-m daphne -p {port} {module}:application",
    "uvicorn": "-m uvicorn --http server.uvicorn_server:BoundedProtocol --host 127.0.0.1 --log-level error "
    "--timeout-graceful-shutdown 30 --port {port} {module}:application",
    "uvicorn by hand": "-m uvicorn --port {port} {module}:application",
    "serve": "manage.py serve",
    "serve uvicorn": "manage.py serve --server uvicorn",
    "worker": "-m {module}",
}
"""What Python is asked to run, by the name of the kind of server."""
BROKEN_ANSWER = ("Exception inside application", "Exception in ASGI application")
"""How Daphne and uvicorn tell of an error that the application has raised."""
SHOWN_CHARACTERS = 3_000
"""Of the end of a log, in a failure."""
DATABASE = "millrace.sqlite3"

Event = tuple[int, str]
"""An event's number, and its JSON as it was stored or received."""
Logs = dict[str, list[Event]]


@dataclass(frozen=True)
class Site:
    """A seeded folder, of which servers get copies, and what their clients need."""

    folder: Path
    upstream_port: int
    nowhere_port: int
    flows: Mapping[str, str]
    key: str
    neighbours_key: str
    """Of another workspace."""
    production_key: str
    order_key: str
    """For the flow `order` alone."""
    session: str


# Cached for the process, because migrating a database takes seconds.
@functools.cache
def get_site() -> Site:
    folder = Path(tempfile.mkdtemp(prefix="millrace-faults-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ports = find_free_port(), find_free_port()
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    command = [sys.executable, "-m", "tests.faults.seed", *urls]
    done = subprocess.run(command, cwd=ROOT, env=_build_environment(folder, ports), check=True, capture_output=True)
    seeded = json.loads(done.stdout.splitlines()[-1])
    texts = {name: seeded.pop(name) for name in ("key", "neighbours_key", "production_key", "order_key", "session")}
    return Site(folder, *ports, seeded, **texts)


def _build_environment(folder: Path, private: Collection[int], **more: str) -> dict[str, str]:
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
    """One Millrace server. It can be killed, ended, frozen and started again, on the same folder."""

    folder: Path
    kind: str = "daphne"
    rigging: Mapping[str, str] = field(default_factory=dict)
    """More environment variables. With those of `rigged_asgi`, that is what runs instead of the product."""
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
        is_rigged = any(name.startswith("RIG_") for name in self.rigging)
        module = "tests.faults.rigged_asgi" if is_rigged else "config.asgi"
        if self.kind == "worker":
            module = "tests.faults.rigged_worker" if is_rigged else "server.processes.worker"
        command = [sys.executable, *SERVERS[self.kind].format(port=self.port, module=module).split()]
        private = get_site().upstream_port, get_site().nowhere_port
        environment = _build_environment(self.folder, private, MILLRACE_PORT=str(self.port), **self.rigging)
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)

    @property
    def _log(self) -> Path:
        return self.folder / f"server-{self.port}.log"

    def log(self) -> str:
        """Return what the server has written to its log, over all its starts."""
        return self._log.read_text("utf-8", "replace")

    def find_broken_answers(self) -> list[str]:
        """Return the ends of what the server told of answers that the application did not bring to their end."""
        lines = self.log().splitlines()
        return [line[-SHOWN_CHARACTERS:] for line in lines if any(words in line for words in BROKEN_ANSWER)]

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    async def freeze(self) -> None:
        """Stop the process while it holds no lock: frozen within a commit, it would hold SQLite's until it goes on."""
        self.signal(signal.SIGSTOP)
        while not await asyncio.to_thread(is_database_free, self.folder):
            self.signal(signal.SIGCONT)
            await asyncio.sleep(0.05)
            self.signal(signal.SIGSTOP)

    def wait(self, timeout_s: float = 30) -> int:
        assert self.process
        return self.process.wait(timeout_s)

    def kill(self) -> None:
        """Kill the server as `kill -9` does; return when it has ended."""
        self.signal(signal.SIGKILL)
        self.wait()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    async def wait_until_ready(self, within_s: float = 180) -> float:
        """Wait until the server is ready; return the seconds since its first accepted connection."""
        deadline, accepted = time.monotonic() + within_s, 0.0
        async with aiohttp.ClientSession() as session:
            while (asked := time.monotonic()) < deadline:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        accepted = accepted or asked
                        if answer.status == 200:
                            return time.monotonic() - accepted
                except aiohttp.ClientConnectionError:
                    assert self.is_alive(), self.log()
                await asyncio.sleep(0.02)
        raise TimeoutError(f"{self.kind} was not ready within {within_s} s: {self.log()[-SHOWN_CHARACTERS:]}")


@asynccontextmanager
async def run_servers(count: int, kind: str = "daphne", **rigging: str) -> AsyncIterator[list[Server]]:
    """Serve one fresh folder by `count` processes until the block is left."""
    with tempfile.TemporaryDirectory(prefix="millrace-faults-") as parent:
        folder = Path(shutil.copytree(get_site().folder, Path(parent) / "data"))
        started = [Server(folder, kind, rigging) for _ in range(count)]
        try:
            for server in started:
                server.start()
            for server in started:
                await server.wait_until_ready()
            yield started
            broken = [line for server in started for line in server.find_broken_answers()]
            assert not broken, broken[0]
        finally:
            for server in started:
                if server.is_alive():
                    server.kill()


@asynccontextmanager
async def run_server_on_postgres(server_url: str, **rigging: str) -> AsyncIterator[tuple[Server, str]]:
    """Serve a copy of the site in a new database of that PostgreSQL server; yield it and the database's address."""
    with create_database(server_url) as url, tempfile.TemporaryDirectory(prefix="millrace-faults-") as parent:
        folder = Path(shutil.copytree(get_site().folder, Path(parent) / "data"))
        await asyncio.to_thread(copy_to_postgres, folder, url)
        server = Server(folder, rigging={**rigging, "MILLRACE_DATABASE_URL": url})
        try:
            server.start()
            await server.wait_until_ready()
            yield server, url
        finally:
            if server.is_alive():
                server.kill()


def copy_to_postgres(folder: Path, url: str, **more: str) -> None:
    """Create the tables of a database, and copy the folder's file into it."""
    environment = _build_environment(folder, (), MILLRACE_DATABASE_URL=url, **more)
    for command in ("migrate", "copy_to_postgres"):
        call = [sys.executable, "manage.py", command]
        subprocess.run(call, cwd=ROOT, env=environment, check=True, capture_output=True)


@functools.cache
def get_upstream() -> UpstreamProcess:
    """Return the upstream that the flows of all servers call. Each prompt has its own name, so tests can share it."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(upstream.run_upstream(get_site().upstream_port))


@asynccontextmanager
async def run_rig(kind: str = "daphne", **rigging: str) -> AsyncIterator[tuple[Server, UpstreamProcess]]:
    """Run one server and the upstream that its flows call."""
    upstream_process = get_upstream()
    async with run_servers(1, kind, **rigging) as (server,):
        yield server, upstream_process


@asynccontextmanager
async def run_two_servers(**rigging: str) -> AsyncIterator[tuple[Server, Server, UpstreamProcess]]:
    """Run two servers on one database, and the upstream."""
    upstream_process = get_upstream()
    async with run_servers(2, **rigging) as (first, second):
        yield first, second, upstream_process


def read_logs(folder: Path) -> Logs:
    """Return the events of each run as the database file contains them, by the run's id as the API writes it."""
    with _open_database(folder) as database:
        database.execute("BEGIN")  # one snapshot of both tables, because the server moves events from one to the other
        return _read_tables(database)


def read_postgres_logs(url: str) -> Logs:
    """Return the same of a PostgreSQL database."""
    with psycopg.connect(url) as database:
        database.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return _read_tables(database)


def _read_tables(database: Any) -> Logs:
    rows = database.execute("SELECT run_id, seq, data FROM flows_runevent").fetchall()
    archived = database.execute("SELECT run_id, data FROM flows_runarchive").fetchall()
    lines = [(run, line) for run, data in archived for line in zlib.decompress(data).decode().split("\n")]
    rows += [(run, json.loads(line)["seq"], line) for run, line in lines]
    runs: Logs = {}
    for run, seq, data in sorted(set(rows)):
        runs.setdefault(str(UUID(str(run))), []).append((seq, data))
    return runs


def check_integrity(folder: Path) -> str:
    """Return what SQLite's integrity check says of the file: `ok` when it is intact."""
    with _open_database(folder) as database:
        return str(database.execute("PRAGMA integrity_check").fetchone()[0])


def is_database_free(folder: Path, within_s: float = 1) -> bool:
    """Return whether another process may write to the database within this time."""
    with closing(sqlite3.connect(folder / DATABASE, timeout=within_s, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        database.execute("ROLLBACK")
        return True


def _open_database(folder: Path) -> closing[sqlite3.Connection]:
    return closing(sqlite3.connect(folder / DATABASE, timeout=30))


class ProcessUsage(NamedTuple):
    """What a process uses."""

    memory_mb: float
    threads: int
    files: int
    database_connections: int


def measure_process(pid: int) -> ProcessUsage:
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    files = [_read_link(file) for file in Path(f"/proc/{pid}/fd").iterdir()]
    connections = sum(file.endswith(DATABASE) for file in files)
    return ProcessUsage(int(status["VmRSS"].split()[0]) / 1024, int(status["Threads"]), len(files), connections)


def _read_link(file: Path) -> str:
    try:
        return str(file.readlink())
    except FileNotFoundError:  # closed since the folder was listed
        return ""
