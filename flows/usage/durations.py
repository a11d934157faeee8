"""How long runs took, counted by spans of time, so that many can be added up and a percentile be read. Pure."""

import math
from collections.abc import Mapping

from pydantic_core import from_json, to_json

Durations = dict[str, int]
"""How many runs there are in each span, by the number of the span."""

GROWTH = 1.1
"""Each span is so many times as long as the one before: a percentile is at most 5 % off."""


def find_span(ms: int) -> str:
    """Return the number of the span that a time is in."""
    return str(math.floor(math.log(max(ms, 1), GROWTH)))


def read_percentile(durations: Mapping[str, int], part: float) -> int | None:
    """Return the time within which this part of the runs was, in milliseconds; None when there is no run."""
    wanted = part * sum(durations.values())
    reached = 0
    for span in sorted(durations, key=int):
        reached += durations[span]
        if reached >= wanted:
            return round(math.pow(GROWTH, int(span) + 0.5))
    return None


def add_durations(total: Durations, more: Mapping[str, int]) -> None:
    """Add `more` to `total`, in place."""
    get = total.get
    for span, runs in more.items():
        total[span] = get(span, 0) + runs


def write_durations(durations: Durations) -> str:
    return to_json(durations).decode()


def read_durations(text: str) -> Durations:
    durations: Durations = from_json(text)
    return durations
