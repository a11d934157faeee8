"""What one call costs, as the API counts it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_GROUPS = ("cache_creation", "server_tool_use")
"""The objects within a usage that hold counts of their own."""


@dataclass(slots=True)
class UsageCounts:
    """Tokens and searches of one call. None is unknown: the API tells the output only at the end."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    ephemeral_5m_input_tokens: int | None = None
    ephemeral_1h_input_tokens: int | None = None
    web_search_requests: int | None = None

    def list_counts(self) -> dict[str, int | None]:
        """Return the counts by name, as they are now. Cheaper than `asdict`, which copies each value deeply."""
        return {name: getattr(self, name) for name in COUNTS}

    def update(self, told: Any) -> None:
        """Take over the counts that are told. They are cumulative, so that a smaller one is no news."""
        for name, count in _read_counts(told).items():
            setattr(self, name, max(count, getattr(self, name) or 0))

    def begin(self, told: Any) -> None:
        """Take over the counts of the beginning of an answer.

        Its output is a first estimate: billed is what the end tells. A gateway that counts only at the end says 0.
        """
        counts = _read_counts(told)
        counts.pop("output_tokens", None)
        if any(counts.values()):
            self.update(counts)


COUNTS = tuple(UsageCounts.__slots__)
MAX_COUNT = 2**40
"""A larger number is no count: sums of these stay exact for every reader."""


def _read_counts(told: Any) -> dict[str, int]:
    """Return the counts that a usage of the API holds, by name; what is no count is left out."""
    if not isinstance(told, Mapping):
        return {}
    groups = [group for name in _GROUPS if isinstance(group := told.get(name), Mapping)]
    flat = {name: value for source in (told, *groups) for name, value in source.items() if name in COUNTS}
    counts = {name: _read_count(value) for name, value in flat.items()}
    return {name: count for name, count in counts.items() if count is not None}


def _read_count(value: Any) -> int | None:
    """Return a count, which some gateways write as a fraction, `15.0`; None for what is no count."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= MAX_COUNT else None
