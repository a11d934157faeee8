"""Counts how often something took how long. Pure."""

from bisect import bisect_left
from collections.abc import Sequence


class Spans:
    """How many spans of time were at most so long, for each of some bounds in seconds, and their sum."""

    __slots__ = ("bounds", "counts", "sum_s")

    def __init__(self, bounds: Sequence[float]) -> None:
        self.bounds = tuple(bounds)
        self.counts = [0] * (len(self.bounds) + 1)
        """Of each bound those that are longer than the bound before; the last one counts what is beyond all."""
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.sum_s += seconds
