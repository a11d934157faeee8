"""How long runs took, counted by spans of time, so that many can be added up and a percentile be read. Pure."""

import math
from collections.abc import Iterable

Durations = int
"""How many runs there are in each span. The counts of all spans stand side by side, so `+` adds them all at once."""
NO_DURATIONS: Durations = 0

GROWTH = 1.1
"""Each span is so many times as long as the one before: a percentile is at most 5 % off."""
COUNT_BYTES = 4
"""Of the runs of one span."""
COUNT_BITS = 8 * COUNT_BYTES


def count_durations(times_ms: Iterable[int]) -> Durations:
    return sum(1 << COUNT_BITS * _find_span(ms) for ms in times_ms)


def _find_span(ms: int) -> int:
    """Return the number of the span that a time is in."""
    return math.floor(math.log(max(ms, 1), GROWTH))


def read_percentile(durations: Durations, part: float) -> int | None:
    """Return the time within which this part of the runs was, in milliseconds; None when there is no run."""
    counts = memoryview(write_durations(durations)).cast("I")
    wanted = part * sum(counts)
    reached = 0
    for span, runs in enumerate(counts):
        reached += runs
        if runs and reached >= wanted:
            return round(math.pow(GROWTH, span + 0.5))
    return None


def write_durations(durations: Durations) -> bytes:
    """Return the counts of all spans up to the last one that has a run, the lowest byte of each first."""
    spans = -(-durations.bit_length() // COUNT_BITS)
    return durations.to_bytes(spans * COUNT_BYTES, "little")


def read_durations(written: bytes | memoryview) -> Durations:
    return int.from_bytes(written, "little")
