"""CEL behind one small door: compile a source to a program, evaluate it over named variables.

Pure: no Django, no I/O. Nothing here reaches an attribute of a Python object: expressions see JSON only.
CEL-C++ bounds its own work (recursion depth, iteration budget, RE2 patterns); sizes are bounded here.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional
from pydantic_core import to_json

from actions.contract.json_values import NoJsonValue, build_json_value

MAX_SOURCE_CHARACTERS = 2_000
MAX_RESULT_CHARACTERS = 2_000_000
MAX_FUNCTION_CHARACTERS = 1_000_000
"""Of a text that one of our own functions makes: CEL's text extension has no bound on `replace`."""
FUNCTIONS_HINT = "There are size, contains, startsWith, endsWith, matches, replace, split, join, trim, upper and lower."

PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d{1,9}\])*", re.ASCII)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]", re.ASCII)
_TOKEN = re.compile(
    r"[rRbB]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')|\.\s*[A-Za-z_]\w*|[A-Za-z_]\w*|.",
    re.DOTALL | re.ASCII,
)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_POSITION = re.compile(r"<input>:(\d+):(\d+): (.*)")
_CODE = re.compile(r"^[A-Z_]+: ")


class ExpressionError(Exception):
    """An expression cannot be compiled or gave no value; `column` counts from 1 in its source."""

    def __init__(self, code: str, message: str, hint: str | None = None, column: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.column = column


@dataclass(frozen=True, slots=True)
class Path:
    """A bare path such as `message.text`: looked up directly, without CEL."""

    source: str
    root: str
    steps: tuple[str | int, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset((self.root,))

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        """Return the value with its type; raises ExpressionError `missing_value` naming the part that is absent."""
        if self.root not in variables:
            raise _build_missing_error(self.source, self.root)
        value = variables[self.root]
        for step in self.steps:
            value = _descend(value, step, self.source)
        return value


@dataclass(frozen=True, slots=True)
class Program:
    """A compiled CEL expression; `names` are the variables it reads, and all that it is given."""

    source: str
    names: frozenset[str]
    expression: Any

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        """Return plain JSON; raises ExpressionError when a variable is absent or CEL reports an error."""
        for name in self.names:
            if name not in variables:
                raise _build_missing_error(self.source, name)
        data = {name: to_plain_json(variables[name]) for name in self.names}
        try:
            result = self.expression.eval(data=data)
        except (RuntimeError, MemoryError, ValueError, OverflowError, TypeError) as error:
            raise _build_runtime_error(self.source, str(error)) from None
        if result.type() == cel.Type.ERROR:
            raise _build_runtime_error(self.source, str(result.value()))
        return _build_result(result.plain_value(), self.source)


Compiled = Path | Program


def compile_expression(source: str, scope: Iterable[str]) -> Compiled:
    """Return what evaluates `source`; raises ExpressionError with a column when it cannot be used.

    `scope` names the variables that may be read. A name outside it is refused with the nearest ones. What is not judged
    here is whether the result may be an optional, which must not be evaluated: `bindings` does that.
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
        return _compile_path(source, names)
    return _compile_program(source, names & frozenset(_find_roots(source)), names)


def is_path(source: str) -> bool:
    """Return whether an expression is nothing but a path; `true`, `false` and `null` are values of CEL."""
    return PATH.fullmatch(source) is not None and source not in ("true", "false", "null")


def to_plain_json(value: Any) -> Any:
    """Return `value` as JSON of plain types, as CEL wants it: its dictionaries may have no subclass."""
    if isinstance(value, Mapping):
        return {key: to_plain_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [to_plain_json(item) for item in value]
    return value


def build_unknown_name_error(name: str, scope: Iterable[str], column: int | None = None) -> ExpressionError:
    nearest = get_close_matches(name, list(scope), n=2, cutoff=0.5)
    hint = f"Nearest: {', '.join(nearest)}." if nearest else "No variable of that name is set before this node."
    return ExpressionError("unknown_variable", f"No variable {name!r}.", hint, column)


def _compile_path(source: str, scope: frozenset[str]) -> Path:
    root = _NAME.match(source)
    assert root is not None  # PATH begins with a name
    if root[0] not in scope:
        raise build_unknown_name_error(root[0], scope, 1)
    steps = tuple(key or int(index) for key, index in _STEP.findall(source[root.end() :]))
    return Path(source, root[0], steps)


@lru_cache(maxsize=4096)
def _compile_program(source: str, names: frozenset[str], scope: frozenset[str]) -> Program:
    env = cel.NewEnv(
        variables=dict.fromkeys(names, cel.Type.DYN),
        extensions=[ext_optional.ExtOptional()],
        functions=_FUNCTIONS,
    )
    try:
        return Program(source, names, env.compile(source))
    except RuntimeError as error:
        raise _build_compile_error(source, str(error), scope) from None


def _build_compile_error(source: str, text: str, scope: frozenset[str]) -> ExpressionError:
    position_match = _POSITION.search(text)
    if not position_match:
        return ExpressionError("invalid_expression", "The expression is nested too deeply or cannot be read.")
    column, message = int(position_match[2]), position_match[3]
    undeclared = re.match(r"undeclared reference to '([^'.]*)", message)
    if undeclared and source[column - 1 : column] == "(":
        return ExpressionError("unknown_function", f"No function {undeclared[1]!r}.", FUNCTIONS_HINT, column)
    if undeclared:
        return build_unknown_name_error(undeclared[1], scope, column)
    return ExpressionError("invalid_expression", f"{_format_sentence(message)} At column {column}.", None, column)


def _format_sentence(message: str) -> str:
    text = message.removeprefix("Syntax error: ").split(" expecting {")[0].strip()
    return text[:1].upper() + text[1:].rstrip(".") + "."


def _build_runtime_error(source: str, text: str) -> ExpressionError:
    text = _CODE.sub("", text).split("\n")[0][:200]
    missing = re.match(r'Key not found in map : "?([^"]*)"?', text)
    if missing:
        return ExpressionError(
            "missing_value",
            f"{source!r}: there is no {missing[1]!r}.",
            "Use has() or .? where a field may be absent.",
        )
    return ExpressionError("expression_failed", f"{source!r}: {text.rstrip('.')}.")


def _build_missing_error(source: str, name: str) -> ExpressionError:
    return ExpressionError(
        "missing_value",
        f"{source!r}: variable {name!r} has no value yet.",
        "A node that sets it must run before this one.",
    )


def _descend(value: Any, step: str | int, source: str) -> Any:
    if isinstance(step, str) and isinstance(value, Mapping) and step in value:
        return value[step]
    if isinstance(step, int) and isinstance(value, list) and step < len(value):
        return value[step]
    raise ExpressionError(
        "missing_value", f"{source!r}: there is no {step!r}.", "Use has() or .? where a field may be absent."
    )


def _build_result(value: Any, source: str) -> Any:
    """Return what the expression gave as a value that a flow carries; raises ExpressionError when it is none."""
    if isinstance(value, str) and len(value) > MAX_RESULT_CHARACTERS:
        raise ExpressionError("value_too_large", f"{source!r} gave a text of {len(value):,} characters.")
    try:
        return build_json_value(value)
    except NoJsonValue as error:
        message, hint = f"{source!r} gave no JSON value: {error}.", "Choose another value for this case, with ? and :."
        raise ExpressionError("not_json", message, hint) from None


def _find_roots(source: str) -> Iterable[str]:
    """Yield the names that may be variables: not after a dot, not a function, not inside a string."""
    for match in _TOKEN.finditer(source):
        token = match[0]
        if _NAME.fullmatch(token):
            yield token


def _check_length(text: str) -> str:
    if len(text) > MAX_FUNCTION_CHARACTERS:
        raise ValueError(f"a text may have {MAX_FUNCTION_CHARACTERS:,} characters")
    return text


def _replace(text: str, old: str, new: str) -> str:
    # The length is known before the work is done, so that nothing large is ever built.
    if old and len(text) + text.count(old) * (len(new) - len(old)) > MAX_FUNCTION_CHARACTERS:
        raise ValueError(f"a text may have {MAX_FUNCTION_CHARACTERS:,} characters")
    return _check_length(text.replace(old, new)) if old else text


def _split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else list(text[:10_000])


def _join(items: list[Any], separator: str) -> str:
    texts = [item if isinstance(item, str) else to_json(item).decode() for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_FUNCTION_CHARACTERS:
        raise ValueError(f"a text may have {MAX_FUNCTION_CHARACTERS:,} characters")
    return separator.join(texts)


def _declare_text_function(
    name: str, parameters: int, impl: Callable[..., Any], returns: Any = cel.Type.STRING
) -> cel.FunctionDecl:
    overload = cel.Overload(
        id=f"{name}_text", return_type=returns, parameters=[cel.Type.STRING] * parameters, is_member=True, impl=impl
    )
    return cel.FunctionDecl(name, [overload])


_FUNCTIONS = [
    _declare_text_function("replace", 3, _replace),
    _declare_text_function("upper", 1, lambda text: _check_length(text.upper())),
    _declare_text_function("lower", 1, lambda text: _check_length(text.lower())),
    _declare_text_function("trim", 1, str.strip),
    _declare_text_function("split", 2, _split, cel.Type.List(cel.Type.STRING)),
    cel.FunctionDecl(
        "join",
        [
            cel.Overload(
                id="join_list",
                return_type=cel.Type.STRING,
                parameters=[cel.Type.LIST, cel.Type.STRING],
                is_member=True,
                impl=_join,
            )
        ],
    ),
]
