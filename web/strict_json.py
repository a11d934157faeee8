"""Parses JSON strictly: a body that two parsers could understand differently is refused. Knows no request, no view."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from actions.contract.errors import DomainError
from actions.contract.json_values import NoJsonValue, parse_float, parse_integer
from actions.contract.sizes import MEGABYTE, format_size

JsonValue = None | bool | int | float | str | list["JsonValue"] | dict[str, "JsonValue"]

# An unclosed string matches to the end of the body, so that no part of a body is scanned twice.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)
_BRACKET_STEPS = bytes(1 if char in b"[{" else 0 for char in range(256))
_NOT_BRACKETS = bytes(char for char in range(256) if char not in b"[]{}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How large and how deep a body may be."""

    bytes: int = MEGABYTE
    depth: int = 32
    """The most levels of arrays and objects."""


USUAL_LIMITS = Limits()
GRAPH_LIMITS = Limits(bytes=5 * MEGABYTE)
START_LIMITS = Limits(bytes=32 * MEGABYTE)
"""Of a call that starts a run: the files that a chat completion takes, and a prompt."""
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def parse_json(body: bytes, limits: Limits = USUAL_LIMITS) -> JsonValue:
    """Return the value of `body`. Raises DomainError: `too_large`, or `malformed` when the body is ambiguous.

    Beyond what the standard forbids, these are refused: two equal keys in one object, numbers that a float or a 64-bit
    integer cannot hold, NUL and lone surrogates in texts, and nesting deeper than `limits.depth`. A byte order mark
    before the value is skipped.
    """
    if len(body) > limits.bytes:
        raise DomainError("too_large", "body_too_large", f"The body is larger than {format_size(limits.bytes)}.")
    if _measure_depth(body) > limits.depth:
        raise DomainError("malformed", "too_deep", f"The JSON is nested more than {limits.depth} levels deep.")
    value: JsonValue = _parse(body)
    # Parsing refuses a raw NUL or surrogate; only an escape can still contain one.
    if b"\\u" in body:
        _check_characters(value, "")
    return value


def parse_object(body: bytes, limits: Limits = USUAL_LIMITS) -> dict[str, JsonValue]:
    """Return the object of `body`. Raises DomainError as `parse_json` does, and for any other kind of value."""
    value = parse_json(body, limits)
    if not isinstance(value, dict):
        raise _build_invalid_json("The body is not a JSON object.")
    return value


def _measure_depth(body: bytes) -> int:
    brackets = _STRING.sub(b"", body).translate(None, _NOT_BRACKETS).translate(_BRACKET_STEPS)
    return max(accumulate(1 if opens else -1 for opens in brackets), default=0)


def _parse(body: bytes) -> Any:
    try:
        return json.loads(
            body.removeprefix(_BYTE_ORDER_MARK).decode("utf-8"),
            object_pairs_hook=_refuse_duplicate_keys,
            parse_int=parse_integer,
            parse_float=parse_float,
            parse_constant=parse_float,
        )
    except NoJsonValue as error:
        raise DomainError("malformed", "bad_number", f"The body cannot be used: {error}.") from None
    except UnicodeDecodeError as error:
        raise _build_invalid_json("The body is not UTF-8.") from error
    except json.JSONDecodeError as error:
        raise _build_invalid_json(
            f"The body is not JSON: {error.msg}, line {error.lineno}, column {error.colno}."
        ) from error


def _refuse_duplicate_keys(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    unique = dict(pairs)
    if len(unique) < len(pairs):
        key = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
        raise DomainError("malformed", "duplicate_key", f"The key {key[:100]!r} occurs twice in one object.")
    return unique


def _check_characters(value: JsonValue, path: str) -> None:
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_characters(item, f"{path}.{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, path)
            _check_characters(item, f"{path}.{key}")


def _check_text(text: str, path: str) -> None:
    for char in text:
        if char == "\x00" or "\ud800" <= char <= "\udfff":
            message = f"A text contains the character U+{ord(char):04X}, which cannot be stored."
            raise DomainError("malformed", "bad_character", message, field=path.lstrip(".")[:200] or None)


def _build_invalid_json(message: str) -> DomainError:
    return DomainError("malformed", "invalid_json", message)
