"""The PostgreSQL server of this machine, for measurements and tests: each gets a database of its own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache

import psycopg
from psycopg import sql

SERVER_URL = os.environ.get("POSTGRES_URL", "postgresql://127.0.0.1:5432/postgres")
"""A database of the server on this machine, whose user may create others."""


@cache
def find_fault() -> str:
    """Return why the server on this machine cannot be used; an empty text when it can."""
    try:
        psycopg.connect(SERVER_URL, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return f"no PostgreSQL answers at {SERVER_URL}: {' '.join(str(error).split())}"
    return ""


@contextmanager
def create_database(server_url: str = SERVER_URL, template: str = "template1") -> Iterator[str]:
    """Create a database on the server; yield its address. It is dropped when the block is left."""
    name = f"test_millrace_{uuid.uuid4().hex[:12]}"
    _execute(server_url, "CREATE DATABASE {} TEMPLATE {}", name, template)
    try:
        yield f"{server_url.rpartition('/')[0]}/{name}"
    finally:
        with suppress(psycopg.OperationalError):  # a cluster of a test's own may be stopped
            _execute(server_url, "DROP DATABASE {} WITH (FORCE)", name)


def _execute(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
