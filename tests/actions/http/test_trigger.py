"""HTTP trigger: which bodies start a flow, and what a builder can pick from them."""

import contextlib
from collections.abc import Mapping
from typing import Any

import pytest

from actions.contract.action import InputError
from actions.http.trigger import HttpTrigger
from flows.engine.input_check import check_input
from tests.flows.scripted import analyse, graph, node, path

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "description": "Who asks."}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}
EXAMPLE = {"name": "Ada", "age": 36, "tags": ["a"], "more": {"x": True}}


def get_schema(**properties: Any) -> Mapping[str, Any]:
    schema = HttpTrigger.get_input_schema(properties)
    assert schema
    return schema


@pytest.mark.parametrize("body", [{"name": "Ada"}, {"name": "Ada", "age": 3}])
async def test_a_body_that_fits_the_schema_is_the_input(body: dict[str, Any]) -> None:
    await check_input(get_schema(body_schema=SCHEMA), body)
    assert HttpTrigger.parse_input(body, {"body_schema": SCHEMA}) == body


@pytest.mark.parametrize(
    ("body", "field", "told"),
    [
        ({}, None, "name"),
        ({"name": 1}, "name", "of type string"),
        ({"name": "Ada", "age": -1}, "age", "at least 0"),
        ({"name": "Ada", "x": 1}, None, "does not know"),
    ],
)
async def test_a_body_that_does_not_is_refused_with_its_field(
    body: dict[str, Any], field: str | None, told: str
) -> None:
    with pytest.raises(InputError, match=told) as raised:
        await check_input(get_schema(body_schema=SCHEMA), body)
    assert raised.value.field == field


@pytest.mark.parametrize(
    ("body", "fits"),
    [
        (EXAMPLE, True),
        ({**EXAMPLE, "age": 1.5, "new": 1}, True),
        ({"name": "Ada"}, False),
        ({**EXAMPLE, "more": {"x": "yes"}}, False),
    ],
)
async def test_an_example_stands_for_the_schema_of_its_like(body: dict[str, Any], fits: bool) -> None:
    with contextlib.nullcontext() if fits else pytest.raises(InputError):
        await check_input(get_schema(example=EXAMPLE), body)


def test_without_either_any_object_is_taken() -> None:
    assert HttpTrigger.get_input_schema({}) is None
    assert HttpTrigger.parse_input({"any": [1]}, {}) == {"any": [1]}


def flow(value: str, **properties: Any) -> dict[str, Any]:
    start = node("start", "http.trigger", **properties)
    return graph([start, node("give", "control.yield_return", value={"expression": value})], path("start", "give"))


def test_a_builder_can_pick_the_fields() -> None:
    analysis = analyse(flow("request.name", body_schema=SCHEMA)).to_json()
    fields = analysis["variables"][analysis["scope"]["give"][0]]["fields"]
    assert [(field["name"], field["type"]) for field in fields] == [("name", "text"), ("age", "integer")]
    assert fields[0]["description"] == "Who asks."


UNUSABLE: dict[str, tuple[dict[str, Any], str, str]] = {
    "a type that there is not": (
        {"body_schema": {"type": "strange"}},
        "body_schema",
        "'type' must be one or a list of",
    ),
    "a keyword that is not supported": (
        {"body_schema": {"properties": {"a": {"unevaluatedItems": False}}}},
        "body_schema",
        "'properties.a.unevaluatedItems' is a keyword that is not supported",
    ),
    "another document": (
        {"body_schema": {"$ref": "http://127.0.0.1:9/schema.json"}},
        "body_schema",
        "'$ref' refers to another document",
    ),
    "an example that is too large": (
        {"example": {"name": "x" * 70_000, **{f"field_{n}": 1 for n in range(3000)}}},
        "example",
        "The schema is larger than 64 KB",
    ),
}


@pytest.mark.parametrize(("properties", "at", "told"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_schema_that_cannot_be_used_is_a_problem_at_its_field(properties: dict[str, Any], at: str, told: str) -> None:
    (problem,) = analyse(flow("request", **properties)).problems
    assert (problem.code, problem.property) == ("invalid_value", at)
    assert told in problem.message
