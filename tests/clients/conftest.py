"""One real server for all tests of this folder: each run has a prompt of its own."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.rig import Server, get_site, get_upstream


@pytest.fixture(scope="package", params=["daphne", "uvicorn"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server in a process of its own, and the scripted API that its flows call."""
    get_upstream()
    folder = Path(shutil.copytree(get_site().folder, tmp_path_factory.mktemp("clients") / "data"))
    started = Server(folder, request.param)
    started.start()
    try:
        asyncio.run(started.wait_until_ready())
        yield started
        assert started.find_broken_answers() == []
    finally:
        started.kill()
