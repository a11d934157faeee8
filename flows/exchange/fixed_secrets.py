"""Finds the secrets that a builder wrote into the properties of a node. Pure."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from expressions.errors import ExpressionError
from flows.engine.secret_values import is_secret_name
from flows.graph.bindings import find_segments, is_expression, read_bare_path

_NAMED = re.compile(r"""["']([\w-]{1,200}+)["']++[\s)]*+:""", re.ASCII)
"""A name of an object in an expression, up to its colon."""
_SIGN = re.compile(r"""(?:""|'')|["'\[\](){},]""")
"""An empty text, or a sign that begins a text or is between the parts of an expression."""
_SCHEMA_WORDS = frozenset(
    ("type", "title", "description", "format", "pattern", "minLength", "maxLength", "writeOnly", "$ref")
)
"""The keywords of a JSON Schema that hold no value of what it describes."""


class FixedSecret(NamedTuple):
    """A value that holds a secret, and its place."""

    path: list[str | int]
    holder: Any
    """The object or the list that the value is in, under the last key of the path."""

    @property
    def value(self) -> Any:
        return self.holder[self.path[-1]]

    @property
    def name(self) -> str:
        """The last name on the way to it."""
        return next(key for key in reversed(self.path) if isinstance(key, str))

    def take_out(self) -> None:
        """Remove the value; in a list, where the others keep their places, null stays."""
        if isinstance(self.holder, dict):
            del self.holder[self.path[-1]]
        else:
            self.holder[self.path[-1]] = None


def find_fixed_secrets(properties: dict[str, Any]) -> Iterator[FixedSecret]:
    """Yield each value under the name of a secret, unless it only refers to values of a run.

    An expression that writes a text beside such a name is one as a whole.
    """
    return _find(properties, [])


def _find(value: dict[str, Any] | list[Any], path: list[str | int]) -> Iterator[FixedSecret]:
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        way = [*path, key]
        if _is_secret(key, item, is_in_schema=path[-1:] == ["properties"]) or _writes_secret(item):
            yield FixedSecret(way, value)
        elif isinstance(item, dict | list):
            yield from _find(item, way)


def _is_secret(name: str | int, value: Any, *, is_in_schema: bool) -> bool:
    if is_in_schema and isinstance(value, dict) and value.keys() <= _SCHEMA_WORDS:
        return False  # it describes a secret that the flow takes
    return is_secret_name(name) and _is_written(value)


def _is_written(value: Any) -> bool:
    """Return whether anything in the value is more than a reference, such as `{{ message.text }}`."""
    if isinstance(value, str) or is_expression(value):
        return bool(value) and read_bare_path(value) is None
    if isinstance(value, dict | list):
        return any(map(_is_written, value.values() if isinstance(value, dict) else value))
    return value is not None and not isinstance(value, bool)


def _writes_secret(value: Any) -> bool:
    """Return whether the value is an expression, or a text with one, that writes a text beside the name of a secret."""
    names = ((source, match) for source in _list_sources(value) for match in _NAMED.finditer(source))
    return any(is_secret_name(match[1]) and _has_text(source, match.end()) for source, match in names)


def _list_sources(value: Any) -> list[str]:
    if is_expression(value):
        return [value["expression"]]
    if not isinstance(value, str) or "{{" not in value:
        return []
    try:
        return [segment.inner for segment in find_segments(value)]
    except ExpressionError:  # it does not run, but it may hold a secret
        return [value]


def _has_text(source: str, start: int) -> bool:
    """Return whether the part of an expression that begins here has a text in it, before its comma or bracket."""
    depth = 0
    for match in _SIGN.finditer(source, start):
        sign = match[0]
        if sign in ('"', "'"):
            return True
        depth += (sign in ("[", "(", "{")) - (sign in ("]", ")", "}"))
        if depth < 0 or (sign == "," and depth == 0):
            return False
    return False
