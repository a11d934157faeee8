"""Text helpers for expressions, with bounds: CEL's own extension has none on `replace`."""

from collections.abc import Callable
from typing import Any

from cel_expr_python import cel
from pydantic_core import to_json

MAX_TEXT_CHARACTERS = 1_000_000

T = cel.Type


def _check_length(text: str) -> str:
    if len(text) > MAX_TEXT_CHARACTERS:
        raise ValueError(f"a text may have {MAX_TEXT_CHARACTERS:,} characters")
    return text


def replace(text: str, old: str, new: str) -> str:
    # The length is known before the work is done, so that nothing large is ever built.
    if old and len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT_CHARACTERS:
        raise ValueError(f"a text may have {MAX_TEXT_CHARACTERS:,} characters")
    return _check_length(text.replace(old, new)) if old else text


def split(text: str, separator: str) -> list[str]:
    return text.split(separator) if separator else list(text[:10_000])


def join(items: list[Any], separator: str) -> str:
    texts = [item if isinstance(item, str) else to_json(item).decode() for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_TEXT_CHARACTERS:
        raise ValueError(f"a text may have {MAX_TEXT_CHARACTERS:,} characters")
    return separator.join(texts)


def _declare_text_function(
    name: str, parameters: int, impl: Callable[..., Any], returns: Any = T.STRING
) -> cel.FunctionDecl:
    overload = cel.Overload(
        id=f"{name}_text", return_type=returns, parameters=[T.STRING] * parameters, is_member=True, impl=impl
    )
    return cel.FunctionDecl(name, [overload])


FUNCTIONS = [
    _declare_text_function("replace", 3, replace),
    _declare_text_function("upper", 1, lambda text: _check_length(text.upper())),
    _declare_text_function("lower", 1, lambda text: _check_length(text.lower())),
    _declare_text_function("trim", 1, str.strip),
    _declare_text_function("split", 2, split, T.List(T.STRING)),
    cel.FunctionDecl(
        "join",
        [cel.Overload(id="join_list", return_type=T.STRING, parameters=[T.LIST, T.STRING], is_member=True, impl=join)],
    ),
]
