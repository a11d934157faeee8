"""CEL behind one small door: compile a source to a program, evaluate it over named variables.

Pure: no Django, no I/O. Nothing here reaches an attribute of a Python object: expressions see JSON only.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from expressions.cost import Cost
from expressions.errors import (
    UNSET_REFERENCE,
    ExpressionError,
    LargeEvaluation,
    build_compile_error,
    build_missing_error,
    build_unknown_name_error,
)
from expressions.evaluation import evaluate_checked, is_readable, read_checked
from expressions.functions import build_environment
from expressions.optional_values import has_unread_optional
from expressions.paths import Path, is_path, parse_path
from expressions.references import Reference, find_references

MAX_SOURCE_CHARACTERS = 2_000

_TOKEN = re.compile(
    r"[rRbB]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|\.\s*[A-Za-z_]\w*|[A-Za-z_]\w*|.",
    re.DOTALL | re.ASCII,
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """A compiled CEL expression."""

    source: str
    names: frozenset[str]
    """The variables that it reads."""
    references: Mapping[str, Reference]
    """The values that it is given, by name: these variables, or parts of them."""
    checked: bytes = b""
    """The expression over them, as CEL's checker has left it. Empty for one that is nested too deeply to be read again:
    its references are whole variables."""
    expression: Any = None
    """The same, ready to be evaluated."""
    cost: Cost | None = None

    def evaluate(self, variables: Mapping[str, Any], known: "KnownValues | None" = None) -> Any:
        """Return plain JSON; `known` has what large evaluations gave that were made before.

        Raises ExpressionError when a variable is absent or CEL reports an error, and LargeEvaluation.
        """
        if known and self in known:
            return known[self]
        data, absent = self.look_up(variables)
        if self.cost is None or not self.cost.is_small(data):
            raise LargeEvaluation(self)
        plain = {name: to_plain_json(value) for name, value in data.items()}
        try:
            return evaluate_checked(self.expression, plain, self.source)
        except ExpressionError as error:
            raise self.explain(error, absent) from None

    def iterate_programs(self) -> Iterator["Program"]:
        yield self

    def is_large(self, variables: Mapping[str, Any]) -> bool:
        """Return whether `evaluate` would raise LargeEvaluation; raises ExpressionError when a variable is absent."""
        return self.cost is None or not self.cost.is_small(self.look_up(variables)[0])

    def look_up(self, variables: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, ExpressionError]]:
        """Return the values that the expression is given, by name, and by name why some are absent.

        Raises ExpressionError when a variable is absent.
        """
        for name in self.names:
            if name not in variables:
                raise build_missing_error(self.source, name)
        data: dict[str, Any] = {}
        absent: dict[str, ExpressionError] = {}
        for name, reference in self.references.items():
            try:
                data[name] = reference.look_up(variables, self.source)
            except ExpressionError as error:
                absent[name] = error
        return data, absent

    def explain(self, error: ExpressionError, absent: Mapping[str, ExpressionError]) -> ExpressionError:
        """Return why an evaluation failed: CEL knows only that a value is absent, not what led to it."""
        return absent.get(error.message, error) if error.code == UNSET_REFERENCE else error


KnownValues = Mapping[Program, Any]
Compiled = Path | Program


def compile_expression(source: str, scope: Iterable[str]) -> Compiled:
    """Return what evaluates `source`; raises ExpressionError with a column when it cannot be used.

    `scope` names the variables that may be read. A name outside it is refused with the nearest ones, and so is an
    optional that nothing reads.
    """
    source = source.strip()
    if not source:
        raise ExpressionError("empty_expression", "The expression is empty.", "Pick a variable.")
    if len(source) > MAX_SOURCE_CHARACTERS:
        raise ExpressionError(
            "expression_too_long",
            f"The expression has {len(source):,} characters; {MAX_SOURCE_CHARACTERS:,} are allowed.",
        )
    names = frozenset(scope)
    if is_path(source):
        path = parse_path(source)
        if path.root not in names:
            raise build_unknown_name_error(path.root, names, 1)
        return path
    return _compile_program(source, names & frozenset(_find_roots(source)), names)


def to_plain_json(value: Any) -> Any:
    """Return `value` as JSON of plain types, as CEL wants it: its dictionaries may have no subclass."""
    if isinstance(value, Mapping):
        return {key: to_plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_json(item) for item in value]
    return value


@lru_cache(maxsize=4096)
def _compile_program(source: str, names: frozenset[str], scope: frozenset[str]) -> Program:
    try:
        checked = build_environment(names).compile(source).serialize()
    except RuntimeError as error:
        raise build_compile_error(source, str(error), scope) from None
    if has_unread_optional(checked):
        message = "A value that may be absent, from .? or optional, is used without saying what counts then."
        raise ExpressionError("unread_optional", message, 'Add .orValue(…) behind it, such as .orValue("").')
    if not is_readable(checked):
        return Program(source, names, {name: Reference(name) for name in names})
    rewritten, references = find_references(checked, names)
    return Program(source, names, references, rewritten, read_checked(rewritten), Cost(rewritten))


def _find_roots(source: str) -> Iterable[str]:
    """Yield the names that may be variables: not after a dot, not a function, not inside a string."""
    for match in _TOKEN.finditer(source):
        token = match[0]
        if _NAME.fullmatch(token):
            yield token
