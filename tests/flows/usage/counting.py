"""Counts finished runs as housekeeping does."""

from flows.usage.counting import count_runs, find_uncounted_runs


def count_all() -> int:
    """Count all runs that have ended; return how many there were."""
    run_ids = find_uncounted_runs(1_000)
    for _ in count_runs(run_ids):
        pass
    return len(run_ids)
