"""A foreign flow on its way to a graph: its steps, what each became, and how they follow one another."""

from dataclasses import dataclass, field
from typing import Any, Literal

Outcome = Literal["mapped", "changed", "left"]
"""Of a step: it is the same here, it is nearly the same, or it has no counterpart."""

NEXT_OUTPUT = ""
"""The output of a step that has one way on."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The value of a property that is asked for at import."""

    type: str
    name: str
    kind: str | None = None


@dataclass(slots=True)
class Card:
    """An action that a step became."""

    action: str
    properties: dict[str, Any]
    behind: tuple[int, str] | None = None
    """The number of the card of the same step, and the branch of it, that this one follows; None: the card before."""


@dataclass(slots=True)
class Step:
    """A step of the foreign flow, or a part that hangs on one."""

    id: str
    kind: str
    """The tool's name for what it is."""
    title: str
    original: Any = None
    outcome: Outcome = "mapped"
    note: str = ""
    """What a builder must know about it, in a sentence."""
    cards: list[Card] = field(default_factory=list)
    outputs: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By the name of an output: the number of the card that it leaves, and its branch."""
    way_on: tuple[int, str] | None = (-1, "continue")
    """What `outputs` does not name leaves here; None: nothing follows."""
    sticky: str | None = None
    """The text of a note, which is all that such a step is."""
    is_on_line: bool = True
    """Whether it is a step of its own. A part that hangs on another step is not."""
    answer: str | None = None
    """Of a model: the variable with its answer."""

    def change(self, note: str) -> None:
        """Say what is different from the original. A step that is left stays left."""
        self.outcome = "left" if self.outcome == "left" else "changed"
        self.note = f"{self.note} {note}".strip()


@dataclass(frozen=True, slots=True)
class Link:
    """That one step follows another."""

    source: str
    output: str
    target: str


@dataclass(slots=True)
class Draft:
    """What a reader has read."""

    tool: str
    version: str
    name: str
    description: str = ""
    steps: list[Step] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReportLine:
    """What became of one step."""

    outcome: Outcome
    title: str
    kind: str
    actions: tuple[str, ...]
    note: str
