"""What a demo of several processes needs on this machine: a PostgreSQL database, which is created, and Redis."""

import asyncio
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection


class ServiceMissing(Exception):
    """A service does not run. The message says which, and what to do."""


def prepare_services() -> None:
    """Create the database where it is missing. Raises ServiceMissing, whose message has no password."""
    try:
        _create_database()
    except DatabaseError as error:
        from server.preflight import describe_failure  # which needs the settings

        raise ServiceMissing(f"{describe_failure(error)} On Debian and Ubuntu: apt install postgresql") from None
    if (failure := asyncio.run(_ask_redis())) is not None:
        hint = "Check that it runs, and MILLRACE_REDIS_URL. On Debian and Ubuntu: apt install redis-server"
        raise ServiceMissing(f"Redis does not answer: {failure}. {hint}")


def _create_database() -> None:
    """Create the database by way of the one that every PostgreSQL server has."""
    with connection._nodb_cursor() as cursor:  # Django creates its test databases so
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [settings.DATABASES["default"]["NAME"]])
        if cursor.fetchone() is None:
            name = connection.ops.quote_name(settings.DATABASES["default"]["NAME"])
            cursor.execute(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")


async def _ask_redis() -> str | None:
    """Return why Redis does not answer; None when it does."""
    from redis.asyncio import Redis
    from redis.exceptions import RedisError

    client: Any = Redis.from_url(settings.MILLRACE_REDIS_URL, socket_connect_timeout=3)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    finally:
        await client.aclose()
    return None
