"""What one check may cost. Pure."""

import math
import time
from typing import Literal

MAX_STEPS = 2_000_000
"""The most steps of one check. A keyword that looks at a small value is one step, of 0.3 to 1 µs."""
MAX_DEPTH = 250
"""The most schemas that may be within each other while a value is checked."""
TIME_LIMIT_S = 5.0
"""Of the processor: what else a busy machine does is not the body's fault."""
STEPS_BETWEEN_LOOKS = 1_000
PAUSE_S = 0.000_2
"""How long a check in a thread pauses at each look, so that the event loop need not wait for the interpreter."""

Limit = Literal["steps", "depth", "time"]

_SENTENCES: dict[Limit, str] = {
    "steps": f"checking it against the schema takes more than {MAX_STEPS:,} steps",
    "depth": f"checking it goes more than {MAX_DEPTH} schemas deep",
    "time": f"checking it against the schema takes more than {TIME_LIMIT_S:.0f} seconds of the processor",
}
HINT = "Send less at once, or make the schema simpler: fewer alternatives, patterns and unique items."


class OverBudget(Exception):
    """A check was given up. `limit` says what ran out."""

    def __init__(self, limit: Limit) -> None:
        super().__init__(_SENTENCES[limit])
        self.limit = limit


class Budget:
    """Counts the steps of one check."""

    __slots__ = ("_deadline", "_next_look", "_steps")

    def __init__(self, steps: int = MAX_STEPS, seconds: float = math.inf) -> None:
        """Make it in the thread of the check, whose time counts. Without `seconds`, a check never pauses."""
        self._steps = steps
        self._deadline = time.thread_time() + seconds
        self._next_look = steps - STEPS_BETWEEN_LOOKS if seconds < math.inf else -math.inf

    def spend(self, steps: int) -> None:
        """Take off `steps`. Raises OverBudget when they, or the time, are used up."""
        self._steps -= steps
        if self._steps < 0:
            raise OverBudget("steps")
        if self._steps < self._next_look:
            self._look()

    def _look(self) -> None:
        self._next_look = self._steps - STEPS_BETWEEN_LOOKS
        if time.thread_time() > self._deadline:
            raise OverBudget("time")
        time.sleep(PAUSE_S)
