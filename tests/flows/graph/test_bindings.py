"""How a property gets its value. `tests/shared/bindings.json` holds the cases that the browser is tested with too."""

import json
from pathlib import Path
from typing import Any

import pytest

from actions.data.declare_variables import DeclareVariables
from expressions.errors import ExpressionError
from expressions.paths import is_path
from flows.graph.bindings import compile_binding, find_segments, is_expression
from flows.graph.document import Node, Position
from flows.graph.property_check import NodeValues, WorkspaceNames, read_node_values
from flows.graph.variables import Scope

SHARED: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).parents[2] / "shared" / "bindings.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", SHARED["texts"], ids=lambda case: case["text"])
def test_the_segments_of_a_text(case: dict[str, Any]) -> None:
    segments = find_segments(case["text"])
    for expected in case["segments"]:
        segment = next(segments)
        assert {"from": segment.start, "to": segment.end, "source": segment.source} == expected
    if case["unclosed_at"] is None:
        assert list(segments) == []
    else:
        with pytest.raises(ExpressionError) as raised:
            next(segments)
        assert raised.value.column == case["unclosed_at"] + 1


@pytest.mark.parametrize("case", SHARED["paths"], ids=lambda case: case["path"])
def test_a_path_is_told_from_other_expressions(case: dict[str, Any]) -> None:
    assert is_path(case["path"]) is case["valid"]


@pytest.mark.parametrize("case", SHARED["bindings"], ids=lambda case: json.dumps(case["binding"]))
def test_an_expression_is_told_from_other_values(case: dict[str, Any]) -> None:
    assert is_expression(case["binding"]) is case["is_expression"]


def read_properties(**properties: Any) -> NodeValues:
    node = Node(id="n", action="data.declare_variables", properties=properties, position=Position(x=0, y=0))
    return read_node_values(node, DeclareVariables, Scope(), WorkspaceNames({}))


def test_a_declared_variable_may_be_called_expression() -> None:
    values = read_properties(variables={"expression": "text"})
    assert (values.problems, values.fixed_values["variables"]) == ([], {"expression": "text"})


def test_a_declared_variable_that_is_called_expression_may_hold_a_template() -> None:
    values = read_properties(variables={"expression": "{{ 1 + 1 }}"})
    assert (values.problems, values.bindings["variables"].evaluate({})) == ([], {"expression": 2})


def test_a_text_that_takes_no_expression_refuses_one() -> None:
    values = read_properties(title={"expression": "a"}, variables={"a": 1})
    assert [problem.code for problem in values.problems] == ["mode_not_allowed"]


@pytest.mark.parametrize(
    "source",
    [
        *("a.?b", "a[?'b']", "optional.of(1)", "optional.none()", "a.?b.optMap(x, x)", "a.?b.or(a.?c)", "dyn(a.?b)"),
        *("[a.?b]", "[1, a.?b]", "[[a.?b]]", "{'k': a.?b}", "{'k': [a.?b, 1]}", "[1].map(x, a.?b)", "[dyn(a.?b)]"),
        *("[a.?b, 1].join(',')", "[a[?'b']]", "true ? a[?'b'] : 1", "[optional.of(1)][0].value()", "a.?b.?c"),
        *("true ? [a.?b] : []", "[1].map(x, true ? a[?'b'] : 1)", "size([a.?b])", "{'k': {'l': [a[?'b']]}}"),
        *(
            "[1].exists(x, [a.?b] == [])",
            "[1].filter(x, [a[?'b']] == [1])",
            "{'k': true ? a[?'b'] : 1}",
            "[[true ? a.?b : a.?c]]",
        ),
    ],
)
def test_an_optional_that_nothing_reads_is_refused_before_a_run(source: str) -> None:
    for value in ({"expression": source}, f"It is {{{{ {source} }}}}."):
        with pytest.raises(ExpressionError) as refused:
            compile_binding(value, ["a"])
        assert (refused.value.code, "orValue" in str(refused.value.hint)) == ("unread_optional", True)


@pytest.mark.parametrize(
    ("source", "given"),
    [
        ("a.?b.orValue(0)", 1),
        ("a.?z.orValue(0)", 0),
        ("a.?z.hasValue()", False),
        ("a.?z == a.?y", True),
        ("a.?z.or(a.?b).value()", 1),
        ("[?a.?z, a.?b.orValue(3)]", [1]),
        ("{?'z': a.?z, ?'b': a.?b}", {"b": 1}),
        ("{'k': a.?z.optMap(x, x + 1).orValue(7)}", {"k": 7}),
        ("[1, 2].filter(x, a.?b.orValue(0) == x)", [1]),
        ("a[?'z'].orValue('orValue')", "orValue"),
    ],
)
def test_an_optional_that_is_read_is_a_value(source: str, given: object) -> None:
    assert compile_binding({"expression": source}, ["a"]).evaluate({"a": {"b": 1}}) == given
