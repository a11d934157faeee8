"""What fits a schema, and how what does not is told without quoting it."""

from typing import Any

import pytest

from actions.json_schema import find_misfit

OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
TREE = {"$ref": "#/$defs/t", "$defs": {"t": {"type": "object", "properties": {"next": {"$ref": "#/$defs/t"}}}}}

FITS: dict[str, tuple[dict[str, Any], Any]] = {
    "anything": ({}, object()),
    "an object": (OBJECT, {"a": 1}),
    "a whole float": ({"type": "integer"}, 1.0),
    "one of types": ({"type": ["string", "null"]}, None),
    "an alternative": ({"anyOf": [{"type": "string"}, OBJECT]}, {"a": 1}),
    "a tree": (TREE, {"next": {"next": {}}}),
    "a reference to nowhere": ({"$ref": "#/$defs/x"}, 1),
    "a reference to itself": ({"$ref": "#"}, 1),
    "a multiple in decimals": ({"multipleOf": 0.1}, 0.3),
    "a large multiple": ({"multipleOf": 0.01}, 4.35),
    "a dollar in a class": ({"pattern": "^[$]\\$1$"}, "$$1"),
    "a time": ({"format": "date-time"}, "2026-11-28T12:00:00.5+01:00"),
    "a time in small letters": ({"format": "date-time"}, "2026-11-28t12:00:00z"),
    "a format that is not checked": ({"format": "colour"}, "no colour"),
    "a format of another type": ({"format": "date-time"}, 5),
    "an unknown keyword": ({"type": "number", "colour": "red"}, 1),
}


@pytest.mark.parametrize(("schema", "value"), FITS.values(), ids=FITS.keys())
def test_a_value_fits(schema: dict[str, Any], value: Any) -> None:
    assert find_misfit(schema, value) is None


FORMAT = "the whole does not fit 'format' of the schema"
MISFITS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "another type": (OBJECT, [1], "the whole is not of type object"),
    "truth is no number": ({"type": "integer"}, True, "the whole is not of type integer"),
    "a fraction": ({"type": "integer"}, 1.5, "the whole is not of type integer"),
    "none of the types": ({"type": ["string", "null"]}, 1, "the whole is not of type string or null"),
    "a missing property": (OBJECT, {}, "the whole lacks 'a'"),
    "a further property": (OBJECT, {"a": 1, "secret": 2}, "the whole has a property that the schema does not name"),
    "within an object": (OBJECT, {"a": "secret"}, "'a' is not of type integer"),
    "within a list": ({"items": {"type": "string"}}, ["x", 1], "'1' is not of type string"),
    "an enum": ({"enum": ["x"]}, "secret", "the whole is none of the allowed values"),
    "a constant": ({"const": 1}, 2, "the whole is none of the allowed values"),
    "alternatives": ({"anyOf": [{"type": "string"}, OBJECT]}, {}, "the whole fits none of the alternatives"),
    "all of": ({"allOf": [{"type": "object"}, {"required": ["x"]}]}, {}, "the whole lacks 'x'"),
    "a tree": (TREE, {"next": {"next": 1}}, "'next.next' is not of type object"),
    "a line break at the end": ({"pattern": "^a$"}, "a\n", "the whole does not fit 'pattern' of the schema"),
    "a time without a zone": ({"format": "date-time"}, "2026-11-28T12:00:00", FORMAT),
    "a time that does not exist": ({"format": "date-time"}, "2026-02-30T12:00:00Z", FORMAT),
    "a time with a line break": ({"format": "date-time"}, "2026-11-28T12:00:00Z\n", FORMAT),
    "no address": ({"format": "email"}, "nobody", FORMAT),
    "no id": ({"format": "uuid"}, "1-2-3", FORMAT),
    "no multiple": ({"multipleOf": 0.1}, 0.35, "the whole does not fit 'multipleOf' of the schema"),
    "another keyword": ({"minimum": 5}, 1, "the whole does not fit 'minimum' of the schema"),
}


@pytest.mark.parametrize(("schema", "value", "told"), MISFITS.values(), ids=MISFITS.keys())
def test_a_misfit_is_told_by_its_place(schema: dict[str, Any], value: Any, told: str) -> None:
    assert find_misfit(schema, value) == told
