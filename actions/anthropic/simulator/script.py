"""How the simulator behaves: at a natural pace by default, and as a test scripts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Request = dict[str, Any]


@dataclass(slots=True)
class Script:
    """What the simulator does with each request. The defaults are those of the demo."""

    pause_s: float = 0.04
    """Between two chunks: 25 chunks in a second."""
    first_pause_s: float = 0.35
    answer: Callable[[Request], str] | None = None
    """Gives the text of the answer; the simulator's own when None."""
    errors: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    """Taken one for each request before one is answered: status, error type, further headers."""
    stop_reason: str = "end_turn"
    refuse_after: int | None = None
    """The answer is refused after so many chunks."""
    fail_after: int | None = None
    """An `error` event comes after so many chunks."""
    cut_after: int | None = None
    """The body ends cleanly after so many chunks, without `message_stop`."""
    stall_after: int | None = None
    """Only pings come after so many chunks."""
    thinking: str | None = None
    """What is thought before the answer; with display `omitted` the block is empty."""
    keeps_requests: bool = True
    requests: list[Request] = field(default_factory=list)
    """Every request that was answered, in order, with `headers` beside the body's fields."""
    closed: int = 0
    """How many streams their client left before the end."""
