"""Compiles a JSON Schema, or tells all that cannot be used of it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple
from urllib.parse import unquote

from pydantic_core import from_json, to_json

from actions.contract.sizes import format_size
from actions.json_schema.budget import Budget
from actions.json_schema.keywords import HINTS, KEYWORDS, NOTE_PREFIX
from actions.json_schema.misfit import Misfit, shorten_place
from actions.json_schema.node import ANY, Node
from actions.json_schema.patterns import BadPattern, Pattern, compile_pattern

MAX_SCHEMA_BYTES = 64 * 1024
"""Compiling so much takes about 50 ms."""
MAX_SCHEMAS = 5_000
"""The most schemas within one document."""
MAX_PATTERNS, MAX_PATTERN_PARTS = 50, 40_000
"""The most patterns within one document, and the most parts of all together: they take time and memory."""
MAX_PROBLEMS = 10
MAX_COMPILED_SCHEMAS = 64

Pointer = tuple[str | int, ...]
"""The way to a schema within its document."""


class SchemaProblem(NamedTuple):
    """What cannot be used of a schema."""

    place: str
    """The dotted path within the schema; empty for the whole."""
    reason: str
    """The end of a sentence that begins with the place."""
    hint: str | None = None

    def describe(self, whole: str) -> str:
        """Return a sentence without its full stop. `whole` is how it calls the whole schema."""
        return f"{repr(self.place) if self.place else whole} {self.reason}"


class BadSchema(ValueError):
    """A schema cannot be used. `problems` says why, and holds one at least."""

    def __init__(self, problems: list[SchemaProblem]) -> None:
        super().__init__(problems[0].describe("the schema"))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class CompiledSchema:
    """A schema that can be used."""

    root: Node

    def find_misfit(self, value: Any, budget: Budget | None = None) -> Misfit | None:
        """Return the first place where the value does not fit, or None. Raises OverBudget."""
        return self.root.find_misfit(value, budget or Budget())


def compile_schema(schema: Mapping[str, Any]) -> CompiledSchema:
    """Return the schema, ready to check values. Raises BadSchema with each thing in it that cannot be used."""
    return _compile(to_json(schema))


def list_schema_problems(schema: Mapping[str, Any]) -> list[SchemaProblem]:
    """Return what cannot be used of a schema, at most `MAX_PROBLEMS` of it."""
    try:
        compile_schema(schema)
    except BadSchema as error:
        return error.problems
    return []


@lru_cache(
    maxsize=MAX_COMPILED_SCHEMAS
)  # a run starts with a check of its body, and compiling costs more than the check
def _compile(schema: bytes) -> CompiledSchema:
    if len(schema) > MAX_SCHEMA_BYTES:
        raise BadSchema([SchemaProblem("", f"is larger than {format_size(MAX_SCHEMA_BYTES)}", "Make it smaller.")])
    document = _Document(from_json(schema))
    root = document.compile()
    if document.problems:
        raise BadSchema(document.problems[:MAX_PROBLEMS])
    return CompiledSchema(root)


class _Document:
    """A document while it is compiled. Schemas wait in a list, so that no depth of them is a depth of calls."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self.root = root
        self.problems: list[SchemaProblem] = []
        self.followers: dict[Pointer, set[Pointer]] = {}
        """The schemas that apply to the same value as each one."""
        self._nodes: dict[Pointer, Node] = {}
        self._patterns: dict[str, Pattern] = {}
        self._waiting: list[tuple[Pointer, Any]] = []

    def compile(self) -> Node:
        root = self.get_node((), self.root)
        while self._waiting and len(self._nodes) <= MAX_SCHEMAS:
            pointer, schema = self._waiting.pop()
            _Place(self, pointer, schema).fill(self._nodes[pointer])
        if self._waiting:
            self.problems = [SchemaProblem("", f"holds more than {MAX_SCHEMAS:,} schemas", "Make it smaller.")]
        self._refuse_circles()
        return root

    def get_node(self, pointer: Pointer, schema: Any) -> Node:
        """Return the node of the schema at a pointer, which is compiled later on."""
        node = self._nodes.get(pointer)
        if node is None:
            node = self._nodes[pointer] = Node()
            self._waiting.append((pointer, schema))
        return node

    def compile_pattern(self, pattern: str) -> Pattern:
        """Return a pattern of the document. Raises BadPattern."""
        compiled = self._patterns.get(pattern)
        if compiled is None:
            parts = sum(each.size for each in self._patterns.values())
            if len(self._patterns) >= MAX_PATTERNS or parts > MAX_PATTERN_PARTS:
                raise BadPattern("the schema has too many patterns, or too large ones")
            compiled = self._patterns[pattern] = compile_pattern(pattern)
        return compiled

    def add_problem(self, pointer: Pointer, reason: str, hint: str | None = None) -> None:
        self.problems.append(SchemaProblem(shorten_place(pointer), reason, hint))

    def _refuse_circles(self) -> None:
        try:
            TopologicalSorter(self.followers).prepare()
        except CycleError as error:
            reason = "leads back to itself without going into the value"
            self.add_problem(error.args[1][0], reason, "Let a reference to itself stand below properties or items.")


