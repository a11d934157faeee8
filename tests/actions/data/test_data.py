"""Variables, transforms and JSON."""

from typing import Any

import pytest

from actions.contract.errors import ActionError
from actions.data.parse_json import parse_text
from tests.flows.scripted import analyse, graph, node, path, run, trigger


async def value_of(*nodes: dict[str, Any], name: str = "result") -> Any:
    """Return what the variable holds after the nodes have run one after another."""
    last = node("last", "control.return", value={"expression": name})
    document = graph([trigger(), *nodes, last], path("trigger", *(each["id"] for each in nodes), "last"))
    events = await run(document)
    assert events[-1]["type"] == "run.completed", events[-1]
    return events[-1].get("result")


async def test_declared_variables_are_set_and_keep_their_types() -> None:
    declared = node(
        "declare",
        "data.declare_variables",
        variables={"n": 1, "prompt": "{{ chatCompletionRequest.prompt }}", "items": ["{{ 1 + 1 }}", "x {{ 3 }}"]},
    )
    gathered = node("gather", "data.transform", value={"expression": "{'n': n, 'prompt': prompt, 'items': items}"})
    assert await value_of(declared, gathered) == {"n": 1, "prompt": "Hello", "items": [2, "x 3"]}


@pytest.mark.parametrize("variables", [{}, {"2x": 1}, {"in": 1}, {"list": 1}, [1], "x"])
def test_names_that_no_expression_could_read_are_refused(variables: Any) -> None:
    document = graph(
        [trigger(), node("declare", "data.declare_variables", variables=variables)], path("trigger", "declare")
    )
    assert [problem.property for problem in analyse(document).problems] == ["variables"]


async def test_transform_works_over_lists_and_maps() -> None:
    declared = node("declare", "data.declare_variables", variables={"rows": [{"a": 1}, {"a": 5}]})
    expression = "rows.filter(r, r.a > 2).map(r, {'twice': r.a * 2})"
    assert await value_of(declared, node("t", "data.transform", value={"expression": expression})) == [{"twice": 10}]


async def test_an_unknown_name_in_a_nested_text_is_a_problem_before_the_run() -> None:
    declared = node("declare", "data.declare_variables", variables={"a": {"b": ["{{ nothing }}"]}})
    problems = analyse(graph([trigger(), declared], path("trigger", "declare"))).problems
    assert [(problem.code, problem.node, problem.property) for problem in problems] == [
        ("unknown_variable", "declare", "variables")
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null]}', {"a": [1, 2.5, None]}),
        ("```json\n[1]\n```", [1]),
        ("  7 ", 7),
        ('"\\ud83d\\ude00"', "😀"),
    ],
)
def test_json_is_read(text: str, value: Any) -> None:
    assert parse_text(text) == value


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"a": }', "line 1, column 7"),
        ('{\n"a" 1}', "line 2, column 5"),
        ("", "column 1"),
        ("NaN", "JSON has no number NaN"),
        ("[" * 200 + "]" * 200, "more than 100 levels deep"),
        ("[" * 100_000, "more than 100 levels deep"),
        ("9" * 5_000, "beyond 64 bits"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, told: str) -> None:
    with pytest.raises(ActionError, match=told) as raised:
        parse_text(text)
    assert raised.value.code == "invalid_json"
