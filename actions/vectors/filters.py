"""The language of filters: which chunks a search may find, by their metadata. Pure.

    source == "manual.pdf" and (year >= 2020 or draft != true) and not lang in ["de", "fr"]

A comparison is `field op value` with `==`, `!=`, `<`, `<=`, `>`, `>=`, `in`, `not in`, `contains` or `starts_with`.
A value is a text in quotes, a number, `true`, `false`, `null`, or `$name`: one of the values that travel beside the
filter, so that what a caller sends is never read as a part of the language. A filter becomes no SQL and no code.

A field that a chunk lacks is null. Values of different types are not equal, and none is greater than the other.
"""

import json
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

MAX_FILTER_CHARACTERS = 2_000
MAX_COMPARISONS = 50
MAX_DEPTH = 20

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Values:
    """A field of many chunks: its different values, and for each chunk which of them it has."""

    different: Sequence[Any]
    which: NDArray[np.intp]


Column = Callable[[str], Values]

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<number>-?\d+(?:\.\d+)?(?![\w.]))|"""
    r"""(?P<op>==|!=|<=|>=|<|>)|(?P<mark>[()\[\],])|(?P<value>\$[A-Za-z_]\w*(?:\.\w+)*)|"""
    r"""(?P<name>[A-Za-z_]\w*(?:\.\w+)*))"""
)
CONSTANTS: dict[str, Any] = {"true": True, "false": False, "null": None}
WORDS = frozenset({"and", "or", "not", "in", "contains", "starts_with", *CONSTANTS})
OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class FilterError(ValueError):
    """A filter that cannot be read. `column` counts from 1."""

    def __init__(self, message: str, column: int) -> None:
        super().__init__(f"{message} (column {column})")
        self.column = column


class Filter(Protocol):
    """A filter that has been read."""

    def mask(self, column: Column, count: int) -> Mask:
        """Return for each of `count` chunks whether it passes."""


def parse_filter(source: str, values: Mapping[str, Any] | None = None) -> Filter:
    """Return the filter that `source` says; raises FilterError with the column of what is wrong.

    `values` are what `$name` stands for; without them any name is taken, to check a filter before a run.
    """
    if len(source) > MAX_FILTER_CHARACTERS:
        raise FilterError(f"The filter is longer than {MAX_FILTER_CHARACTERS:,} characters.", MAX_FILTER_CHARACTERS)
    return _Parser(list(_tokens(source)), values).filter()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Compared:
    field: str
    test: Callable[[Any], bool]

    def mask(self, column: Column, count: int) -> Mask:
        values = column(self.field)
        passes = np.fromiter(map(self.test, values.different), np.bool_, len(values.different))
        mask: Mask = passes[values.which]
        return mask


@dataclass(frozen=True, slots=True)
class _All:
    parts: tuple[Filter, ...]

    def mask(self, column: Column, count: int) -> Mask:
        mask: Mask = np.logical_and.reduce([part.mask(column, count) for part in self.parts])
        return mask


@dataclass(frozen=True, slots=True)
class _Any:
    parts: tuple[Filter, ...]

    def mask(self, column: Column, count: int) -> Mask:
        mask: Mask = np.logical_or.reduce([part.mask(column, count) for part in self.parts])
        return mask


@dataclass(frozen=True, slots=True)
class _Not:
    part: Filter

    def mask(self, column: Column, count: int) -> Mask:
        return np.logical_not(self.part.mask(column, count))


class _Parser:
    """Reads by descent: or, and, not, comparison. Every way down is counted."""

    def __init__(self, tokens: list[_Token], values: Mapping[str, Any] | None) -> None:
        self._tokens = tokens
        self._values = values
        self._at = 0
        self._depth = 0
        self._comparisons = 0

    def filter(self) -> Filter:
        found = self._either()
        if self._next.kind != "end":
            raise FilterError(f"{self._next.text!r} does not belong here; join comparisons with and, or", self._column)
        return found

    def _either(self) -> Filter:
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else _Any(tuple(parts))

    def _both(self) -> Filter:
        parts = [self._negated()]
        while self._take("and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else _All(tuple(parts))

    def _negated(self) -> Filter:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FilterError(f"The filter is deeper than {MAX_DEPTH} levels", self._column)
        found = self._innermost()
        self._depth -= 1
        return found

    def _innermost(self) -> Filter:
        if self._take("not"):
            return _Not(self._negated())
        if self._take("("):
            found = self._either()
            self._expect(")")
            return found
        return self._comparison()

    def _comparison(self) -> Filter:
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            raise FilterError(f"The filter has more than {MAX_COMPARISONS} comparisons", self._column)
        field = self._advance()
        if field.kind != "name" or field.text in WORDS:
            raise FilterError(f"Here a field is expected, not {_shown(field)}", field.column)
        return _Compared(field.text, self._test())

    def _test(self) -> Callable[[Any], bool]:
        token = self._advance()
        if token.text == "not" and self._next.text == "in":
            self._advance()
            inside = _among(self._list())
            return lambda value: not inside(value)
        if token.text == "in":
            return _among(self._list())
        if token.text in ("contains", "starts_with"):
            return _in_text(token.text, self._value())
        if token.kind == "op":
            return _comparing(token, self._value())
        expected = "==, !=, <, <=, >, >=, in, not in, contains or starts_with"
        raise FilterError(f"Here {expected} is expected, not {_shown(token)}", token.column)

    def _list(self) -> list[Any]:
        if self._next.kind == "value":
            column, listed = self._column, self._value()
            if self._values is not None and not isinstance(listed, list):
                raise FilterError("The value behind in is not a list", column)
            return listed if isinstance(listed, list) else []
        self._expect("[")
        values = [self._value()]
        while self._take(","):
            values.append(self._value())
        self._expect("]")
        return values

    def _value(self) -> Any:
        token = self._advance()
        if token.kind == "text":
            return _unquoted(token)
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "value":
            return None if self._values is None else _looked_up(self._values, token)
        if token.text in CONSTANTS:
            return CONSTANTS[token.text]
        hint = "; a text stands in quotes" if token.kind == "name" else ""
        raise FilterError(f"Here a value is expected, not {_shown(token)}{hint}", token.column)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    @property
    def _column(self) -> int:
        return self._next.column

    def _advance(self) -> _Token:
        token = self._next
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _take(self, text: str) -> bool:
        if self._next.text == text and self._next.kind in ("name", "mark"):
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise FilterError(f"Here {text!r} is expected, not {_shown(self._next)}", self._column)


def _tokens(source: str) -> Iterator[_Token]:
    at, end = 0, len(source.rstrip())
    while at < end:
        match = TOKEN.match(source, at)
        if match is None:
            column = at + len(source[at:]) - len(source[at:].lstrip())
            what = (
                "A text without its closing quote" if source[column] in "\"'" else f"{source[column]!r} means nothing"
            )
            raise FilterError(f"{what} in a filter", column + 1)
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind) + 1)
        at = match.end()
    yield _Token("end", "", end + 1)


def _unquoted(token: _Token) -> str:
    """Return the text between the quotes, with the escapes of JSON."""
    inner = token.text[1:-1]
    body = inner.replace("\\'", "'").replace('"', '\\"') if token.text[0] == "'" else inner
    try:
        return str(json.loads(f'"{body}"', strict=False))
    except ValueError:
        raise FilterError("The text holds an escape that is not one of JSON", token.column) from None


def _looked_up(values: Mapping[str, Any], token: _Token) -> Any:
    found: Any = values
    for name in token.text[1:].split("."):
        if not isinstance(found, Mapping) or name not in found:
            raise FilterError(f"There is no value {token.text[:60]!r} among the filter's values", token.column)
        found = found[name]
    if isinstance(found, Mapping):
        raise FilterError(f"The value {token.text[:60]!r} is an object; name one of its fields", token.column)
    return found


def _comparing(token: _Token, wanted: Any) -> Callable[[Any], bool]:
    if token.text == "==":
        return lambda value: _equal(value, wanted)
    if token.text == "!=":
        return lambda value: not _equal(value, wanted)
    compare = OPERATORS[token.text]
    return lambda value: _same_kind(value, wanted) and bool(compare(value, wanted))


def _equal(value: Any, wanted: Any) -> bool:
    # In Python true is 1; here it is not.
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _same_kind(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return False
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    return numbers or (isinstance(value, str) and isinstance(wanted, str))


def _among(values: list[Any]) -> Callable[[Any], bool]:
    return lambda value: any(_equal(value, wanted) for wanted in values)


def _in_text(operator: str, wanted: Any) -> Callable[[Any], bool]:
    """Test a text for a part of it; a list contains what is one of its items."""
    if operator == "starts_with":
        return lambda value: isinstance(value, str) and isinstance(wanted, str) and value.startswith(wanted)

    def contains(value: Any) -> bool:
        if isinstance(value, list):
            return any(_equal(item, wanted) for item in value)
        return isinstance(value, str) and isinstance(wanted, str) and wanted in value

    return contains


def _shown(token: _Token) -> str:
    return "the end" if token.kind == "end" else repr(token.text[:40])
