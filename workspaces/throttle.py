"""Counts failures to sign in, by person and address, so that guessing is slow and nobody is locked out."""

import hashlib

from django.core.cache import cache

from web.errors import too_many

LIMIT = 10
WINDOW_S = 300


def check(*parts: str) -> None:
    """Raise ApiError 429 when the same parts have failed too often of late."""
    if cache.get(_key(parts), 0) >= LIMIT:
        raise too_many("There were too many failed attempts. Wait five minutes.", WINDOW_S)


def failed(*parts: str) -> None:
    cache.add(_key(parts), 0, WINDOW_S)
    cache.incr(_key(parts))


def _key(parts: tuple[str, ...]) -> str:
    return "failed:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()
