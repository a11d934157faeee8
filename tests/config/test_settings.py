"""The settings, as a server of its own process reads them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment

READ_NAMES = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "MILLRACE_STRICT_TRANSPORT_S",
    "DEBUG",
    "MILLRACE_SUB_PATH",
    "SESSION_COOKIE_PATH",
    "CSRF_COOKIE_PATH",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
)
READ_SETTINGS = f"""
import json, os
from config import settings
shown = {{name: getattr(settings, name) for name in {READ_NAMES}}}
shown["key"] = settings.SECRET_KEY
shown["private"] = sorted(settings.MILLRACE_NETWORK.private)
shown["vendor"] = [name for name in os.environ if name.startswith("ANTHROPIC_")]
shown["options"] = settings.DATABASES["default"]["OPTIONS"]["init_command"]
print(json.dumps(shown))
"""


def start(data: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    given = {f"MILLRACE_{name}": value for name, value in variables.items()}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    env = {**kept, "MILLRACE_DATA_DIR": str(data), "ANTHROPIC_API_KEY": "from-the-shell", **given}
    return subprocess.run(
        [sys.executable, "-c", READ_SETTINGS], env=env, capture_output=True, text=True, timeout=60
    )  # ours


def read(data: Path, **variables: str) -> dict[str, Any]:
    started = start(data, **variables)
    assert started.returncode == 0, started.stderr
    found: dict[str, Any] = json.loads(started.stdout)
    return found


def test_the_first_start_needs_nothing_and_keeps_its_key(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    first, second = read(data), read(data)
    assert len(first["key"]) >= 50
    assert first["key"] == second["key"]
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700


def test_by_default_only_this_machine_is_answered_and_no_private_host_is_reached(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert set(found["ALLOWED_HOSTS"]) == {"127.0.0.1", "localhost"}
    assert found["private"] == []
    assert found["DEBUG"] is False
    assert "synchronous=NORMAL" in found["options"]


def test_the_vendors_variables_are_forgotten(tmp_path: Path) -> None:
    assert read(tmp_path)["vendor"] == []


def test_an_https_address_makes_cookies_and_transport_strict(tmp_path: Path) -> None:
    found = read(tmp_path, PUBLIC_URL="https://flows.example.com/", SQLITE_SYNCHRONOUS="FULL")
    assert "https://flows.example.com" in found["CSRF_TRUSTED_ORIGINS"]
    assert "flows.example.com" in found["ALLOWED_HOSTS"]
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["MILLRACE_STRICT_TRANSPORT_S"] > 0
    assert "synchronous=FULL" in found["options"]


def test_an_address_with_a_path_keeps_cookies_and_links_below_it(tmp_path: Path) -> None:
    found = read(tmp_path, PUBLIC_URL="https://tools.example.com/millrace/")
    assert "https://tools.example.com" in found["CSRF_TRUSTED_ORIGINS"]
    assert found["MILLRACE_SUB_PATH"] == found["SESSION_COOKIE_PATH"] == found["CSRF_COOKIE_PATH"] == "/millrace"
    assert (found["SESSION_COOKIE_NAME"], found["CSRF_COOKIE_NAME"]) == ("millrace_sessionid", "millrace_csrftoken")
    found = read(tmp_path)
    assert (found["MILLRACE_SUB_PATH"], found["SESSION_COOKIE_PATH"]) == ("", "/")
    assert found["CSRF_COOKIE_NAME"] == "csrftoken"


@pytest.mark.parametrize("path", ["/chat", "/api/v1", "/mcp"])
def test_a_path_that_is_one_of_the_servers_own_stops_the_start(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLRACE_PUBLIC_URL", f"https://tools.example.com{path}")
    with pytest.raises(ImproperlyConfigured, match="an address of the server's own"):
        environment.read_public_url("")


def test_the_simulator_may_be_reached_in_a_demo_only(tmp_path: Path) -> None:
    assert read(tmp_path, SIMULATOR_URL="http://127.0.0.1:8000/simulator")["private"] == []
    assert read(tmp_path, DEMO="1", PORT="8123")["private"] == ["127.0.0.1:8123"]


def test_a_key_that_others_can_read_stops_the_start(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "secret_key").chmod(0o640)
    started = start(tmp_path)
    assert started.returncode != 0
    assert "readable by others (mode 640). Run: chmod 600" in started.stderr


INVALID_VALUES: dict[str, tuple[str, Callable[[str], object]]] = {
    "DEMO": ("maybe", environment.read_flag),
    "PROXIES": ("-1", partial(environment.read_number, default=0)),
    "PORT": ("http", partial(environment.read_number, default=8000)),
}


@pytest.mark.parametrize("name", INVALID_VALUES)
def test_a_value_without_sense_is_refused_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    value, read_it = INVALID_VALUES[name]
    monkeypatch.setenv(f"MILLRACE_{name}", value)
    with pytest.raises(ImproperlyConfigured, match=f"MILLRACE_{name} is '{value}'"):
        read_it(name)


def test_a_choice_that_is_not_offered_names_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLRACE_SQLITE_SYNCHRONOUS", "OFF")
    with pytest.raises(ImproperlyConfigured, match="Use one of NORMAL, FULL"):
        environment.read_choice("SQLITE_SYNCHRONOUS", "NORMAL", "FULL")


@pytest.mark.parametrize(
    "url", ["flows.example.com", "ftp://x", "https://", "//x", "", "https://x:70000", "https://x:port", "https://x:0"]
)
def test_what_is_no_address_of_a_server_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="is not an address"):
        environment.parse_origin(url)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Flows.example.com:443/path", "https://flows.example.com"),
        ("http://[::1]:80", "http://[::1]"),
        ("http://flows.example.com:443", "http://flows.example.com:443"),
        ("https://xn--mhlrad-n4a.example", "https://xn--mhlrad-n4a.example"),
    ],
)
def test_an_origin_is_that_which_a_browser_sends(url: str, origin: str) -> None:
    assert environment.parse_origin(url) == origin


@pytest.mark.parametrize(
    "given", ["https://www.example.com:443", "https://mühlrad.example", "https://www.example.com/a"]
)
def test_an_origin_that_no_browser_sends_is_refused(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MILLRACE_CORS_ORIGINS", given)
    with pytest.raises(ImproperlyConfigured, match="Write"):
        environment.read_origins("CORS_ORIGINS")


@pytest.mark.parametrize("name", ["MAX_LIVE_RUNS", "MAX_RUN_S", "MAX_UPLOAD_MB", "HEAD_SECONDS", "MAX_WORKSPACE_MB"])
def test_a_limit_of_nothing_stops_the_start(name: str, tmp_path: Path) -> None:
    started = start(tmp_path, **{name: "0"})
    assert started.returncode != 0
    assert f"MILLRACE_{name} is '0'. Use a whole number from 1" in started.stderr
