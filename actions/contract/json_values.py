"""The values that a flow carries: JSON that every parser reads alike. Says what that is, and brings values into it.

Pure. Whatever enters a flow from outside goes through one of the two functions here: a text that is to be JSON through
`parse_json_value`, an object of Python through `build_json_value`. The bodies of requests are judged more strictly, by
`web.strict_json`, because their sender can mend them.
"""

import json
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1
"""The smallest and the largest whole number: what expressions and databases hold."""
MAX_DEPTH = 100
"""The most levels of lists and objects."""
MAX_INTEGER_DIGITS = 19

_BAD_CHARACTER = re.compile("[\x00\ud800-\udfff]")


class NoJsonValue(ValueError):
    """A value is not one that a flow can carry. The message is the end of a sentence: `it is not JSON`."""


def parse_json_value(text: str | bytes) -> Any:
    """Return the value of a JSON text that came from outside, as `build_json_value` would.

    Of two equal keys in an object the last one counts. Raises NoJsonValue, also for numbers that cannot be carried.
    """
    try:
        value = json.loads(text, parse_int=parse_integer, parse_float=parse_float, parse_constant=parse_float)
    except json.JSONDecodeError as error:
        what = error.msg.lower().removesuffix(" at")
        raise NoJsonValue(f"it is not JSON: {what} at line {error.lineno}, column {error.colno}") from None
    except UnicodeDecodeError:
        raise NoJsonValue("it is not JSON: it is not text in UTF-8") from None
    except RecursionError:
        raise _build_too_deep() from None
    return build_json_value(value)


def build_json_value(value: Any) -> Any:
    """Return `value` as JSON of plain types: None, bool, int, float, str, list and dict.

    The characters that no store takes, U+0000 and lone surrogates, become U+FFFD. Keys become texts. Bytes become text
    of UTF-8, a time RFC 3339, and a duration seconds, as in `3600s`. Of any other object its text counts. Raises
    NoJsonValue for a number that is infinite, no number or beyond 64 bits, for two keys that become equal, and for
    nesting deeper than MAX_DEPTH.
    """
    return _build(value, 0)


def parse_integer(digits: str) -> int:
    """Return a whole number of JSON. Raises NoJsonValue when it is beyond 64 bits."""
    # The length is checked first, because converting a text of many digits to a number takes long.
    if len(digits.lstrip("-")) > MAX_INTEGER_DIGITS:
        raise NoJsonValue(f"the number {_shorten(digits)} is beyond 64 bits")
    return _check_integer(int(digits))


def parse_float(digits: str) -> float:
    """Return a fraction of JSON. Raises NoJsonValue for one too large, and for `NaN`, `Infinity` and `-Infinity`."""
    number = float(digits)
    if not math.isfinite(number):
        raise NoJsonValue(f"JSON has no number {_shorten(digits)}")
    return number


def replace_bad_characters(text: str) -> str:
    """Return `text` with U+FFFD for each U+0000 and each lone surrogate, and with the pairs of surrogates joined."""
    if _BAD_CHARACTER.search(text) is None:
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\x00", "\ufffd")


def _build(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return replace_bad_characters(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return _check_integer(value)
    if isinstance(value, float):
        return _check_float(value)
    if isinstance(value, Mapping | list | tuple):
        return _build_structure(value, depth + 1)
    return _build_text(value)


def _build_structure(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise _build_too_deep()
    if not isinstance(value, Mapping):
        return [_build(item, depth) for item in value]
    built = {_build_key(key): _build(item, depth) for key, item in value.items()}
    if len(built) < len(value):
        raise NoJsonValue("two keys of an object are the same text")
    return built


def _build_key(key: Any) -> str:
    if isinstance(key, str):
        return replace_bad_characters(key)
    return json.dumps(key) if key is None or isinstance(key, bool) else _build_text(key)


def _build_text(value: Any) -> str:
    if isinstance(value, bytes | bytearray):
        return replace_bad_characters(bytes(value).decode("utf-8", "replace"))
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.6f}".rstrip("0").rstrip(".") + "s"
    return replace_bad_characters(str(value))


def _check_integer(number: int) -> int:
    if not MIN_INTEGER <= number <= MAX_INTEGER:
        raise NoJsonValue(f"the number {_shorten(str(number))} is beyond 64 bits")
    return number


def _check_float(number: float) -> float:
    if not math.isfinite(number):
        raise NoJsonValue("a number is not a number" if math.isnan(number) else "a number is infinite")
    return number


def _build_too_deep() -> NoJsonValue:
    return NoJsonValue(f"it is nested more than {MAX_DEPTH} levels deep")


def _shorten(digits: str) -> str:
    return digits if len(digits) <= 40 else f"{digits[:40]}…"


def replace_bad_texts(value: Any) -> Any:
    """Return the value with U+FFFD for each U+0000 and each lone surrogate, which no database and no JSON takes."""
    if isinstance(value, str):
        return replace_bad_characters(value)
    if isinstance(value, dict):
        return {replace_bad_texts(key): replace_bad_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [replace_bad_texts(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)
