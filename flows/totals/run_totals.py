"""Adds up the runs of this process. Each is added once, at its end, so that a chunk costs nothing.

Whoever wants the totals turns them on before the first run. While they are off, a run costs one look at that.
"""

from collections import Counter
from collections.abc import Iterable

from actions.contract.error_class import get_error_class
from flows.events.model_tokens import ModelTokens
from flows.log.frames import Finish
from flows.totals.spans import Spans

RUN_BOUNDS_S = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600)
FIRST_CHUNK_BOUNDS_S = (0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30, 60, 120)
COMMIT_BOUNDS_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
LOST = "lost"
"""The outcome of a run whose end could not be stored. Whoever recovers it ends it then."""


class RunTotals:
    """The sums since the process has begun. They never fall."""

    def __init__(self) -> None:
        self.is_on = False
        """Whether anybody wants them."""
        self.started = 0
        self.outcomes: Counter[str] = Counter()
        """By status of the runs that have ended, or `LOST`."""
        self.faults: Counter[str] = Counter()
        """By who can put it right, of the runs that failed. No codes: a flow can take those that it throws
        from its caller, and they would fill the memory."""
        self.items = 0
        """What runs that have ended have yielded: chunks and values."""
        self.tokens: Counter[str] = Counter()
        """By kind, of all models: `input`, `output`, `cache_read` and `cache_write`."""
        self.durations = Spans(RUN_BOUNDS_S)
        self.first_items = Spans(FIRST_CHUNK_BOUNDS_S)
        """From the beginning of a run to its first item."""
        self.last_commits = Spans(COMMIT_BOUNDS_S)
        """From a run's last event to the commit that holds it: how far the log is behind, once for each run."""

    def add_recovered(self, finish: Finish | None) -> None:
        """Add the end of a run that another process had begun, or this one had lost. It has no duration of its own."""
        if finish:
            self.outcomes[finish["status"]] += 1

    def add(self, finish: Finish | None, items: int, tokens: Iterable[ModelTokens]) -> None:
        """Add a run that is done; `finish` is None when its end could not be stored."""
        self.items += items
        for each in tokens:
            self.tokens["input"] += each.input
            self.tokens["output"] += each.output
            self.tokens["cache_read"] += each.cache_read
            self.tokens["cache_write"] += each.cache_write_5m + each.cache_write_1h
        self.outcomes[finish["status"] if finish else LOST] += 1
        if finish is None:
            return
        if finish["status"] == "failed":
            self.faults[get_error_class(finish["error_code"]).fault] += 1
        self.durations.add(finish["duration_ms"] / 1000)
        if finish["first_item_ms"] is not None:
            self.first_items.add(finish["first_item_ms"] / 1000)


run_totals = RunTotals()
"""Of the process, as the runs are."""
