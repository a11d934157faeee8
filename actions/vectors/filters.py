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
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_FILTER_CHARACTERS = 2_000
MAX_COMPARISONS = 50
MAX_DEPTH = 20
NAME_FIELD = "document"
"""The field that every chunk has: the name of its document."""

Mask: TypeAlias = "NDArray[np.bool_]"


@dataclass(frozen=True, slots=True)
class FieldValues:
    """A field of many chunks: its different values, and for each chunk which of them it has."""

    different: Sequence[Any]
    which: "NDArray[np.intp]"


Column = Callable[[str], FieldValues]

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

    @property
    def fields(self) -> frozenset[str]:
        """The fields that it compares."""

    def mask(self, column: Column, count: int) -> Mask:
        """Return for each of `count` chunks whether it passes."""


def parse_filter(source: str, values: Mapping[str, Any] | None = None) -> Filter:
    """Return the filter that `source` says; raises FilterError with the column of what is wrong.

    `values` are what `$name` stands for; without them any name is taken, to check a filter before a run.
    """
    if len(source) > MAX_FILTER_CHARACTERS:
        raise FilterError(f"The filter is longer than {MAX_FILTER_CHARACTERS:,} characters.", MAX_FILTER_CHARACTERS)
    return _Parser(list(_tokenize(source)), values).parse()


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class _Comparison:
    field: str
    test: Callable[[Any], bool]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset((self.field,))

    def mask(self, column: Column, count: int) -> Mask:
        import numpy as np

        values = column(self.field)
        passes = np.fromiter(map(self.test, values.different), np.bool_, len(values.different))
        mask: Mask = passes[values.which]
        return mask


@dataclass(frozen=True, slots=True)
class _Conjunction:
    parts: tuple[Filter, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields for part in self.parts))

    def mask(self, column: Column, count: int) -> Mask:
        return reduce(operator.and_, (part.mask(column, count) for part in self.parts))


@dataclass(frozen=True, slots=True)
class _Disjunction:
    parts: tuple[Filter, ...]

    @property
    def fields(self) -> frozenset[str]:
        return frozenset().union(*(part.fields for part in self.parts))

    def mask(self, column: Column, count: int) -> Mask:
        return reduce(operator.or_, (part.mask(column, count) for part in self.parts))


@dataclass(frozen=True, slots=True)
class _Negation:
    part: Filter

    @property
    def fields(self) -> frozenset[str]:
        return self.part.fields

    def mask(self, column: Column, count: int) -> Mask:
        return ~self.part.mask(column, count)


class _Parser:
    """Reads by descent: or, and, not, comparison. Every way down is counted."""

    def __init__(self, tokens: list[_Token], values: Mapping[str, Any] | None) -> None:
        self._tokens = tokens
        self._values = values
        self._at = 0
        self._depth = 0
        self._comparisons = 0

    def parse(self) -> Filter:
        result = self._parse_or()
        if self._next.kind != "end":
            raise FilterError(f"{self._next.text!r} does not belong here; join comparisons with and, or", self._column)
        return result

    def _parse_or(self) -> Filter:
        parts = [self._parse_and()]
        while self._take("or"):
            parts.append(self._parse_and())
        return parts[0] if len(parts) == 1 else _Disjunction(tuple(parts))

    def _parse_and(self) -> Filter:
        parts = [self._parse_not()]
        while self._take("and"):
            parts.append(self._parse_not())
        return parts[0] if len(parts) == 1 else _Conjunction(tuple(parts))

    def _parse_not(self) -> Filter:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FilterError(f"The filter is deeper than {MAX_DEPTH} levels", self._column)
        result = self._parse_group()
        self._depth -= 1
        return result

    def _parse_group(self) -> Filter:
        if self._take("not"):
            return _Negation(self._parse_not())
        if self._take("("):
            result = self._parse_or()
            self._expect(")")
            return result
        return self._parse_comparison()

    def _parse_comparison(self) -> Filter:
        self._comparisons += 1
        if self._comparisons > MAX_COMPARISONS:
            raise FilterError(f"The filter has more than {MAX_COMPARISONS} comparisons", self._column)
        field = self._advance()
        if field.kind != "name" or field.text in WORDS:
            raise FilterError(f"Here a field is expected, not {_show_token(field)}", field.column)
        return _Comparison(field.text, self._parse_test())

    def _parse_test(self) -> Callable[[Any], bool]:
        token = self._advance()
        if token.text == "not" and self._next.text == "in":
            self._advance()
            is_member = _build_membership(self._parse_list())
            return lambda value: not is_member(value)
        if token.text == "in":
            return _build_membership(self._parse_list())
        if token.text in ("contains", "starts_with"):
            return _build_text_test(token.text, self._parse_value())
        if token.kind == "op":
            return _build_comparison(token, self._parse_value())
        expected = "==, !=, <, <=, >, >=, in, not in, contains or starts_with"
        raise FilterError(f"Here {expected} is expected, not {_show_token(token)}", token.column)

    def _parse_list(self) -> list[Any]:
        if self._next.kind == "value":
            column, values = self._column, self._parse_value()
            if self._values is not None and not isinstance(values, list):
                raise FilterError("The value behind in is not a list", column)
            return values if isinstance(values, list) else []
        self._expect("[")
        values = [self._parse_value()]
        while self._take(","):
            values.append(self._parse_value())
        self._expect("]")
        return values

    def _parse_value(self) -> Any:
        token = self._advance()
        if token.kind == "text":
            return _unquote(token)
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        if token.kind == "value":
            return None if self._values is None else _look_up(self._values, token)
        if token.text in CONSTANTS:
            return CONSTANTS[token.text]
        hint = "; a text stands in quotes" if token.kind == "name" else ""
        raise FilterError(f"Here a value is expected, not {_show_token(token)}{hint}", token.column)

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
            raise FilterError(f"Here {text!r} is expected, not {_show_token(self._next)}", self._column)


