"""`MILLRACE_DATABASE_URL`: what it may say, and that no message repeats it."""

import importlib.util
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.database import choose_database, parse_url
from config.scale import require_redis

FILE = {"ENGINE": "django.db.backends.sqlite3"}
SECRET = "hush-hush"


def test_no_address_is_the_file() -> None:
    assert choose_database("", FILE) is FILE


def test_an_address_with_everything() -> None:
    found = parse_url(
        "postgresql://mill%40home:p%2Fss@db.example.com:5433/mill%20race?sslmode=require&connect_timeout=9"
    )
    names = ("USER", "PASSWORD", "HOST", "PORT", "NAME")
    assert [found[name] for name in names] == ["mill@home", "p/ss", "db.example.com", "5433", "mill race"]
    assert (found["OPTIONS"]["sslmode"], found["OPTIONS"]["connect_timeout"]) == ("require", "9")
    assert "lock_timeout=20s" in found["OPTIONS"]["options"]


def test_a_socket_of_this_machine() -> None:
    found = parse_url("postgres:///millrace?host=/run/postgresql")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/postgresql", "", "millrace")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        (f"mysql://u:{SECRET}@h/name", "does not begin with postgresql://"),
        (f"{SECRET}", "does not begin with postgresql://"),
        (f"postgresql://u:{SECRET}@h", "does not name one database"),
        (f"postgresql://u:{SECRET}@h/a/b", "does not name one database"),
        (f"postgresql://u:{SECRET}/x@h/name", "has a port or a host that cannot be read"),
        (f"postgresql://u:{SECRET}@h:99999/name", "has a port or a host that cannot be read"),
        (f"postgresql://u:{SECRET}@[h/name", "has a port or a host that cannot be read"),
        (f"postgresql://u:{SECRET}@h/name?options=-cfsync%3Doff", "has the parameter 'options'"),
    ],
)
def test_a_wrong_address_is_told_without_its_parts(url: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words) as caught:
        parse_url(url)
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def take_away(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    find_spec = importlib.util.find_spec

    def find(name: str, *arguments: Any) -> Any:
        return None if name == package else find_spec(name, *arguments)

    monkeypatch.setattr(importlib.util, "find_spec", find)


@pytest.mark.parametrize("package", ["redis", "hiredis"])
def test_a_missing_package_for_redis_is_told_with_the_command(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    take_away(package, monkeypatch)
    with pytest.raises(ImproperlyConfigured, match=rf" {package} is not installed\. Run: make migrate") as caught:
        require_redis(f"redis://:{SECRET}@h/0")
    assert SECRET not in str(caught.value)


def test_a_missing_driver_is_told_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    take_away("psycopg", monkeypatch)
    with pytest.raises(ImproperlyConfigured, match=r"psycopg is not installed\. Run: make migrate, or .*pip install"):
        parse_url(f"postgresql://u:{SECRET}@h/name")
