"""A Redis server of a test's own, which the test may stop and start."""

import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import pytest

from bench.targets import find_free_port

PROGRAM = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(PROGRAM is None, reason="redis-server is not installed")
START_S = 10


@dataclass
class RedisServer:
    """A server that stores nothing."""

    folder: str
    more: Sequence[str] = ()
    """Arguments of the program."""
    port: int = field(default_factory=find_free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        assert PROGRAM
        address = ["--port", str(self.port), "--bind", "127.0.0.1"]
        command = [PROGRAM, *address, "--save", "", "--dir", self.folder, *self.more]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + START_S
        while not self._answers():
            assert time.monotonic() < deadline, "redis-server does not answer"
            time.sleep(0.02)

    def stop(self) -> None:
        """Kill the server, as a crash does."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(7) == b"+PONG\r\n"
        return False


@contextmanager
def run_redis(*more: str) -> Iterator[RedisServer]:
    """Start a server, with more arguments; it is stopped when the block is left."""
    with tempfile.TemporaryDirectory(prefix="millrace-redis-") as folder:
        server = RedisServer(folder, more)
        try:
            server.start()
            yield server
        finally:
            server.stop()
