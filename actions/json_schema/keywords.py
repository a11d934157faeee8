"""The keywords of JSON Schema that can be used: what each must hold, and what it checks. Pure."""

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

from actions.json_schema import applied_schemas, checks
from actions.json_schema.applied_schemas import SchemaPlace
from actions.json_schema.checks import TYPES, build_limit
from actions.json_schema.node import ANY, NUMBERS, Check


class Shape(NamedTuple):
    """What a keyword must hold."""

    name: str
    """As the end of a sentence: `must be …`."""
    is_met: Callable[[Any], bool]


class Keyword(NamedTuple):
    """One keyword."""

    shape: Shape
    types: tuple[type, ...] = ANY
    """Of which values it judges; all others fit."""
    build: Callable[[SchemaPlace, Any], Check] | None = None
    """Builds its check; None: it is a note, or another keyword reads it."""


def _is_schema(value: Any) -> bool:
    return isinstance(value, dict | bool)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: Any) -> bool:
    return _is_number(value) and value >= 0 and value == int(value)


def _are_names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _are_types(value: Any) -> bool:
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(isinstance(name, str) and name in TYPES for name in names)


def _are_schemas(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_schema, value))


def _are_named_schemas(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_schema, value.values()))


def _are_names_by_name(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_are_names, value.values()))


ANYTHING = Shape("anything", lambda value: True)
TEXT = Shape("a text", lambda value: isinstance(value, str))
TRUTH = Shape("true or false", lambda value: isinstance(value, bool))
NUMBER = Shape("a number", _is_number)
FACTOR = Shape("a number above 0", lambda value: _is_number(value) and value > 0)
COUNT = Shape("a whole number, 0 or more", _is_count)
LIST = Shape("a list", lambda value: isinstance(value, list))
NAMES = Shape("a list of names", _are_names)
NAMES_BY_NAME = Shape("an object of lists of names", _are_names_by_name)
TYPE_NAMES = Shape(f"one or a list of {', '.join(TYPES)}", _are_types)
SCHEMA = Shape("a schema: an object, true or false", _is_schema)
SCHEMAS = Shape("a list of schemas", _are_schemas)
NAMED_SCHEMAS = Shape("an object of schemas", _are_named_schemas)


def _assert(shape: Shape, types: tuple[type, ...], build: Callable[[Any], Check]) -> Keyword:
    return Keyword(shape, types, lambda place, expected: build(expected))


def _limit(shape: Shape, types: tuple[type, ...], name: str, is_within: Callable[[Any, Any], bool]) -> Keyword:
    measure = len if shape is COUNT else _return_itself
    return _assert(shape, types, build_limit(name, measure, is_within))


def _build_pattern(place: SchemaPlace, expected: str) -> Check:
    return checks.build_pattern(place.compile_pattern(expected), expected)


def _return_itself(value: Any) -> Any:
    return value


KEYWORDS: dict[str, Keyword] = {
    "type": _assert(TYPE_NAMES, ANY, checks.build_type),
    "const": _assert(ANYTHING, ANY, checks.build_const),
    "enum": _assert(LIST, ANY, checks.build_enum),
    "minLength": _limit(COUNT, (str,), "minLength", operator.ge),
    "maxLength": _limit(COUNT, (str,), "maxLength", operator.le),
    "minimum": _limit(NUMBER, NUMBERS, "minimum", operator.ge),
    "maximum": _limit(NUMBER, NUMBERS, "maximum", operator.le),
    "exclusiveMinimum": _limit(NUMBER, NUMBERS, "exclusiveMinimum", operator.gt),
    "exclusiveMaximum": _limit(NUMBER, NUMBERS, "exclusiveMaximum", operator.lt),
    "multipleOf": _assert(FACTOR, NUMBERS, checks.build_multiple_of),
    "format": _assert(TEXT, (str,), checks.build_format),
    "pattern": Keyword(TEXT, (str,), _build_pattern),
    "minItems": _limit(COUNT, (list,), "minItems", operator.ge),
    "maxItems": _limit(COUNT, (list,), "maxItems", operator.le),
    "minProperties": _limit(COUNT, (dict,), "minProperties", operator.ge),
    "maxProperties": _limit(COUNT, (dict,), "maxProperties", operator.le),
    "required": _assert(NAMES, (dict,), checks.build_required),
    "dependentRequired": _assert(NAMES_BY_NAME, (dict,), checks.build_dependent_required),
    "$ref": Keyword(TEXT, ANY, applied_schemas.build_ref),
    "properties": Keyword(NAMED_SCHEMAS, (dict,), applied_schemas.build_properties),
    "patternProperties": Keyword(NAMED_SCHEMAS, (dict,), applied_schemas.build_pattern_properties),
    "additionalProperties": Keyword(SCHEMA, (dict,), applied_schemas.build_additional_properties),
    "propertyNames": Keyword(SCHEMA, (dict,), applied_schemas.build_property_names),
    "prefixItems": Keyword(SCHEMAS, (list,), applied_schemas.build_prefix_items),
    "items": Keyword(SCHEMA, (list,), applied_schemas.build_items),
    "contains": Keyword(SCHEMA, (list,), applied_schemas.build_contains),
    "minContains": Keyword(COUNT),
    "maxContains": Keyword(COUNT),
    "allOf": Keyword(SCHEMAS, ANY, applied_schemas.build_all_of),
    "anyOf": Keyword(SCHEMAS, ANY, applied_schemas.build_any_of),
    "oneOf": Keyword(SCHEMAS, ANY, applied_schemas.build_one_of),
    "not": Keyword(SCHEMA, ANY, applied_schemas.build_not),
    "if": Keyword(SCHEMA, ANY, applied_schemas.build_if),
    "then": Keyword(SCHEMA),
    "else": Keyword(SCHEMA),
    "dependentSchemas": Keyword(NAMED_SCHEMAS, (dict,), applied_schemas.build_dependent_schemas),
    "uniqueItems": _assert(TRUTH, (list,), checks.build_unique_items),
    "$defs": Keyword(NAMED_SCHEMAS),
    "definitions": Keyword(NAMED_SCHEMAS),
    **dict.fromkeys(("$schema", "$comment", "title", "description"), Keyword(TEXT)),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), Keyword(TEXT)),
    **dict.fromkeys(("deprecated", "readOnly", "writeOnly"), Keyword(TRUTH)),
    **dict.fromkeys(("default", "example", "discriminator", "contentSchema"), Keyword(ANYTHING)),
    "examples": Keyword(LIST),
}
"""In the order in which they are checked: what costs little comes first."""
NOTE_PREFIX = "x-"
"""Keywords that begin with it are notes of other tools."""

HINTS = {
    "$anchor": "Write the place, as in #/$defs/name.",
    "$dynamicRef": "Use $ref.",
    "$id": "Only the whole schema may have one.",
    "additionalItems": "It is of an older version: write prefixItems, and items for the rest.",
    "dependencies": "It is of an older version: write dependentRequired or dependentSchemas.",
    "nullable": 'It is of OpenAPI: write "type": ["string", "null"].',
    "unevaluatedItems": "Write items: false.",
    "unevaluatedProperties": "Write additionalProperties: false, beside all properties.",
}
"""What to do instead of what is not supported."""
