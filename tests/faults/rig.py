"""A server of its own in a process of its own, an upstream, and a client that notes what it received."""

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from bench.targets import ROOT, free_port, seeded
from flows.events import TERMINAL

SERVERS = {
    "daphne": ["-m", "daphne", "-b", "127.0.0.1", "--no-server-name", "-v", "0"],
    "uvicorn": ["-m", "uvicorn", "--host", "127.0.0.1", "--log-level", "error", "--timeout-graceful-shutdown", "30"],
}


@dataclass
class Server:
    """One Millrace on a folder of its own. It can be killed, ended and started again on the same folder."""

    folder: Path
    upstream: str
    chunks: int
    kind: str = "daphne"
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    flow: str = ""
    key: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MILLRACE_DATA_DIR": str(self.folder),
            "MILLRACE_PRIVATE_HOSTS": self.upstream.removeprefix("http://"),
            "MILLRACE_LOG_LEVEL": "ERROR",
            "MILLRACE_PORT": str(self.port),
        }

    def seed(self) -> None:
        self.flow, self.key = seeded(self.upstream, self.chunks, self.environment)

    def start(self) -> None:
        option = "-p" if self.kind == "daphne" else "--port"
        application = "config.asgi:application"
        command = [sys.executable, *SERVERS[self.kind], option, str(self.port), application]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.environment})

    def signal(self, number: signal.Signals) -> None:
        assert self.process
        self.process.send_signal(number)

    def wait(self, timeout_s: float = 30) -> int:
        assert self.process
        return self.process.wait(timeout_s)

    def stored(self) -> dict[str, list[tuple[int, str]]]:
        """Return the events of each run as the database file holds them, after its integrity was checked."""
        database = sqlite3.connect(self.folder / "millrace.sqlite3")
        try:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            rows = database.execute("SELECT run_id, seq, data FROM flows_runevent ORDER BY run_id, seq").fetchall()
        finally:
            database.close()
        runs: dict[str, list[tuple[int, str]]] = {}
        for run, seq, data in rows:
            runs.setdefault(run, []).append((seq, data))
        return runs

    async def ready(self, within_s: float = 30) -> float:
        """Return the seconds until the server takes calls."""
        began = time.monotonic()
        async with aiohttp.ClientSession() as session:
            while time.monotonic() - began < within_s:
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return time.monotonic() - began
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        raise TimeoutError(f"{self.kind} was not ready within {within_s} s")


@contextmanager
def server(folder: Path, upstream: str, chunks: int, kind: str = "daphne") -> Iterator[Server]:
    one = Server(folder, upstream, chunks, kind)
    one.seed()
    one.start()
    try:
        yield one
    finally:
        if one.process and one.process.poll() is None:
            one.process.kill()
            one.process.wait()


@dataclass
class Client:
    """Reads one run and notes each event with its number, byte for byte."""

    server: Server
    run: str = ""
    received: list[tuple[int, str]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """The names of the events in their order, also of those that are not in the log."""

    @property
    def cursor(self) -> int:
        return self.received[-1][0] if self.received else 0

    @property
    def ended(self) -> bool:
        return not TERMINAL.isdisjoint(self.names)

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Start a run and read it until its end, or until the connection breaks."""
        url = f"{self.server.url}/api/v1/flows/{self.server.flow}/stream"
        async with session.post(url, json={"prompt": "go"}, headers=self._headers()) as answer:
            assert answer.status == 200, await answer.text()
            self.run = answer.headers["X-Run"]
            await self._read(answer)

    async def resume(self, session: aiohttp.ClientSession) -> None:
        """Read on after the last event that came."""
        headers = {**self._headers(), "Last-Event-ID": str(self.cursor)}
        async with session.get(f"{self.server.url}/api/v1/runs/{self.run}/events", headers=headers) as answer:
            assert answer.status in (200, 204), await answer.text()
            await self._read(answer)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.server.key}"}

    async def _read(self, answer: aiohttp.ClientResponse) -> None:
        try:
            async for id, name, data in _events(answer):
                self.names.append(name)
                if id:
                    self.received.append((int(id), data))
        except (aiohttp.ClientError, asyncio.IncompleteReadError, ConnectionError):
            return

    def gaps(self) -> int:
        """Return how many items are missing or out of order: the public events carry a dense index."""
        indexes = [event["index"] for _, data in self.received if (event := json.loads(data))["type"] == "item"]
        return sum(index != place for place, index in enumerate(indexes))


async def _events(answer: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str, str]]:
    id = name = data = ""
    async for line in answer.content:
        text = line.decode().rstrip("\n")
        if not text and name:
            yield id, name, data
            id = name = data = ""
        elif text.startswith("id: "):
            id = text.removeprefix("id: ")
        elif text.startswith("event: "):
            name = text.removeprefix("event: ")
        elif text.startswith("data: "):
            data = text.removeprefix("data: ")


async def together(*clients: Client) -> None:
    """Let every client start its run and read it as far as it comes."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(_started(client, session) for client in clients))


async def _started(client: Client, session: aiohttp.ClientSession) -> None:
    try:
        await client.start(session)
    except aiohttp.ClientError:
        return  # the server died before it answered
