"""A PostgreSQL server for tests: the one that runs on this machine, or one of their own that they may stop.

`python -m tests.postgres_server` says whether the first one answers, and fails when it does not.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.scaled.postgres import find_fault
from bench.targets import find_free_port

BINARIES = "/usr/lib/postgresql/*/bin"
SETTINGS = ("fsync=off", "max_connections=40", "unix_socket_directories=''", "listen_addresses='127.0.0.1'")
"""Of a cluster of the tests: it survives the end of its process, and no test ends the machine."""
START_S = 60

needs_postgres = pytest.mark.skipif(bool(find_fault()), reason=find_fault())


def find_binaries() -> Path | None:
    """Return the folder of PostgreSQL's programs, None where they are not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/").glob(f"{BINARIES[1:]}"), default=None)


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL server of a test's own, which the test may stop and start."""

    binaries: Path
    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        self._control("start", "-o", " ".join(f"-c {each}" for each in (*SETTINGS, f"port={self.port}")))

    def stop(self, mode: str) -> None:
        """Stop the server: `fast` as an administrator does, `immediate` as a crash does."""
        self._control("stop", "-m", mode)

    def _control(self, *arguments: str) -> None:
        log = str(self.folder / "server.log")
        self.run("pg_ctl", "--pgdata", str(self.folder / "data"), "--log", log, "--wait", *arguments)

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs, as a user that is not root, which they refuse."""
        user = "postgres" if os.getuid() == 0 else None
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(
            command, user=user, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=START_S
        )
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def run_cluster() -> Iterator[Cluster]:
    """Create and start a cluster; it is stopped and deleted when the block is left."""
    binaries = find_binaries()
    assert binaries, "PostgreSQL is not installed"
    folder = Path(tempfile.mkdtemp(prefix="millrace-postgres-"))
    cluster = Cluster(binaries, folder, find_free_port())
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        cluster.run(
            "initdb", "--pgdata", str(folder / "data"), "--auth=trust", "--username=postgres", "--encoding=UTF8",
            "--locale=C", "--no-sync",
        )  # fmt: skip
        cluster.start()
        yield cluster
    finally:
        with suppress(AssertionError):  # stopped already
            cluster.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    if fault := find_fault():
        sys.stdout.write(f"Left out: the tests on PostgreSQL, because {fault}\n")
    return bool(fault)


if __name__ == "__main__":
    sys.exit(main())
