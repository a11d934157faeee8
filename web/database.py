"""Runs database work of async code in a few threads that keep their connections, so that streams hold none."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connections

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
    try:
        return function(*args, **kwargs)
    except (OperationalError, InterfaceError):
        # The next caller must not get a broken connection.
        connections.close_all()
        raise


def close_pool_connections() -> None:
    """Close the connection of every thread of the pool; for tests, which drop their database."""
    futures = [_pool.submit(_close_connections) for _ in range(DATABASE_THREADS)]
    for future in futures:
        future.result()


def _close_connections() -> None:
    import time

    connections.close_all()
    time.sleep(0.01)  # keeps this thread busy, so that each of the others takes one of the calls
