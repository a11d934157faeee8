"""What a streamed answer consists of. Values only."""

from dataclasses import dataclass
from typing import Any

from actions.anthropic.stream.usage_counts import UsageCounts


@dataclass(frozen=True, slots=True)
class MessageStart:
    """A try is answered. Of a try that fails before any content came, another MessageStart may follow."""

    id: str | None
    model: str | None
    usage: UsageCounts
    """What the API tells at the start."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text, never empty."""

    text: str


@dataclass(frozen=True, slots=True)
class ThinkingDelta:
    """A piece of what the model thinks, where that is shown. It is never part of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where the text of block `index` came from, as the API tells it."""

    index: int
    citation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class BlockStart:
    """A block of the content begins; `kind` is the API's word: text, thinking, tool_use, server_tool_use and
    others."""

    index: int
    kind: str
    beginning: str = ""
    """What a block of text or thinking holds from its start: in most answers nothing, and all comes in deltas."""
    citations: tuple[dict[str, Any], ...] = ()
    """The sources that a block of text names from its start."""


@dataclass(frozen=True, slots=True)
class BlockStop:
    """A block is complete. `block` is what the API expects to get back as history, unchanged."""

    index: int
    block: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Try number `attempt` failed before any content came; the next begins after `seconds`."""

    attempt: int
    seconds: float
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Stop:
    """The answer is complete. Always the last part of a stream that did not fail."""

    reason: str
    sequence: str | None = None
    category: str | None = None
    """The policy category of a refusal, where the API names one."""
    is_inferred: bool = False
    """Whether the answer is complete, but its message_stop did not come."""


Part = MessageStart | TextDelta | ThinkingDelta | Citation | BlockStart | BlockStop | Waiting | Stop
