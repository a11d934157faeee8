"""What a server process imports, and when: the port listens first, and what few calls need is not loaded at all."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.targets import find_free_port, read_memory_mb
from tests.faults.rig import Server, get_site, run_servers

LATE = {"anthropic", "rest_framework.views", "flows.api.start_views", "document_collections.api.views"}
"""What is imported when the port listens, because no call can be refused for want of it."""
UNDER_DAPHNE = {"autobahn", "daphne", "OpenSSL", "twisted", "zope.interface"}
NEVER = {
    "allauth",
    "chardet",
    "django.test",
    "drf_spectacular.plumbing",
    "foreign_flows.read",
    "google.protobuf",
    "greenlet",
    "mcp",
    "numpy",
    "oauthlib",
    "opentelemetry.exporter",
    "opentelemetry.sdk",
    "prometheus_client",
    "pypdfium2",
    "requests",
    "rich",
    "starlette",
    "unittest.mock",
}
"""What few calls need, or none: it is imported by the first that does."""
MAX_IDLE_MB = 160
"""Of a process under uvicorn that is ready: 157 MB are measured, with what is installed for tests alone."""

SERVE = """
import asyncio, json, sys
import uvicorn
from django.conf import settings

async def main(port):
    options = {"port": port, "http": "server.uvicorn_server:BoundedProtocol", "log_level": "error"}
    server = uvicorn.Server(uvicorn.Config("config.asgi:application", **options))
    serving = asyncio.create_task(server.serve())
    while not serving.done() and await get_status(port) != 200:
        await asyncio.sleep(0.02)
    print(json.dumps(sorted(sys.modules)))
    server.should_exit = True
    await serving

async def get_status(port):
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0
    writer.write(b"GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n")
    status = (await reader.readline()).split()
    writer.close()
    return int(status[1]) if status else 0
"""
RUN = "\nasyncio.run(main(int(sys.argv[1])))\n"
BREAK = """
import config.asgi, server.processes.process_work
def fail():
    raise OSError("no certificates")
server.processes.process_work.load_system_trust = fail
"""
"""Lets the last step of the preparation fail, long after the port has begun to listen."""


OPTIONAL = ("psycopg", "requests")
"""What the REST library imports where it is installed, as it is for tests, and as it is not for whoever has neither a
server of PostgreSQL nor an identity provider."""


def hide_optional(folder: Path) -> str:
    """Return a path for Python on which the optional packages look as if they were not installed."""
    for name in OPTIONAL:
        (folder / f"{name}.py").write_text("raise ImportError")
    return str(folder)


def run_python(program: str, folder: Path, *arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "MILLRACE_DATA_DIR": str(folder),
        "PYTHONPATH": path,
    }
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def read_modules(done: subprocess.CompletedProcess[str]) -> set[str]:
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_a_port_needs_to_listen_is_imported_and_no_more(tmp_path: Path) -> None:
    done = run_python("import config.asgi, json, sys\nprint(json.dumps(sorted(sys.modules)))", tmp_path)
    assert read_modules(done) & (LATE | NEVER | UNDER_DAPHNE) == set()


def test_a_ready_process_under_uvicorn_has_the_late_and_not_the_rest(tmp_path: Path) -> None:
    port = str(find_free_port())
    modules = read_modules(run_python(SERVE + RUN, get_site().folder, port, path=hide_optional(tmp_path)))
    assert modules >= LATE
    assert modules & (NEVER | UNDER_DAPHNE) == set()


async def test_an_idle_process_under_uvicorn_is_small(tmp_path: Path) -> None:
    async with run_servers(1, "uvicorn", PYTHONPATH=hide_optional(tmp_path)) as (server,):
        assert read_memory_mb(server.pid) < MAX_IDLE_MB


@pytest.mark.parametrize("kind", ["daphne", "uvicorn"])
async def test_a_port_that_listens_says_that_it_starts_and_answers_the_calls_that_wait(kind: str) -> None:
    async with run_servers(1, kind) as (server,), aiohttp.ClientSession() as session:
        server.kill()
        server.start()
        first = await ask_first(session, server, "/readyz")
        assert first == (503, {"status": "starting"})
        early = asyncio.create_task(ask_first(session, server, "/api/v1/openapi.json"))
        assert await ask_first(session, server, "/healthz") == (200, {"status": "live"})
        assert (await early)[0] == 200
        assert await ask_first(session, server, "/readyz") == (200, {"status": "ready"})


async def ask_first(session: aiohttp.ClientSession, server: Server, path: str) -> tuple[int, Any]:
    """Return the first answer, as soon as the port listens."""
    while True:
        try:
            async with session.get(server.url + path) as answer:
                return answer.status, await answer.json()
        except aiohttp.ClientConnectionError:
            assert server.is_alive(), server.log()
            await asyncio.sleep(0.005)


def test_a_process_that_cannot_become_ready_ends_and_says_why() -> None:
    done = run_python(SERVE + BREAK + RUN, get_site().folder, str(find_free_port()))
    assert done.returncode == 1
    assert "start_failed" in done.stderr
    assert "no certificates" in done.stderr
