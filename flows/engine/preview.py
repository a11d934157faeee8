"""A value cut down to what a panel can show. Pure."""

from collections.abc import Mapping
from itertools import islice
from typing import Any

MAX_TEXT_CHARACTERS = 2_000
MAX_ITEMS = 50
MAX_DEPTH = 6
NUMBERS = (bool, int, float)


class UnshownText(str):
    """A text that no panel shows and no log keeps, because it is stored elsewhere and may be deleted there."""

    __slots__ = ()


def preview(value: Any, depth: int = 0) -> Any:
    """Return `value` as JSON with long texts, long lists and deep structures cut; a cut text ends in `…`."""
    if type(value) is str:
        return value if len(value) <= MAX_TEXT_CHARACTERS else value[:MAX_TEXT_CHARACTERS] + "…"
    if value is None or isinstance(value, NUMBERS):
        return value
    if isinstance(value, UnshownText):
        return "…"
    if depth >= MAX_DEPTH:
        return "…"
    if isinstance(value, Mapping):
        return {str(key): preview(item, depth + 1) for key, item in islice(value.items(), MAX_ITEMS)}
    if isinstance(value, list | tuple):
        return [preview(item, depth + 1) for item in value[:MAX_ITEMS]]
    return preview(str(value), depth)
