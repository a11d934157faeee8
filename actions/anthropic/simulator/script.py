"""How the simulator behaves: at a natural pace by default, and as a test scripts it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Request = dict[str, Any]


@dataclass(slots=True)
class Script:
    """What the simulator does with each request. The defaults are those of the demo.

    Faults come after so many chunks of text: 0 is before the first one.
    """

    pause_s: float = 0.04
    """Between two chunks, more or less: 25 chunks in a second."""
    first_pause_s: float = 0.35
    answer: Callable[[Request], str] | None = None
    """Gives the text of the answer; the simulator's own when None."""
    errors: list[tuple[int, str, dict[str, str]]] = field(default_factory=list)
    """Taken one for each request before one is answered: status, error type, further headers."""
    stop_reason: str = "end_turn"
    refuse_after: int | None = None
    """The answer is refused; nothing follows."""
    fail_after: int | None = None
    """An `error` event comes, and the body ends."""
    fail_with: str = "overloaded_error"
    """The type of that error."""
    cut_after: int | None = None
    """The body ends cleanly, without `message_stop`."""
    drop_after: int | None = None
    """The socket is closed within the body."""
    stall_after: int | None = None
    """Only pings come."""
    silent_after: int | None = None
    """Nothing comes, not even a ping."""
    thinking: str | None = None
    """What is thought before the answer; by default a model that thinks does so in a few words."""
    tool: tuple[str, dict[str, Any]] | None = None
    """A tool that the model calls after its text: name and input. The stop reason is then `tool_use`."""
    replay: bytes | None = None
    """A recorded body, sent instead of an answer."""
    replay_cut: int | None = None
    """The recorded body ends after so many bytes."""
    keeps_requests: bool = True
    requests: list[Request] = field(default_factory=list)
    """Every request for an answer, in order, with `headers` beside the body's fields."""
    closed: int = 0
    """How many streams their client left before the end."""
