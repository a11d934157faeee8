"""The database, for code that does not build queries: threads for async code, and locks of transactions.

Database work of async code runs in a few threads that keep their connections, so that streams hold none.
"""

import asyncio
import select
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from hashlib import sha256
from typing import ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

P = ParamSpec("P")
T = TypeVar("T")

DATABASE_THREADS = 4

# One pool for the process, because it bounds the connections of all open streams together.
_pool = ThreadPoolExecutor(DATABASE_THREADS, thread_name_prefix="database")


async def in_database(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `function` in a thread that may use the ORM, and return its result. Its errors pass through."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, lambda: _call_and_drop_broken(function, *args, **kwargs))


def _call_and_drop_broken(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    if is_postgres():
        drop_ended_connection(connections[DEFAULT_DB_ALIAS])
    try:
        return function(*args, **kwargs)
    except (OperationalError, InterfaceError):
        # The next caller must not get a broken connection.
        connections.close_all()
        raise


@cache  # because each start of a run asks
def is_postgres() -> bool:
    return connection.vendor == "postgresql"


def drop_ended_connection(database: BaseDatabaseWrapper) -> None:
    """Close a connection that its PostgreSQL server has ended: the next query opens another one. Asks no server.

    Nothing comes from a server that was asked nothing, except the news that it ends the connection.
    """
    if database.connection is None or database.in_atomic_block:
        return
    if database.connection.closed or has_news(database.connection.fileno()):
        database.close()


def has_news(socket: int) -> bool:
    """Return whether something has come at a socket, which may have any number."""
    news = select.poll()  # `select.select` takes no socket from 1024 on, which a server with many streams has
    news.register(socket, select.POLLIN)
    return bool(news.poll(0))


def hold_lock(*names: object) -> None:
    """Keep all others that hold the lock of these names waiting until this transaction ends. Call it within one.

    A check of what is stored is right until then. SQLite has one writer: there, each transaction holds that lock.
    """
    if is_postgres():
        digest = sha256(chr(0).join(map(str, names)).encode()).digest()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest[:8], signed=True)])


def close_pool_connections() -> None:
    """Close the connection of every thread of the pool; for tests, which drop their database."""
    futures = [_pool.submit(_close_connections) for _ in range(DATABASE_THREADS)]
    for future in futures:
        future.result()


def _close_connections() -> None:
    import time

    connections.close_all()
    time.sleep(0.01)  # keeps this thread busy, so that each of the others takes one of the calls
