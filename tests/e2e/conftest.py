"""The whole product in a real browser: its own server process, its own data folder, a real Chromium."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bench.targets import find_free_port, wait_for_port, wait_until_ready

ROOT = Path(__file__).parents[2]
FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update"]
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""The first one found is used. The headless shell is the same browser without windows, which take a third more time."""
ISSUE_LINKS = """
import sys
from django.core.management import call_command
for _ in sys.stdin:
    call_command("sign_in_link")
    sys.stdout.flush()
"""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    found = os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)
    if not found:
        pytest.exit("The browser tests need Chromium: apt install chromium, or name one with CHROMIUM=/path", 1)
    return {**browser_type_launch_args, "executable_path": found, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}}


WAIT_LIMIT_MS = 60_000
"""How long a test waits for what must happen. On a machine that others use as well, a page may take many seconds."""
expect.set_options(timeout=WAIT_LIMIT_MS)


@dataclass
class Server:
    """The demo on a port of its own, with a data folder of its own. It can be stopped and started again."""

    url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    links: subprocess.Popen[str] | None = None
    """Prints a sign-in link for each line that it is given: Django need not start for each test."""

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, capture_output=True, check=True
        )
        return done.stdout.decode()

    def start(self) -> None:
        """Serve the demo, as `make demo` does, and wait until it takes calls: it listens earlier."""
        with (Path(self.environment["MILLRACE_DATA_DIR"]) / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        port = int(self.environment["MILLRACE_PORT"])
        wait_for_port(port, self.process)
        wait_until_ready(port, "/readyz")

    @contextmanager
    def serve(self) -> Iterator["Server"]:
        """Serve the demo until the block is left."""
        try:
            self.start()
            yield self
        finally:
            self.stop()

    def issue_link(self) -> str:
        """Return a fresh one-time link."""
        if self.links is None:
            command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", ISSUE_LINKS]
            self.links = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        assert self.links.stdin and self.links.stdout
        self.links.stdin.write("\n")
        self.links.stdin.flush()
        link = re.search(r"http\S+", self.links.stdout.readline())
        assert link
        return link[0]

    def begin_stop(self) -> None:
        """Ask the server to end, as a deployment does: runs may finish first."""
        if self.process:
            self.process.terminate()

    def stop(self) -> None:
        self.begin_stop()
        if self.process:
            self.process.wait(40)
        if self.links:
            self.links.communicate("")
            self.links = None


def build_server(folder: Path) -> Server:
    port = find_free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    environment |= {"MILLRACE_DATA_DIR": str(folder), "MILLRACE_DEMO": "1", "MILLRACE_PORT": str(port)}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    return Server(f"http://127.0.0.1:{port}", environment)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most browser tests share."""
    server = build_server(tmp_path_factory.mktemp("data"))
    with server.serve():
        yield server


@pytest.fixture
def signed_in(page: Page, server: Server) -> Page:
    """A browser that has opened a fresh one-time link."""
    sign_in(page, server)
    return page


def sign_in(page: Page, server: Server) -> None:
    page.set_default_timeout(WAIT_LIMIT_MS)
    page.goto(server.issue_link())
    page.get_by_role("heading", name="Flows").wait_for()


@pytest.fixture
def guests(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Browsers of other people, which are closed at the end."""
    contexts: list[BrowserContext] = []
    yield contexts
    for context in contexts:
        context.close()


@pytest.fixture(autouse=True)
def no_script_errors(page: Page) -> Iterator[None]:
    """A script error in the page fails the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield
    assert errors == []
