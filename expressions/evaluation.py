"""Evaluates a checked expression over plain JSON, in whichever process. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from actions.contract.json_values import NoJsonValue, build_json_value
from expressions.errors import ExpressionError, build_runtime_error
from expressions.functions import build_environment

MAX_RESULT_CHARACTERS = 2_000_000
BAD_ALLOC = "bad_alloc"
"""How CEL says that there is no more memory."""


@lru_cache(maxsize=1)
def _build_reader() -> cel.Env:
    return build_environment()


def read_checked(checked: bytes) -> Any:
    """Return the expression of what CEL has serialized, ready to be evaluated."""
    return _build_reader().deserialize(checked)


def is_readable(checked: bytes) -> bool:
    """Return whether what CEL has serialized is nested so little that it can be read again."""
    try:
        read_checked(checked)
    except RuntimeError:
        return False
    return True


def evaluate_checked(expression: Any, data: Mapping[str, Any], source: str) -> Any:
    """Return what the expression gives, as a value that a flow carries.

    Raises ExpressionError when it is none, and MemoryError.
    """
    try:
        result = expression.eval(data=data)
        if result.type() == cel.Type.ERROR:
            raise build_runtime_error(source, str(result.value()))
        value = result.plain_value()
    except (RuntimeError, ValueError, OverflowError, TypeError) as error:
        if BAD_ALLOC in str(error):
            raise MemoryError from None
        raise build_runtime_error(source, str(error)) from None
    if isinstance(value, str) and len(value) > MAX_RESULT_CHARACTERS:
        raise ExpressionError("value_too_large", f"{source!r} gave a text of {len(value):,} characters.")
    try:
        return build_json_value(value)
    except NoJsonValue as error:
        message, hint = f"{source!r} gave no JSON value: {error}.", "Choose another value for this case, with ? and :."
        raise ExpressionError("not_json", message, hint) from None
