"""The values that a run has yielded, in their order, as answers and the database keep them. Pure."""

from collections.abc import Iterable
from typing import Any

from flows.events.events import RunEvent

MAX_YIELDED_BYTES = 8 * 1024 * 1024
"""Of a run's `item` events whose values are held together: one answer, and what is kept of an expired log."""


class YieldedRoom:
    """Room for what a run has yielded: for its first values, as many as are `MAX_YIELDED_BYTES` together."""

    def __init__(self) -> None:
        self._bytes = 0

    def take(self, size: int) -> bool:
        """Return whether an event of so many bytes, which follows those before, has room."""
        self._bytes += size
        return self._bytes <= MAX_YIELDED_BYTES


class YieldedValues:
    """Every value that a run has yielded, a text or any JSON: the first ones, as far as there is room for them."""

    def __init__(self, values: Iterable[Any] = (), left_out: int = 0, data_places: Iterable[int] = ()) -> None:
        self.values = list(values)
        self.left_out = left_out
        """How many values came after these."""
        self.data_places = list(data_places)
        """Which of the values are data, and no text of the answer."""
        self._room = YieldedRoom()

    def add(self, event: RunEvent, size: int) -> None:
        """Take what an event yields, if it yields text or data; `size` is that of the event, in bytes."""
        if event["type"] != "item" or event.get("kind", "data") != "data":
            return
        if self._room.take(size):
            if "kind" in event:
                self.data_places.append(len(self.values))
            self.values.append(event.get("text", event.get("value")))
        else:
            self.left_out += 1
