"""How a property gets its value: a literal, an expression, or a text with `{{ expression }}` segments.

Pure: no Django, no I/O. A template is read once, left to right; what a segment gives is never read again.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from actions.contract.records import render
from expressions.errors import ExpressionError
from expressions.paths import is_path
from expressions.program import Compiled, KnownValues, Program, compile_expression


@dataclass(frozen=True, slots=True)
class Literal:
    value: Any

    names = frozenset[str]()

    def evaluate(self, variables: Mapping[str, Any], known: KnownValues | None = None) -> Any:
        return self.value

    def iterate_programs(self) -> Iterator[Program]:
        return iter(())


@dataclass(frozen=True, slots=True)
class Template:
    """Texts and expressions in turn; evaluates to one text."""

    parts: tuple[str | Compiled, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self.parts if not isinstance(part, str)))

    def evaluate(self, variables: Mapping[str, Any], known: KnownValues | None = None) -> str:
        return "".join(
            part if isinstance(part, str) else render(part.evaluate(variables, known)) for part in self.parts
        )

    def iterate_programs(self) -> Iterator[Program]:
        return (program for part in self.parts if not isinstance(part, str) for program in part.iterate_programs())


@dataclass(frozen=True, slots=True)
class Composite:
    """A JSON object or list in which some texts are templates; evaluates to the same shape."""

    shape: Mapping[str, "Binding"] | tuple["Binding", ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(part.names for part in self._iter_parts()))

    def _iter_parts(self) -> Iterable["Binding"]:
        return self.shape.values() if isinstance(self.shape, Mapping) else self.shape

    def evaluate(self, variables: Mapping[str, Any], known: KnownValues | None = None) -> Any:
        if isinstance(self.shape, Mapping):
            return {name: part.evaluate(variables, known) for name, part in self.shape.items()}
        return [part.evaluate(variables, known) for part in self.shape]

    def iterate_programs(self) -> Iterator[Program]:
        return (program for part in self._iter_parts() for program in part.iterate_programs())


Binding = Literal | Template | Composite | Compiled


@dataclass(frozen=True, slots=True)
class Segment:
    """A `{{ expression }}` within a text."""

    start: int
    """Where its braces begin, counted from 0."""
    end: int
    """Where the text goes on behind its braces."""
    inner: str
    """What is between the braces, white space included."""

    @property
    def source(self) -> str:
        return self.inner.strip()


def is_expression(value: Any) -> bool:
    """Return whether the saved value has the form of an expression: `{"expression": "…"}`, and nothing beside it."""
    return isinstance(value, dict) and value.keys() == {"expression"} and isinstance(value["expression"], str)


def is_fixed(value: Any, *, may_be_expression: bool = True) -> bool:
    """Return whether the saved value is the same in every run, so that it can be checked before one.

    Where a whole value may be no expression, an object with the one name `expression` is an object like any other.
    """
    if isinstance(value, str):
        return "{{" not in value
    if may_be_expression and is_expression(value):
        return False
    return all(map(is_fixed, value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()))


def compile_binding(value: Any, scope: Iterable[str], *, may_be_expression: bool = True) -> Binding:
    """Return what gives the property's value in a run; `may_be_expression` is about the value as a whole.

    Raises ExpressionError with the column in the whole text. A text that is exactly one segment keeps the
    type of its value.
    """
    if may_be_expression and is_expression(value):
        return compile_expression(value["expression"], scope)
    if is_fixed(value, may_be_expression=may_be_expression):
        return Literal(value)
    if isinstance(value, dict):
        return Composite({name: compile_binding(item, scope) for name, item in value.items()})
    if isinstance(value, list):
        return Composite(tuple(compile_binding(item, scope) for item in value))
    parts = tuple(_compile_parts(value, scope))
    if len(parts) == 1 and not isinstance(parts[0], str):
        return parts[0]
    return Template(parts)


def read_bare_path(value: Any) -> str | None:
    """Return the path when the saved value is nothing but one bare path, such as `message.text`."""
    source = value["expression"] if is_expression(value) else _strip_braces(value)
    return source.strip() if source and is_path(source.strip()) else None


def find_segments(text: str) -> Iterator[Segment]:
    """Yield the segments of a text, read once from the left; raises ExpressionError where one is not closed."""
    position = 0
    while (start := text.find("{{", position)) >= 0:
        end = _find_segment_end(text, start + 2)
        yield Segment(start, end + 2, text[start + 2 : end])
        position = end + 2


def _strip_braces(value: Any) -> str | None:
    if not isinstance(value, str) or not value.startswith("{{") or not value.endswith("}}"):
        return None
    return value[2:-2]


def _compile_parts(text: str, scope: Iterable[str]) -> Iterator[str | Compiled]:
    """Yield the texts and the expressions of a template in turn."""
    position = 0
    for segment in find_segments(text):
        if segment.start > position:
            yield text[position : segment.start]
        yield _compile_segment(segment, scope)
        position = segment.end
    if position < len(text):
        yield text[position:]


def _compile_segment(segment: Segment, scope: Iterable[str]) -> Compiled:
    try:
        return compile_expression(segment.source, scope)
    except ExpressionError as error:
        indent = len(segment.inner) - len(segment.inner.lstrip())
        error.column = segment.start + 2 + indent + (error.column or 1)
        raise


def _find_segment_end(text: str, start: int) -> int:
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
