"""Web processes and workers over one PostgreSQL database and one Redis server, for experiments."""

import asyncio
import atexit
import functools
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bench.scaled.postgres import create_database, find_fault
from tests.faults.rig import Server, copy_to_postgres, get_site, get_upstream
from tests.faults.upstream import UpstreamProcess
from tests.redis_server import PROGRAM, RedisServer, run_redis

MISSING = find_fault() or ("" if PROGRAM else "redis-server is not installed")
needs_services = pytest.mark.skipif(bool(MISSING), reason=MISSING)
COUNT_WORKERS = "SELECT count(*) FROM flows_worker WHERE executes_runs AND beat_at > now() - interval '15 seconds'"
LEASE_S = 3.0


@dataclass(frozen=True)
class Installation:
    """The processes of one installation."""

    webs: list[Server]
    workers: list[Server]
    redis: RedisServer
    database: str
    upstream: UpstreamProcess

    async def wait_for_workers(self, count: int, within_s: float = 60) -> None:
        """Return when so many workers live, and have begun to take runs."""
        async with asyncio.timeout(within_s):
            while await asyncio.to_thread(self.query, COUNT_WORKERS) != [(count,)]:
                assert all(worker.is_alive() or worker.process is None for worker in self.workers), (
                    self.read_worker_logs()
                )
                await asyncio.sleep(0.05)

    def query(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database, autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def read_worker_logs(self) -> str:
        return "".join(worker.log() for worker in self.workers)


@functools.cache
def get_template() -> str:
    """Return the name of a database that holds the site. It is dropped when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    url = stack.enter_context(create_database())
    copy_to_postgres(get_site().folder, url, MILLRACE_RUNS="workers", MILLRACE_REDIS_URL="redis://127.0.0.1")
    return url.rpartition("/")[2]


@asynccontextmanager
async def run_installation(
    webs: int = 2, workers: int = 2, kind: str = "uvicorn", within_s: float = 150, **rigging: str
) -> AsyncIterator[Installation]:
    """Serve a copy of the site by so many processes until the block is left."""
    upstream = get_upstream()
    with (
        create_database(template=await asyncio.to_thread(get_template)) as database,
        run_redis() as redis,
        tempfile.TemporaryDirectory(prefix="millrace-faults-") as parent,
    ):
        folder = Path(shutil.copytree(get_site().folder, Path(parent) / "data"))
        services = {"MILLRACE_DATABASE_URL": database, "MILLRACE_REDIS_URL": redis.url, "MILLRACE_RUNS": "workers"}
        given = {"MILLRACE_LOG_LEVEL": "INFO", "RIG_LEASE_S": str(LEASE_S), **rigging, **services}
        installation = Installation(
            [Server(folder, kind, given) for _ in range(webs)],
            [Server(folder, "worker", given) for _ in range(workers)],
            redis,
            database,
            upstream,
        )
        processes = [*installation.webs, *installation.workers]
        try:
            for process in processes:
                process.start()
            for web in installation.webs:
                await web.wait_until_ready()
            await installation.wait_for_workers(workers)
            async with asyncio.timeout(within_s):
                yield installation
        finally:
            for process in processes:
                if process.is_alive():
                    process.kill()
