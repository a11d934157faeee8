"""Which database the server uses: the SQLite file of its data folder, or the PostgreSQL server of an address."""

import importlib.util
import sys
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import environment

NAME = f"{environment.PREFIX}DATABASE_URL"
EXAMPLE = "postgresql://user:password@host:5432/name"
SCHEMES = ("postgresql", "postgres")
PARAMETERS = {
    *("host", "sslmode", "sslrootcert", "sslcert", "sslkey", "connect_timeout", "target_session_attrs"),
    *("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
}
"""What may stand behind the `?` of the address: parameters of libpq that say how to reach the server."""
CONNECT_TIMEOUT_S = 5
SESSION_SETTINGS = "-c idle_in_transaction_session_timeout=60s -c lock_timeout=20s"
"""As long as SQLite waits for its lock. A frozen process must not keep rows for ever."""

Database = dict[str, Any]


def choose_database(url: str, file: Database) -> Database:
    """Return Django's settings of the database with this address; those of the file when there is none.

    Raises ImproperlyConfigured. No message has a part of the address, which can hold a password.
    """
    return parse_url(url) if url else file


def describe_file(data_dir: Path, synchronous: str) -> Database:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": data_dir / "millrace.sqlite3",
        # Requests use threads that end or are lent again: a connection that stayed open would be nobody's to close.
        "CONN_MAX_AGE": 0,
        "OPTIONS": {
            # A transaction that begins with a read cannot wait for the write lock later; one that writes first can.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": f"PRAGMA journal_mode=WAL; PRAGMA synchronous={synchronous};",
        },
        "TEST": {"NAME": data_dir / "test.sqlite3"},
    }


def parse_url(url: str) -> Database:
    """Return the settings of a PostgreSQL database, after a look whether its driver is installed."""
    parts, port = _split(url)
    if parts.scheme not in SCHEMES:
        raise _build_error("does not begin with postgresql://")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _build_error("does not name one database behind the host")
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(set(options) - PARAMETERS):
        raise _build_error(f"has the parameter {unknown[0][:40]!r}", f"Possible are {', '.join(sorted(PARAMETERS))}.")
    host = options.pop("host", "") or unquote(parts.hostname or "")
    if importlib.util.find_spec("psycopg") is None:
        hint = f"Run: make migrate, or {sys.executable} -m pip install 'psycopg[binary]'"
        raise ImproperlyConfigured(f"{NAME} names a PostgreSQL server, but its driver psycopg is not installed. {hint}")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(port or ""),
        "CONN_MAX_AGE": 0,  # as above
        "OPTIONS": {"connect_timeout": CONNECT_TIMEOUT_S, "options": SESSION_SETTINGS, **options},
    }


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:  # its own message has a part of the address, which may be the password
        raise _build_error("has a port or a host that cannot be read") from None


def _build_error(reason: str, hint: str = "") -> ImproperlyConfigured:
    return ImproperlyConfigured(
        f"{NAME} {reason}. {hint or f'Write it like {EXAMPLE}, with %40 for an @ in the password.'}"
    )
