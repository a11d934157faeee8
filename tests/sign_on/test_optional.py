"""The room is optional: without its settings nothing of it is there, and it can be turned on later."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from actions.network.policy import NetworkPolicy
from config.sign_on import read_provider, require_library

ROOT = Path(__file__).parents[2]
LOOK = """
import json, sys
import config.asgi
from django.urls import get_resolver
routes = [str(pattern.pattern) for pattern in get_resolver().url_patterns]
print(json.dumps([sorted(sys.modules), routes]))
"""
ISSUER = {
    "OIDC_ISSUER": "https://id.example.com/realms/mill",
    "OIDC_CLIENT_ID": "m",
    "OIDC_CLIENT_SECRET": "hidden word",
}


def run_python(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MILLRACE_")}
    environment |= {f"MILLRACE_{name}": value for name, value in settings.items()}
    environment |= {"MILLRACE_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def look(folder: Path, **settings: str) -> tuple[set[str], list[str]]:
    done = run_python(folder, "-c", LOOK, **settings)
    assert done.returncode == 0, done.stderr
    modules, routes = json.loads(done.stdout.splitlines()[-1])
    return {name.partition(".")[0] for name in modules}, routes


def test_without_settings_nothing_is_imported_and_no_address_is_there(tmp_path: Path) -> None:
    modules, routes = look(tmp_path)
    assert not modules & {"allauth", "oauthlib", "qrcode"}
    assert "sign-in/provider" not in str(routes)


@pytest.mark.parametrize("settings", [{"SECOND_FACTOR": "1"}, ISSUER], ids=["factor", "provider"])
def test_each_of_the_settings_turns_it_on(tmp_path: Path, settings: dict[str, str]) -> None:
    modules, routes = look(tmp_path, **settings)
    assert "allauth" in modules
    assert len(routes) == len(look(tmp_path)[1]) + 1


def test_it_is_turned_on_later_by_migrate(tmp_path: Path) -> None:
    assert run_python(tmp_path, "manage.py", "migrate").returncode == 0
    late = run_python(tmp_path, "manage.py", "migrate", SECOND_FACTOR="1")
    assert "Applying mfa.0001_initial... OK" in late.stdout
    assert run_python(tmp_path, "manage.py", "migrate", "--check").returncode == 0


def test_a_missing_library_is_told_with_the_way_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    require_library()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"make migrate.*django-allauth\[mfa,socialaccount\]"):
        require_library()


def set_provider(monkeypatch: pytest.MonkeyPatch, **changes: str) -> None:
    for name, value in (ISSUER | changes).items():
        monkeypatch.setenv(f"MILLRACE_{name}", value)


def test_the_settings_of_a_provider_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("of a file\n")
    given = {"OIDC_DOMAINS": "Example.com, @mill.example", "OIDC_ROLE": "editor", "OIDC_TRUST_EMAIL": "1"}
    set_provider(monkeypatch, OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"), **given)
    found = read_provider(NetworkPolicy())
    assert found is not None
    assert (found.client_secret, found.name, found.role) == ("of a file", "SSO", "editor")
    assert found.domains == {"example.com", "mill.example"}
    assert (found.trusts_addresses, found.trusts_factor) == (True, False)
    assert found.key == "id.example.com/realms/mill"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"OIDC_ISSUER": "http://id.example.com"}, "OIDC_ISSUER: The address begins with http"),
        ({"OIDC_ISSUER": "https://10.0.0.1"}, "MILLRACE_PRIVATE_HOSTS"),
        ({"OIDC_ISSUER": "id.example.com"}, "is not a web address"),
        ({"OIDC_ISSUER": "https://id.example.com/" + "a" * 200}, "longer than 190"),
        ({"OIDC_CLIENT_ID": ""}, "MILLRACE_OIDC_CLIENT_ID is not set"),
        ({"OIDC_CLIENT_SECRET": ""}, "MILLRACE_OIDC_CLIENT_SECRET is not set"),
        ({"OIDC_CLIENT_SECRET_FILE": "/nowhere"}, "cannot be read: No such file"),
        ({"OIDC_ROLE": "owner"}, "Use one of viewer, editor, admin"),
        ({"OIDC_TRUST_EMAIL": "maybe"}, "Use 1 or 0"),
    ],
)
def test_settings_without_sense_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], words: str
) -> None:
    set_provider(monkeypatch, **changes)
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        read_provider(NetworkPolicy())
    assert "hidden word" not in str(refused.value)
