"""What several processes need beside the database: Redis for wake-ups, and the queue from which workers take runs."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from config import environment
from config.environment import require_package

REDIS = f"{environment.PREFIX}REDIS_URL"
RUNS = f"{environment.PREFIX}RUNS"
DATABASE = f"{environment.PREFIX}DATABASE_URL"
EXAMPLE = "redis://127.0.0.1:6379/0"
SCHEMES = ("redis", "rediss", "unix")
QUEUE_APP = "procrastinate.contrib.django"


def require_redis(url: str) -> str:
    """Return the address of a Redis server, empty where there is none. Raises ImproperlyConfigured.

    No message has a part of the address, which can hold a password.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        is_readable = parts.scheme in SCHEMES and (parts.scheme == "unix" or bool(parts.hostname)) and parts.port != 0
    except ValueError:  # its own message has a part of the address
        is_readable = False
    if not is_readable:
        raise ImproperlyConfigured(f"{REDIS} is no address of a Redis server. Write it like {EXAMPLE}.")
    for package in ("redis", "hiredis"):
        require_package(package, f"{REDIS} is set")
    return url


def require_worker_services(database_url: str, redis_url: str) -> None:
    """Raise ImproperlyConfigured when something that workers need is not named, or not installed."""
    needed = {DATABASE: (database_url, "a PostgreSQL server"), REDIS: (redis_url, "a Redis server")}
    for name, (url, what) in needed.items():
        if not url:
            raise ImproperlyConfigured(f"{RUNS} is 'workers', which need {what}, but {name} is not set.")
    require_package("procrastinate", f"{RUNS} is 'workers'")
