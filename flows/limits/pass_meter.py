"""Counts the passes of all loops of one run. Pure."""

from flows.limits.run_limit_error import build_passes_error


class PassMeter:
    """Counts passes of loops, those of called flows too: loops within loops make millions out of thousands."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._count = 0

    def count(self) -> None:
        """Count one pass; raises RunLimitError `limit_passes` when there were as many as may be."""
        if self._count >= self._limit:
            raise build_passes_error(self._limit)
        self._count += 1