def _tokenize(source: str) -> Iterator[_Token]:
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


def _unquote(token: _Token) -> str:
    """Return the text between the quotes, with the escapes of JSON."""
    inner = token.text[1:-1]
    body = inner.replace("\\'", "'").replace('"', '\\"') if token.text[0] == "'" else inner
    try:
        return str(json.loads(f'"{body}"', strict=False))
    except ValueError:
        raise FilterError("The text holds an escape that is not one of JSON", token.column) from None


def _look_up(values: Mapping[str, Any], token: _Token) -> Any:
    result: Any = values
    for name in token.text[1:].split("."):
        if not isinstance(result, Mapping) or name not in result:
            raise FilterError(f"There is no value {token.text[:60]!r} among the filter's values", token.column)
        result = result[name]
    if isinstance(result, Mapping):
        raise FilterError(f"The value {token.text[:60]!r} is an object; name one of its fields", token.column)
    return result


def _build_comparison(token: _Token, wanted: Any) -> Callable[[Any], bool]:
    if token.text == "==":
        return lambda value: _is_equal(value, wanted)
    if token.text == "!=":
        return lambda value: not _is_equal(value, wanted)
    compare = OPERATORS[token.text]
    return lambda value: _can_compare(value, wanted) and bool(compare(value, wanted))


def _is_equal(value: Any, wanted: Any) -> bool:
    # In Python true is 1; here it is not.
    return isinstance(value, bool) == isinstance(wanted, bool) and bool(value == wanted)


def _can_compare(value: Any, wanted: Any) -> bool:
    if isinstance(value, bool) or isinstance(wanted, bool):
        return False
    numbers = isinstance(value, int | float) and isinstance(wanted, int | float)
    return numbers or (isinstance(value, str) and isinstance(wanted, str))


def _build_membership(values: list[Any]) -> Callable[[Any], bool]:
    return lambda value: any(_is_equal(value, wanted) for wanted in values)


def _build_text_test(operator: str, wanted: Any) -> Callable[[Any], bool]:
    """Test a text for a part of it; a list contains what is one of its items."""
    if operator == "starts_with":
        return lambda value: isinstance(value, str) and isinstance(wanted, str) and value.startswith(wanted)

    def contains(value: Any) -> bool:
        if isinstance(value, list):
            return any(_is_equal(item, wanted) for item in value)
        return isinstance(value, str) and isinstance(wanted, str) and wanted in value

    return contains


def _show_token(token: _Token) -> str:
    return "the end" if token.kind == "end" else repr(token.text[:40])
