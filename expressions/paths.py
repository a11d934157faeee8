"""A bare path such as `message.text`: looked up directly, without CEL. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from expressions.errors import ExpressionError, build_missing_error

PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Path:
    """A variable, and the way to a value within it."""

    source: str
    root: str
    steps: tuple[str | int, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.root,))

    def evaluate(self, variables: Mapping[str, Any], known: Any = None) -> Any:
        """Return the value with its type; raises ExpressionError `missing_value` naming the part that is absent."""
        if self.root not in variables:
            raise build_missing_error(self.source, self.root)
        value = variables[self.root]
        for step in self.steps:
            value = descend(value, step, self.source)
        return value

    def iterate_programs(self) -> Iterator[Any]:
        """Return nothing: CEL has no part in a path."""
        return iter(())


def is_path(source: str) -> bool:
    """Return whether an expression is nothing but a path; `true`, `false` and `null` are values of CEL."""
    return PATH.fullmatch(source) is not None and source not in ("true", "false", "null")


def parse_path(source: str) -> Path:
    """Return the path that a source is, of which `is_path` holds."""
    root = _NAME.match(source)
    assert root is not None  # a path begins with a name
    steps = tuple(key or int(index) for key, index in _STEP.findall(source[root.end() :]))
    return Path(source, root[0], steps)


def descend(value: Any, step: str | int, source: str) -> Any:
    """Return the part of `value` that a step of a path names; raises ExpressionError `missing_value`."""
    if isinstance(step, str) and isinstance(value, Mapping) and step in value:
        return value[step]
    if isinstance(step, int) and isinstance(value, list) and 0 <= step < len(value):
        return value[step]
    raise ExpressionError(
        "missing_value", f"{source!r}: there is no {step!r}.", "Use has() or .? where a field may be absent."
    )