class _Place:
    """One schema of a document while it is compiled."""

    def __init__(self, document: _Document, pointer: Pointer, schema: Any) -> None:
        self.schema: Mapping[str, Any] = schema if isinstance(schema, dict) else {}
        self._document, self._pointer, self._is_false = document, pointer, schema is False

    def fill(self, node: Node) -> None:
        """Add the checks of each keyword to the node."""
        if self._is_false:
            node.add(lambda value, budget, depth: Misfit("false", None), ANY)
        if not self._is_false and self._report_keywords():
            return
        for name, keyword in KEYWORDS.items():
            if name in self.schema and keyword.build:
                try:
                    node.add(keyword.build(self, self.schema[name]), keyword.types)
                except BadPattern as error:
                    self._add_problem(name, f"holds a pattern that cannot be used: {error}")
        for pointer, schema in self._list_definitions():
            self._document.get_node(pointer, schema)

    def get_node(self, *steps: str | int, in_place: bool = False) -> Node:
        schema: Any = self.schema
        for step in steps:
            schema = schema[step]
        pointer = (*self._pointer, *steps)
        if in_place:
            self._document.followers.setdefault(self._pointer, set()).add(pointer)
        return self._document.get_node(pointer, schema)

    def compile_pattern(self, pattern: str) -> Pattern:
        return self._document.compile_pattern(pattern)

    def follow(self, reference: str) -> Node:
        pointer = _parse_reference(reference)
        found = _look_up(self._document.root, pointer) if pointer is not None else None
        if pointer is None:
            self._add_problem("$ref", "refers to another document, which is not fetched", "Copy it below $defs.")
        elif not isinstance(found, dict | bool):
            self._add_problem("$ref", "refers to a place where the document has no schema")
        else:
            self._document.followers.setdefault(self._pointer, set()).add(pointer)
            return self._document.get_node(pointer, found)
        return Node()

    def _report_keywords(self) -> bool:
        """Report each keyword that cannot be used; return whether there is one."""
        before = len(self._document.problems)
        for name, value in self.schema.items():
            keyword = KEYWORDS.get(name)
            if keyword and not keyword.shape.is_met(value):
                self._add_problem(name, f"must be {keyword.shape.name}")
            elif not keyword and not name.startswith(NOTE_PREFIX) and (name != "$id" or self._pointer):
                self._add_problem(name, "is a keyword that is not supported", HINTS.get(name))
        return len(self._document.problems) > before

    def _add_problem(self, keyword: str, reason: str, hint: str | None = None) -> None:
        self._document.add_problem((*self._pointer, keyword), reason, hint)

    def _list_definitions(self) -> Iterator[tuple[Pointer, Any]]:
        for keyword in ("$defs", "definitions"):
            for name, schema in self.schema.get(keyword, {}).items():
                yield (*self._pointer, keyword, name), schema


def _parse_reference(reference: str) -> Pointer | None:
    """Return the way that a `$ref` goes within its document, or None when it leaves it."""
    if reference == "#":
        return ()
    if not reference.startswith("#/"):
        return None
    steps = unquote(reference[2:]).split("/")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in steps)


def _look_up(value: Any, pointer: Pointer) -> Any:
    for step in pointer:
        if isinstance(value, list) and str(step).isdecimal() and int(step) < len(value):
            value = value[int(step)]
        else:
            value = value.get(step) if isinstance(value, dict) else None
    return value
