"""What expressions read of the workspace's variables: `env.NAME`. Pure.

`env` is no variable of a node: its names are known before a run, and so is whether each has a value. It is therefore
only read by a name that stands in the expression, and never as a whole.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from expressions.errors import ExpressionError, build_unknown_name_error
from expressions.paths import Path
from expressions.references import Reference
from flows.graph.bindings import Binding, Composite, Literal, Template, find_segments, is_expression
from flows.graph.problems import Problem

ENV = "env"
_WORD = re.compile(rb"(?:\\[bfnrt]|\b)env\b")
"""In a graph as JSON, where an escaped line break ends in a letter."""
_READ = re.compile(r"\benv\s*(?:\.\s*\??\s*|\[\s*\??\s*[\"'])([A-Za-z_]\w*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class EnvNames:
    """The names that expressions read."""

    needed: frozenset[str] = field(default_factory=frozenset)
    """Without a value of each of these, the expression fails."""
    optional: frozenset[str] = field(default_factory=frozenset)
    """Those that are only asked for by `has()` or `.?`."""
    is_whole: bool = False
    """Whether an expression reads `env` itself, or by a name that it computes."""

    @property
    def all(self) -> frozenset[str]:
        return self.needed | self.optional

    def join(self, other: "EnvNames") -> "EnvNames":
        return EnvNames(self.needed | other.needed, self.optional | other.optional, self.is_whole or other.is_whole)


NO_ENV_NAMES = EnvNames()


def find_env_names(binding: Binding) -> EnvNames:
    """Return what a compiled binding reads of `env`."""
    found = NO_ENV_NAMES
    if ENV in binding.names:
        for read in _list_reads(binding):
            found = found.join(_describe_read(read))
    return found


def check_env_names(
    names: EnvNames, variables: Mapping[str, str | None], node: str, property: str, title: str
) -> Iterator[Problem]:
    """Yield the problems of what a property reads. `variables` says of each that exists why it cannot be read."""
    if names.is_whole:
        message = f"{title}: 'env' is read by a name that stands in the expression, as in env.NAME."
        yield Problem("env_without_name", message, node, property=property, hint="Write env. and the variable's name.")
    for name in sorted(names.all - variables.keys()):
        near = build_unknown_name_error(name, variables).hint or ""
        hint = near if near.startswith("Nearest") else "An admin can add it on the page Variables."
        message = f"{title}: the workspace has no variable {name!r}."
        yield Problem("unknown_env_variable", message, node, property=property, hint=hint)
    for name in sorted(names.needed & variables.keys()):
        if problem := variables[name]:
            hint = "An admin can set it on the page Variables."
            yield Problem("env_variable_unset", f"{title}: {problem}", node, property=property, hint=hint)


def may_read_env(graph: bytes) -> bool:
    """Return whether a graph, as JSON, has the word `env` at all."""
    return _WORD.search(graph) is not None


def list_named_in_graph(graph: Mapping[str, Any]) -> frozenset[str]:
    """Return the names that expressions of a stored graph read, also of one that cannot be compiled."""
    sources = (source for node in graph.get("nodes", ()) for source in _list_sources(node.get("properties", {})))
    return frozenset(name for source in sources for name in _READ.findall(source))


def _list_reads(binding: Binding) -> Iterator[Path | Reference]:
    """Yield the paths and references of `env` in the binding."""
    match binding:
        case Literal():
            return
        case Path():
            yield from (binding,) if binding.root == ENV else ()
        case Template(parts):
            for part in parts:
                if not isinstance(part, str):
                    yield from _list_reads(part)
        case Composite(shape):
            for item in shape.values() if isinstance(shape, Mapping) else shape:
                yield from _list_reads(item)
        case _:
            yield from _list_references(binding.references.values())


def _list_references(references: Any) -> Iterator[Reference]:
    """Yield the references of `env` among these, and within the steps of these."""
    for reference in references:
        if reference.root == ENV:
            yield reference
        yield from _list_references(step for step in reference.steps if isinstance(step, Reference))


def _describe_read(read: Path | Reference) -> EnvNames:
    if read.steps and isinstance(read.steps[0], str):
        return EnvNames(needed=frozenset((read.steps[0],)))
    if isinstance(read, Reference) and read.use in ("has", "field") and not read.steps:
        return EnvNames(optional=frozenset((read.field,)))
    return EnvNames(is_whole=True)


def _list_sources(value: Any) -> Iterator[str]:
    """Yield the expressions in a saved value, as they are written."""
    if is_expression(value):
        yield value["expression"]
    elif isinstance(value, str):
        try:
            yield from (segment.source for segment in find_segments(value))
        except ExpressionError:  # it is not closed: then nothing runs it
            return
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _list_sources(item)
