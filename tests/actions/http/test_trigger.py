"""HTTP trigger: which bodies start a flow, and what a builder can pick from them."""

from typing import Any

import pytest

from actions.contract.action import InputError
from actions.http.trigger import HttpTrigger
from tests.flows.scripted import analyse, graph, node, path

SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "description": "Who asks."}, "age": {"type": "integer", "minimum": 0}},
    "required": ["name"],
    "additionalProperties": False,
}
EXAMPLE = {"name": "Ada", "age": 36, "tags": ["a"], "more": {"x": True}}


@pytest.mark.parametrize("body", [{"name": "Ada"}, {"name": "Ada", "age": 3}])
def test_a_body_that_fits_the_schema_is_the_input(body: dict[str, Any]) -> None:
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
def test_a_body_that_does_not_is_refused_with_its_field(body: dict[str, Any], field: str | None, told: str) -> None:
    with pytest.raises(InputError, match=told) as raised:
        HttpTrigger.parse_input(body, {"body_schema": SCHEMA})
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
def test_an_example_stands_for_the_schema_of_its_like(body: dict[str, Any], fits: bool) -> None:
    if fits:
        assert HttpTrigger.parse_input(body, {"example": EXAMPLE}) == body
    else:
        with pytest.raises(InputError):
            HttpTrigger.parse_input(body, {"example": EXAMPLE})


def test_without_either_any_object_is_taken() -> None:
    assert HttpTrigger.parse_input({"any": [1]}, {}) == {"any": [1]}


def test_a_schema_fetches_no_other_document() -> None:
    with pytest.raises(InputError, match="not fetched"):
        HttpTrigger.parse_input({"a": 1}, {"body_schema": {"$ref": "http://127.0.0.1:9/schema.json"}})


def flow(value: str, **properties: Any) -> dict[str, Any]:
    start = node("start", "http.trigger", **properties)
    return graph([start, node("give", "control.yield_return", value={"expression": value})], path("start", "give"))


def test_a_builder_can_pick_the_fields() -> None:
    scope = analyse(flow("request.name", body_schema=SCHEMA)).to_json()["scope"]["give"]
    assert [(field["name"], field["type"]) for field in scope[0]["fields"]] == [("name", "text"), ("age", "integer")]
    assert scope[0]["fields"][0]["description"] == "Who asks."


def test_a_schema_that_is_none_is_a_problem_at_its_field() -> None:
    problems = analyse(flow("request", body_schema={"type": "strange"})).problems
    assert [(problem.code, problem.property) for problem in problems] == [("invalid_value", "body_schema")]
