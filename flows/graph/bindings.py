"""How a property gets its value: a literal, an expression, or a text with `{{ expression }}` segments.

Pure: no Django, no I/O. A template is read once, left to right; what a segment gives is never read again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.contract.records import render
from flows.graph.expressions import PATH, Compiled, ExpressionError, compile_expression


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any

    names = frozenset[str]()

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        return self.value


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and expressions in turn; evaluates to one text."""

    parts: tuple[str | Compiled, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self.parts if not isinstance(part, str)))

    def evaluate(self, variables: Mapping[str, Any]) -> str:
        return "".join(part if isinstance(part, str) else render(part.evaluate(variables)) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Composite:
    """A JSON object or list in which some texts are templates; evaluates to the same shape."""

    shape: Mapping[str, "Binding"] | tuple["Binding", ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self._parts()))

    def _parts(self) -> Iterable["Binding"]:
        return self.shape.values() if isinstance(self.shape, Mapping) else self.shape

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        if isinstance(self.shape, Mapping):
            return {name: part.evaluate(variables) for name, part in self.shape.items()}
        return [part.evaluate(variables) for part in self.shape]


Binding = Literal | Template | Composite | Compiled


def is_expression(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"expression"} and isinstance(value["expression"], str)


def is_fixed(value: Any) -> bool:
    """Return whether the saved value is the same in every run, so that it can be checked before one."""
    if isinstance(value, str):
        return "{{" not in value
    if is_expression(value):
        return False
    return all(map(is_fixed, value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()))


def compile_binding(value: Any, scope: Iterable[str]) -> Binding:
    """Return what gives the property's value in a run.

    Raises ExpressionError with the column in the whole text. A text that is exactly one segment keeps the
    type of its value.
    """
    if is_expression(value):
        return compile_expression(value["expression"], scope)
    if is_fixed(value):
        return Literal(value)
    if isinstance(value, dict):
        return Composite({name: compile_binding(item, scope) for name, item in value.items()})
    if isinstance(value, list):
        return Composite(tuple(compile_binding(item, scope) for item in value))
    parts = tuple(_compile_part(part, offset, scope) for part, offset in _segments(value))
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    return Template(parts)


def read_bare_path(value: Any) -> str | None:
    """Return the path when the saved value is nothing but one bare path, such as `message.text`."""
    source = value["expression"] if is_expression(value) else _only_segment(value)
    return source.strip() if source and PATH.fullmatch(source.strip()) else None


def _only_segment(value: Any) -> str | None:
    if not isinstance(value, str) or not value.startswith("{{") or not value.endswith("}}"):
        return None
    return value[2:-2]


def _compile_part(part: str, offset: int | None, scope: Iterable[str]) -> str | Compiled:
    if offset is None:
        return part
    try:
        return compile_expression(part, scope)
    except ExpressionError as error:
        error.column = offset + (error.column or 1)
        raise


def _segments(text: str) -> Iterable[tuple[str, int | None]]:
    """Yield the pieces of a template: plain text with None, an expression with where it begins."""
    position = 0
    while (start := text.find("{{", position)) >= 0:
        end = _end_of_segment(text, start + 2)
        if start > position:
            yield text[position:start], None
        inner = text[start + 2 : end]
        yield inner.strip(), start + 2 + len(inner) - len(inner.lstrip())
        position = end + 2
    if position < len(text):
        yield text[position:], None


def _end_of_segment(text: str, start: int) -> int:
    """Return where the segment's `}}` is; quotes hide it, so that a text inside may hold braces."""
    quote = ""
    depth = 0
    for index in range(start, len(text)):
        character = text[index]
        if quote:
            quote = "" if character == quote and text[index - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        elif character == "{":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif text.startswith("}}", index):
            return index
    raise ExpressionError("unclosed_segment", "'{{' is not closed.", "Add '}}' after the expression.", start - 1)
