"""A property that is bound to a variable of a type that it never takes is a problem, and no other one is."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from actions.contract.action import AnyAction
from actions.contract.catalogue import get_connection_kind, get_modes
from actions.contract.records import MESSAGE, MessageChunk, RecordType
from actions.contract.registry import get_actions
from flows.graph.property_value import validate_property
from flows.graph.type_check import check_type
from flows.graph.variables import Scope, Variable
from tests.flows.scripted import analyse, graph, node, path, trigger

VALUES: dict[str, list[Any]] = {
    "text": ["", "1", "true", "Hello", "a" * 500],
    "number": [0.0, 1.0, 1.5, -3.25, 1e9],
    "integer": [0, 1, 7, 300, 2_000],
    "boolean": [True, False],
    "list": [[], ["a"], [1, 2], [{"a": 1}]],
    "message": [MessageChunk(text="Hello", index=0), MessageChunk(text="1", index=1)],
}
"""Values that a variable of each type may have in a run."""


def build_record_type(name: str) -> RecordType:
    return MESSAGE if name == "message" else RecordType(name, name)


def list_cases() -> Iterator[tuple[AnyAction, str, str]]:
    """Yield each property that may be a variable, with each type."""
    for action in get_actions().values():
        for name, info in action.Properties.model_fields.items():
            if "variable" in get_modes(info) and not get_connection_kind(info):
                yield from ((action, name, type_name) for type_name in VALUES)


def is_taken(action: AnyAction, name: str, value: Any) -> bool:
    try:
        validate_property(action.Properties, name, value)
    except ValidationError:
        return False
    return True


def test_what_it_tells_is_what_every_run_refuses() -> None:
    told = 0
    for action, name, type_name in list_cases():
        scope = Scope({"x": Variable("x", build_record_type(type_name), "n")})
        info = action.Properties.model_fields[name]
        problems = list(check_type("n", name, {"expression": "x"}, info, scope, action.Properties))
        takes = [value for value in VALUES[type_name] if is_taken(action, name, value)]
        assert not (problems and takes), f"{action.type} {name} takes {takes}, and is told to take no {type_name}."
        told += len(problems)
    assert told > 50


TRY = node("try", "control.try_catch")
CATCH = path("trigger", "try:catch", "x")


def check(property: str, raw: Any, action: str = "chat.get_history") -> list[tuple[str, str]]:
    document = graph([trigger(), TRY, node("x", action, **{property: raw})], CATCH)
    return [(p.message, p.hint or "") for p in analyse(document).problems if p.code == "type_mismatch"]


def test_a_yes_or_no_that_is_bound_to_a_text_is_told_with_what_to_do() -> None:
    expected = (
        "Session Id takes a text, and 'error.retryable' is true or false.",
        'Write an expression that gives a text, such as error.retryable ? "yes" : "no".',
    )
    assert check("session_id", {"expression": "error.retryable"}) == [expected]
    assert check("session_id", "{{ error.retryable }}") == [expected]


@pytest.mark.parametrize(
    "raw",
    [
        {"expression": 'error.retryable ? "yes" : "no"'},
        "Again: {{ error.retryable }}",
        {"expression": "error.message"},
        {"expression": "error.retry_after_s"},
        {"expression": "chatCompletionRequest"},
        {"expression": "chatCompletionRequest.context"},
    ],
)
def test_what_may_be_a_text_is_not_told(raw: Any) -> None:
    assert check("session_id", raw) == []


def test_a_name_that_two_ways_set_to_different_shapes_may_be_of_any() -> None:
    nodes = [
        trigger(),
        node("if", "control.if", condition={"expression": "chatCompletionRequest.prompt == ''"}),
        node("get", "chat.get_history", session_id="s", result_variable_name="x"),
        node("set", "data.set_variable", name="x", value="text"),
        node("use", "chat.get_history", session_id={"expression": "x"}),
    ]
    edges = [*path("trigger", "if:then", "get"), *path("if:else", "set"), *path("if", "use")]
    assert "type_mismatch" not in [p.code for p in analyse(graph(nodes, edges)).problems]
    assert "type_mismatch" in [p.code for p in analyse(graph(nodes, path("trigger", "get", "use"))).problems]
