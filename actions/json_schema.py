"""Whether a value fits a JSON Schema, told without quoting the value, which may be long or private. Pure."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend
from pydantic_core import from_json, to_json
from referencing import Registry
from referencing.exceptions import Unresolvable

FORMATS = FormatChecker(("date", "email", "ipv4", "ipv6", "uuid"))
"""The formats that are checked; the rest of the standard's are notes for the reader. `date-time` is added below."""

_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_END_ANCHOR = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", re.DOTALL)


def find_misfit(schema: Mapping[str, Any], value: Any) -> str | None:
    """Return where `value` does not fit, as the end of a sentence, or None.

    A reference that leads nowhere, or in a circle, cannot be judged and holds nothing up.
    """
    try:
        error = next(iterate_misfits(schema, value), None)
    except (Unresolvable, RecursionError):
        return None
    return f"{_describe_place(error)} {_describe_error(error)}" if error is not None else None


def iterate_misfits(schema: Mapping[str, Any], value: Any) -> Iterator[ValidationError]:
    """Yield each place where `value` does not fit; raises Unresolvable for a reference that leads nowhere."""
    return _build_validator(to_json(schema)).iter_errors(value)


def is_schema(schema: Mapping[str, Any]) -> bool:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError:
        return False
    return True


def _describe_place(error: ValidationError) -> str:
    path = ".".join(str(part) for part in error.absolute_path)
    return repr(path) if path else "the whole"


def _describe_error(error: ValidationError) -> str:
    expected: Any = error.validator_value
    instance: Any = error.instance
    match error.validator:
        case "type":
            return f"is not of type {expected if isinstance(expected, str) else ' or '.join(expected)}"
        case "required":
            return f"lacks {next(name for name in expected if name not in instance)!r}"
        case "additionalProperties":
            return "has a property that the schema does not name"
        case "enum" | "const":
            return "is none of the allowed values"
        case "anyOf" | "oneOf":
            return "fits none of the alternatives"
        case keyword:
            return f"does not fit {keyword!r} of the schema"


@lru_cache(maxsize=256)  # a run starts with a check of its body, and building a validator costs more than the check
def _build_validator(schema: bytes) -> Validator:
    # An empty registry: a schema must never make this server fetch an address.
    validator: Validator = _Validator(from_json(schema), registry=Registry(), format_checker=FORMATS)
    return validator


@FORMATS.checks("date-time", raises=ValueError)
def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _DATE_TIME.fullmatch(value) is not None and bool(datetime.fromisoformat(value.upper()))


def _check_multiple(validator: Validator, factor: float, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Check in decimals: for floats, 0.3 is no multiple of 0.1."""
    is_number = validator.is_type(value, "number")
    if is_number and Decimal(repr(value)) % Decimal(repr(factor)):
        yield ValidationError("not a multiple")


def _check_pattern(validator: Validator, pattern: str, value: Any, schema: Any) -> Iterator[ValidationError]:
    """Search as JSON Schema says, where `$` is the end: for Python, a line break may still follow."""
    if validator.is_type(value, "string") and not re.search(_anchor(pattern), value):
        yield ValidationError("another form")


def _anchor(pattern: str) -> str:
    return _END_ANCHOR.sub(lambda match: r"\Z" if match[0] == "$" else match[0], pattern)


_Validator = extend(Draft202012Validator, {"multipleOf": _check_multiple, "pattern": _check_pattern})  # type: ignore[no-untyped-call]  # of the stubs
