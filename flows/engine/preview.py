"""A value cut down to what a panel can show. Pure."""

from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 2_000
MOST_ITEMS = 50
DEEPEST = 6


def preview(value: Any, depth: int = 0) -> Any:
    """Return `value` as JSON with long texts, long lists and deep structures cut; a cut text ends in `…`."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST_TEXT else value[:LONGEST_TEXT] + "…"
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth >= DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): preview(item, depth + 1) for key, item in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple):
        return [preview(item, depth + 1) for item in value[:MOST_ITEMS]]
    return preview(str(value), depth)
