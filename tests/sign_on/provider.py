"""Drives the provider of `provider_process`, and a browser that goes there and comes back."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from urllib.request import Request, urlopen

from django.test import Client

from bench.targets import find_free_port, wait_for_port
from sign_on.provider_settings import ProviderSettings
from tests.sign_on.provider_process import CLIENT_ID, CLIENT_SECRET

ROOT = Path(__file__).parents[2]
NAME = "Keyhouse"
ADA = {"sub": "ada-1", "email": "ada@example.com", "email_verified": True, "name": "Ada", "preferred_username": "ada"}


@dataclass
class Provider:
    """A provider that runs."""

    port: int
    process: subprocess.Popen[bytes]

    @property
    def settings(self) -> ProviderSettings:
        return ProviderSettings(f"http://127.0.0.1:{self.port}/realm", CLIENT_ID, CLIENT_SECRET, name=NAME)

    def configure(self, *, people: dict[str, Any] | None = None, **faults: Any) -> list[dict[str, str]]:
        """Set who signs in and what is wrong; return the calls of the token endpoint so far."""
        body = {"people": people or {"ada": ADA}, "faults": faults}
        asked = Request(f"http://127.0.0.1:{self.port}/control", json.dumps(body).encode(), method="POST")
        with urlopen(asked) as answer:  # noqa: S310
            calls: list[dict[str, str]] = json.load(answer)["calls"]
        return calls

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)


@contextmanager
def run_provider() -> Iterator[Provider]:
    port = find_free_port()
    command = [sys.executable, "-m", "tests.sign_on.provider_process", str(port)]
    provider = Provider(port, subprocess.Popen(command, cwd=ROOT))
    try:
        wait_for_port(port, provider.process)
        provider.configure()
        yield provider
    finally:
        provider.stop()


def post(client: Client, path: str, **body: Any) -> Any:
    return client.post(f"/api/v1/{path}", json.dumps(body), content_type="application/json")


def begin(client: Client, **body: Any) -> str:
    """Begin a sign-in, and return the address at the provider."""
    answer = post(client, "sign-in/provider", **body)
    assert answer.status_code == 200, answer.content
    url: str = answer.json()["url"]
    return url


def visit_provider(url: str, login: str = "ada") -> dict[str, str]:
    """Sign in at the provider, and return the parameters with which it sends the browser back."""
    command = ["curl", "-s", "-o", "/dev/null", "-w", "%{redirect_url}", f"{url}&login={login}"]
    back = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert urlsplit(back).path == "/sign-in/provider", back
    return dict(parse_qsl(urlsplit(back).query))


def go_through(client: Client, login: str = "ada", **body: Any) -> Any:
    """Sign in by way of the provider, and return the last answer."""
    return client.get("/sign-in/provider", visit_provider(begin(client, **body), login))


def read_page(answer: Any) -> str:
    """Return the words of a page."""
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


def let_in(provider: ProviderSettings, **changes: Any) -> ProviderSettings:
    return replace(provider, **changes)
