"""Whether a value fits a JSON Schema, told without quoting the value, which may be long or private. Pure."""

from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable


def find_misfit(schema: Mapping[str, Any], value: Any) -> str | None:
    """Return where `value` does not fit, as the end of a sentence, or None.

    A reference that leads nowhere, or in a circle, cannot be judged and holds nothing up.
    """
    # An empty registry: a schema must never make this server fetch an address.
    validator = Draft202012Validator(schema, registry=Registry())
    try:
        error = next(validator.iter_errors(value), None)
    except (Unresolvable, RecursionError):
        return None
    return f"{_describe_place(error)} {_describe_error(error)}" if error is not None else None


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
