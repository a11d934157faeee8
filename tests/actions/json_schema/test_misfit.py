"""What fits a schema, and how what does not is told without quoting it."""

from typing import Any

import pytest

from actions.json_schema.compile import compile_schema

OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
TREE = {"$ref": "#/$defs/t", "$defs": {"t": {"type": "object", "properties": {"next": {"$ref": "#/$defs/t"}}}}}

FITS: dict[str, tuple[dict[str, Any], Any]] = {
    "anything": ({}, object()),
    "an object": (OBJECT, {"a": 1}),
    "a whole float": ({"type": "integer"}, 1.0),
    "one of types": ({"type": ["string", "null"]}, None),
    "an alternative": ({"anyOf": [{"type": "string"}, OBJECT]}, {"a": 1}),
    "a tree": (TREE, {"next": {"next": {}}}),
    "a list of lists of itself": ({"items": {"$ref": "#"}}, [[], [[]]]),
    "a multiple in decimals": ({"multipleOf": 0.1}, 0.3),
    "a large multiple": ({"multipleOf": 0.01}, 4.35),
    "a dollar in a class": ({"pattern": "^[$]\\$1$"}, "$$1"),
    "a time": ({"format": "date-time"}, "2026-11-28T12:00:00.5+01:00"),
    "a time in small letters": ({"format": "date-time"}, "2026-11-28t12:00:00z"),
    "a format that is not checked": ({"format": "colour"}, "no colour"),
    "a format of another type": ({"format": "date-time"}, 5),
    "notes": ({"type": "number", "title": "Age", "examples": [1], "x-colour": "red"}, 1),
    "a letter beyond sixteen bits": ({"pattern": "^\\u{1F600}$", "maxLength": 1}, "\U0001f600"),
    "letters by their numbers": ({"pattern": "^\\u00e4.$"}, "äß"),
}


@pytest.mark.parametrize(("schema", "value"), FITS.values(), ids=FITS.keys())
def test_a_value_fits(schema: dict[str, Any], value: Any) -> None:
    assert compile_schema(schema).find_misfit(value) is None


MISFITS: dict[str, tuple[dict[str, Any], Any, str]] = {
    "another type": (OBJECT, [1], "the whole must be of type object"),
    "truth is no number": ({"type": "integer"}, True, "the whole must be of type integer"),
    "a fraction": ({"type": "integer"}, 1.5, "the whole must be of type integer"),
    "none of the types": ({"type": ["string", "null"]}, 1, "the whole must be of type string or null"),
    "a missing property": (OBJECT, {}, "the whole lacks 'a'"),
    "a further property": (OBJECT, {"a": 1, "secret": 2}, "the whole has a field that the schema does not know"),
    "within an object": (OBJECT, {"a": "secret"}, "'a' must be of type integer"),
    "within a list": ({"items": {"type": "string"}}, ["x", 1], "'1' must be of type string"),
    "an enum": ({"enum": ["x"]}, "secret", "the whole is none of the allowed values"),
    "a constant": ({"const": 1}, 2, "the whole is none of the allowed values"),
    "alternatives": ({"anyOf": [{"type": "string"}, OBJECT]}, {}, "the whole fits none of the alternatives"),
    "all of": ({"allOf": [{"type": "object"}, {"required": ["x"]}]}, {}, "the whole lacks 'x'"),
    "a tree": (TREE, {"next": {"next": 1}}, "'next.next' must be of type object"),
    "a line break at the end": ({"pattern": "^a$"}, "a\n", "the whole does not match ^a$"),
    "a time without a zone": (
        {"format": "date-time"},
        "2026-11-28T12:00:00",
        "the whole does not have the format date-time",
    ),
    "a time that does not exist": (
        {"format": "date-time"},
        "2026-02-30T12:00:00Z",
        "the whole does not have the format date-time",
    ),
    "a time with a line break": (
        {"format": "date-time"},
        "2026-11-28T12:00:00Z\n",
        "the whole does not have the format date-time",
    ),
    "no address": ({"format": "email"}, "nobody", "the whole does not have the format email"),
    "no id": ({"format": "uuid"}, "1-2-3", "the whole does not have the format uuid"),
    "no multiple": ({"multipleOf": 0.1}, 0.35, "the whole must be a multiple of 0.1"),
    "a limit": ({"minimum": 5}, 1, "the whole must be at least 5"),
    "several missing": ({"required": ["a", "b", "c"]}, {"b": 1}, "the whole lacks 'a', 'c'"),
    "equal items": ({"uniqueItems": True}, [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], "the whole has two equal items"),
    "another keyword": ({"minProperties": 5}, {}, "the whole does not fit 'minProperties' of the schema"),
}


@pytest.mark.parametrize(("schema", "value", "told"), MISFITS.values(), ids=MISFITS.keys())
def test_a_misfit_is_told_by_its_place(schema: dict[str, Any], value: Any, told: str) -> None:
    misfit = compile_schema(schema).find_misfit(value)
    assert misfit is not None
    assert misfit.describe("the whole") == told
    assert "secret" not in told


def test_a_long_place_is_shortened() -> None:
    misfit = compile_schema({"additionalProperties": False, "patternProperties": {"^k": {"type": "null"}}}).find_misfit(
        {"k" * 5000: 1}
    )
    assert misfit is not None
    assert len(misfit.describe("the whole")) < 300
