"""The whole product in a real browser: its own server process, its own data folder, a real Chromium."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.exit("The browser tests need Chromium: apt install chromium, or name one with CHROMIUM=/path", 1)
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


@dataclass
class Server:
    url: str
    environment: dict[str, str]

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, check=True
        )
        return done.stdout.decode()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Serve the demo on a free port, as `make demo` does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    folder = str(tmp_path_factory.mktemp("data"))
    environment |= {"MILLRACE_DATA_DIR": folder, "MILLRACE_DEMO": "1", "MILLRACE_PORT": str(port)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    log = (Path(folder) / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "manage.py", "demo"], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        _wait(port, process)
        yield Server(f"http://127.0.0.1:{port}", environment)
    finally:
        process.terminate()
        process.wait(10)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(1200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert process.poll() is None, "the server stopped"
        time.sleep(0.1)
    raise TimeoutError("the server does not listen")


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    """A browser that has opened a fresh one-time link."""
    page.set_default_timeout(10_000)
    link = re.search(r"http\S+", server.manage("sign_in_link"))
    assert link
    page.goto(link[0])
    page.get_by_role("heading", name="Flows").wait_for()
    return page


@pytest.fixture(autouse=True)
def no_script_errors(page: Page) -> Iterator[None]:
    """A script error in the page fails the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert errors == []
