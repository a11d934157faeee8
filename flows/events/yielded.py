"""The values that a run has yielded, in their order, as answers and the database keep them. Pure."""

from collections.abc import Iterable
from typing import Any

from flows.events.events import RunEvent

MAX_YIELDED_BYTES = 8 * 1024 * 1024
"""Of a run's `item` events whose values are held together: one answer, and what is kept of an expired log."""


class YieldedValues:
    """Every value that a run has yielded, a text or any JSON: the first ones, as far as there is room for them."""

    def __init__(self, values: Iterable[Any] = (), left_out: int = 0) -> None:
        self.values = list(values)
        self.left_out = left_out
        """How many values came after these."""
        self._bytes = 0

    def add(self, event: RunEvent, size: int) -> None:
        """Take what an event yields, if it yields; `size` is that of the event, in bytes."""
        if event["type"] != "item":
            return
        self._bytes += size
        if self._bytes > MAX_YIELDED_BYTES:
            self.left_out += 1
        else:
            self.values.append(event.get("text", event.get("value")))
