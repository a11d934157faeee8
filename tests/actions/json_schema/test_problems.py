"""What cannot be used of a schema is named, with its place and what to do, before any value comes."""

from typing import Any

import pytest

from actions.json_schema.compile import list_schema_problems

CHAIN = {f"d{number}": {"$ref": f"#/$defs/d{number + 1}"} for number in range(2000)}

PROBLEMS: dict[str, tuple[dict[str, Any], str, str]] = {
    "an unknown keyword": ({"colour": "red"}, "colour", "is a keyword that is not supported"),
    "one far inside": ({"properties": {"a": {"items": {"tpye": "x"}}}}, "properties.a.items.tpye", "not supported"),
    "in a definition": ({"$defs": {"a": {"strange": 1}}}, "$defs.a.strange", "not supported"),
    "in a definition within one": (
        {"items": {"$defs": {"a": {"strange": 1}}}},
        "items.$defs.a.strange",
        "not supported",
    ),
    "another type": ({"type": "text"}, "type", "must be one or a list of object, array"),
    "a limit that is none": ({"minimum": "5"}, "minimum", "must be a number"),
    "a limit of an older version": ({"exclusiveMinimum": True}, "exclusiveMinimum", "must be a number"),
    "a factor of nothing": ({"multipleOf": 0}, "multipleOf", "must be a number above 0"),
    "a length below nothing": ({"maxLength": -1}, "maxLength", "must be a whole number, 0 or more"),
    "items of an older version": ({"items": [{}]}, "items", "must be a schema"),
    "no list of names": ({"required": "a"}, "required", "must be a list of names"),
    "no schema": ({"properties": {"a": "string"}}, "properties", "must be an object of schemas"),
    "another document": ({"$ref": "https://example.com/s"}, "$ref", "another document, which is not fetched"),
    "another document by its path": ({"$ref": "other.json#/a"}, "$ref", "another document"),
    "a reference to nowhere": ({"$ref": "#/$defs/x"}, "$ref", "to a place where the document has no schema"),
    "a reference to itself": ({"$ref": "#"}, "", "leads back to itself without going into the value"),
    "a circle of two": (
        {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}}},
        "$defs",
        "leads back to itself",
    ),
    "look-ahead": ({"pattern": "(?=a)a"}, "pattern", "look-around, such as (?=…), is not supported"),
    "look-behind": ({"patternProperties": {"(?<!a)b": {}}}, "patternProperties", "look-around"),
    "a reference to a group": ({"pattern": "(a)\\1"}, "pattern", "a reference back to a group"),
    "many repetitions": ({"pattern": "^.{1,2000}$"}, "pattern", "use minLength and maxLength"),
    "repetitions of repetitions": ({"pattern": "((a{1,100}){1,100}){1,100}"}, "pattern", "cannot be used"),
    "no pattern": ({"pattern": "("}, "pattern", "missing )"),
    "a long pattern": ({"pattern": "a" * 2001}, "pattern", "more than 2,000 characters"),
    "many patterns": ({"allOf": [{"pattern": f"a{n}"} for n in range(51)]}, "allOf", "too many patterns"),
    "a large schema": ({"description": "x" * 70_000}, "", "is larger than 64 KB"),
    "many schemas": ({"allOf": [True] * 6000}, "", "holds more than 5,000 schemas"),
    "OpenAPI's null": ({"type": "string", "nullable": True}, "nullable", "not supported"),
}


@pytest.mark.parametrize(("schema", "place", "told"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_is_told_with_its_place(schema: dict[str, Any], place: str, told: str) -> None:
    problem = list_schema_problems(schema)[0]
    assert problem.place.startswith(place)
    assert told in problem.reason


def test_what_to_do_is_said() -> None:
    (problem,) = list_schema_problems({"type": "string", "nullable": True})
    assert problem.hint == 'It is of OpenAPI: write "type": ["string", "null"].'
    assert problem.describe("the schema") == "'nullable' is a keyword that is not supported"


def test_every_problem_is_told_up_to_ten() -> None:
    assert len(list_schema_problems({"a": 1, "b": 2})) == 2
    assert len(list_schema_problems({f"k{number}": 1 for number in range(100)})) == 10


def test_a_long_chain_of_references_is_no_depth_of_calls() -> None:
    assert list_schema_problems({"$ref": "#/$defs/d0", "$defs": {**CHAIN, "d2000": {}}}) == []
