"""One text for all values that JSON takes for equal, so that equal values are found by hashing. Pure."""

import hashlib
from collections.abc import Mapping
from typing import Any

from actions.json_schema.budget import Budget

CHARACTERS_PER_STEP = 1_000
MAX_KEPT_CHARACTERS = 64
NAMES_PER_SORTING_STEP = 5_000


def build_canonical_text(value: Any, budget: Budget) -> str:
    """Return the same text for equal values and another one for others: 1 equals 1.0, and an object has no order.

    A text, because Python's hashes of numbers are known: whoever sends many numbers of one hash makes a set slow.
    """
    budget.spend(2)
    if isinstance(value, str):
        return _build_text(value, budget)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, int | float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, Mapping):
        return _build_object(value, budget)
    return f"[{','.join([build_canonical_text(item, budget) for item in value])}]"


def build_short_text(value: Any, budget: Budget) -> str | bytes:
    """Return the canonical text, or a digest of it where it is long, for those who keep many of them."""
    text = build_canonical_text(value, budget)
    return text if len(text) <= MAX_KEPT_CHARACTERS else hashlib.blake2b(text.encode(), digest_size=16).digest()


def _build_text(text: str, budget: Budget) -> str:
    """Return a text after its length, so that no two lists of texts are written alike."""
    budget.spend(len(text) // CHARACTERS_PER_STEP)
    return f"{len(text)}:{text}"


def _build_object(value: Mapping[str, Any], budget: Budget) -> str:
    # Sorting is one call that lets no other thread run, so many names cost more than in proportion.
    budget.spend(len(value) * (len(value) // NAMES_PER_SORTING_STEP))
    pairs = [f"{_build_text(name, budget)}={build_canonical_text(value[name], budget)}" for name in sorted(value)]
    return f"{{{','.join(pairs)}}}"
