"""What one API key, or the visitors of one chat page together, may use at most. Pure."""

from collections.abc import Mapping
from typing import TypedDict

LIMIT_TITLES = {
    "runs_per_minute": "runs per minute",
    "runs_at_once": "runs at once",
    "tokens_per_day": "tokens per day",
}


class KeyLimits(TypedDict):
    """Each is a whole number from 1, or None for no limit of its own."""

    runs_per_minute: int | None
    runs_at_once: int | None
    """Over all server processes."""
    tokens_per_day: int | None
    """In and out, those of caches included, of the runs that have ended since midnight in UTC."""


def build_limits(given: Mapping[str, int | None]) -> KeyLimits | None:
    """Return the limits among the given values; None when there are none."""
    limits = KeyLimits(
        runs_per_minute=given.get("runs_per_minute"),
        runs_at_once=given.get("runs_at_once"),
        tokens_per_day=given.get("tokens_per_day"),
    )
    return limits if any(limits.values()) else None


def describe_limits(limits: KeyLimits | None) -> str:
    """Return the limits for the audit log: `5 runs per minute, 2 runs at once`."""
    given: Mapping[str, object] = limits or {}
    parts = [f"{given[name]:,} {title}" for name, title in LIMIT_TITLES.items() if given.get(name)]
    return ", ".join(parts) or "no limits"
