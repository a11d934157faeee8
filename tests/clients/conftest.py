"""One real server of each kind for all tests of this folder: each run has a prompt of its own."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Server, get_site, get_upstream


@pytest.fixture(scope="session")
def start_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    """Returns the server of a kind, in a process of its own; begins it, and the scripted API, when first asked for it.

    pytest-xdist gives each process one file at a time (`--dist loadfile`), so a fixture of the package would start the
    servers again for each file.
    """
    started: dict[str, Server] = {}

    def start(kind: str) -> Server:
        if kind not in started:
            get_upstream()
            folder = Path(shutil.copytree(get_site().folder, tmp_path_factory.mktemp("clients") / "data"))
            started[kind] = Server(folder, kind)
            started[kind].start()
        asyncio.run(started[kind].wait_until_ready())
        return started[kind]

    yield start
    for each in started.values():
        each.kill()


@pytest.fixture(scope="module", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, start_once: Callable[[str], Server]) -> Iterator[Server]:
    """A server of each kind, which breaks no answer of the file's tests."""
    server = start_once(request.param)
    broken_before = len(server.find_broken_answers())
    yield server
    assert server.find_broken_answers()[broken_before:] == []
