"""What the mapping of a node of n8n may know beside the node."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from foreign_flows.draft import Step
from foreign_flows.n8n.expressions import Expressions
from foreign_flows.names import Names
from foreign_flows.reading import read_text


@dataclass(slots=True)
class Context:
    """What a node's mapping may know beside the node."""

    names: Names
    expressions: Expressions
    parts: dict[str, list[tuple[str, dict[str, Any]]]] = field(default_factory=dict)
    """By the name of a node, the parts that hang on it: the kind of the connection, and the node."""
    variables: dict[str, str] = field(default_factory=dict)
    """By the name of a node, the variable with its result."""
    used: set[str] = field(default_factory=set)
    """The parts that are in the cards of a step, beside its model and its memory."""
    has_session: bool = False

    def write(self, step: Step, *path: Any) -> str:
        """Return the text of a parameter as it is written here, and say at the step what is not translated."""
        text, unknown = self.expressions.translate(read_text(step.original, "parameters", *path), step.id)
        if unknown:
            step.change(f"Rewrite the expression {unknown[0]!r}.")
        return text

    def translate(self, step: Step) -> Callable[[str], str]:
        return lambda text: self.write_text(step, text)

    def write_text(self, step: Step, text: str) -> str:
        written, unknown = self.expressions.translate(text, step.id)
        if unknown:
            step.change(f"Rewrite the expression {unknown[0]!r}.")
        return written

    def get_part(self, node: str, connection: str) -> dict[str, Any] | None:
        return next((part for kind, part in self.list_parts(node) if kind == connection), None)

    def list_parts(self, node: str) -> list[tuple[str, dict[str, Any]]]:
        return self.parts.get(node, [])
