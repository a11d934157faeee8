"""How an expression fails, when it is checked and when it is evaluated. Pure."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

FUNCTIONS_HINT = "There are size, contains, startsWith, endsWith, matches, replace, split, join, trim, upper and lower."

UNSET_REFERENCE = "unset_reference"
"""The code of an error whose message is the name of a reference that has no value."""

_UNSET = re.compile(r'No value with name "(@\d+)"')
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


class LargeEvaluation(Exception):
    """An evaluation may cost too much to be made at once: `expressions.evaluator` makes it. No error of anybody.

    Its argument is the program, so that nobody judges again what was judged.
    """


def build_unknown_name_error(name: str, scope: Iterable[str], column: int | None = None) -> ExpressionError:
    nearest = get_close_matches(name, list(scope), n=2, cutoff=0.5)
    hint = f"Nearest: {', '.join(nearest)}." if nearest else "No variable of that name is set before this node."
    return ExpressionError("unknown_variable", f"No variable {name!r}.", hint, column)


def build_compile_error(source: str, text: str, scope: frozenset[str]) -> ExpressionError:
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


def build_runtime_error(source: str, text: str) -> ExpressionError:
    if unset := _UNSET.search(text):
        return ExpressionError(UNSET_REFERENCE, unset[1])
    text = _CODE.sub("", text).split("\n")[0][:200]
    missing = re.match(r'Key not found in map : "?([^"]*)"?', text)
    if missing:
        return ExpressionError(
            "missing_value",
            f"{source!r}: there is no {missing[1]!r}.",
            "Use has() or .? where a field may be absent.",
        )
    return ExpressionError("expression_failed", f"{source!r}: {text.rstrip('.')}.")


def build_missing_error(source: str, name: str) -> ExpressionError:
    return ExpressionError(
        "missing_value",
        f"{source!r}: variable {name!r} has no value yet.",
        "A node that sets it must run before this one.",
    )


def _format_sentence(message: str) -> str:
    text = message.removeprefix("Syntax error: ").split(" expecting {")[0].strip()
    return text[:1].upper() + text[1:].rstrip(".") + "."
