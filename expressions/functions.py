"""What expressions are made of: CEL, its optionals, and the functions for texts. Pure.

CEL-C++ bounds its own work (recursion depth, iteration budget, RE2 patterns); the sizes of texts are bounded here.
"""

from collections.abc import Callable, Iterable
from typing import Any

from cel_expr_python import cel
from cel_expr_python.ext import ext_optional
from pydantic_core import to_json

MAX_FUNCTION_CHARACTERS = 1_000_000
"""Of a text that one of our own functions makes: CEL's text extension has no bound on `replace`."""


def build_environment(names: Iterable[str] = ()) -> cel.Env:
    """Return what compiles and reads expressions over the variables of these names."""
    return cel.NewEnv(
        variables=dict.fromkeys(names, cel.Type.DYN),
        extensions=[ext_optional.ExtOptional()],
        functions=_FUNCTIONS,
    )


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
