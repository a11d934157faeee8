"""Expressions that may cost much, in every place where a run evaluates one: they give the same, and errors name it."""

import pytest

from flows.events.fold import fold
from tests.flows.scripted import graph, node, path, run, trigger

TEXT = "word " * 60_000
PROMPT = "chatCompletionRequest.prompt"
LARGE = f"{PROMPT}.contains('absent')"


async def test_a_transform_a_template_and_a_json_value_are_evaluated() -> None:
    steps = [
        trigger(),
        node("make", "data.transform", value={"expression": f"[{LARGE}, {PROMPT}.endsWith('word ')]"}),
        node("set", "data.set_variable", name="said", value=f"It is {{{{ {LARGE} }}}}, {{{{ result[1] }}}}."),
        node("declare", "data.declare_variables", variables={"a": [f"{{{{ {LARGE} }}}}", "{{ said }}"], "b": "b"}),
        node("return", "control.return", value={"expression": "[a, b]"}),
    ]
    record = fold(await run(graph(steps, path("trigger", "make", "set", "declare", "return")), TEXT))
    assert record["result"] == [[False, "It is false, true."], "b"]


async def test_the_condition_of_a_loop_is_evaluated_before_each_pass() -> None:
    steps = [
        trigger(),
        node("declare", "data.declare_variables", variables={"passes": 0}),
        node("loop", "control.while", condition={"expression": f"!{LARGE} && passes < 3"}),
        node("count", "data.set_variable", name="passes", value={"expression": "passes + 1"}),
        node("return", "control.return", value={"expression": "passes"}),
    ]
    edges = [*path("trigger", "declare", "loop", "return"), *path("loop:do", "count")]
    assert fold(await run(graph(steps, edges), TEXT))["result"] == 3


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        (f"{PROMPT} + {PROMPT} + {PROMPT} + {PROMPT} + {PROMPT} + {PROMPT} + {PROMPT}", "value_too_large"),
        (f"{PROMPT}.split(' ').map(w, {PROMPT})", "expression_too_large"),
        (f"{LARGE} ? 1 : chatCompletionRequest.absent", "missing_value"),
    ],
)
async def test_an_expression_that_fails_names_its_node_and_property(expression: str, code: str) -> None:
    steps = [trigger(), node("make", "data.transform", value={"expression": expression})]
    error = fold(await run(graph(steps, path("trigger", "make")), TEXT))["error"]
    assert error is not None
    assert (error["code"], error["node"]) == (code, "make")
    assert error["message"].startswith("Value: ")
