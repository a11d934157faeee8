"""What expressions read of the workspace's variables, found and judged before a run."""

from typing import Any

import pytest

from expressions.errors import ExpressionError
from flows.graph.bindings import compile_binding
from flows.graph.compile import Analysis, compile_plan
from flows.graph.document import Graph
from flows.graph.env_reads import find_env_names, list_named_in_graph, may_read_env
from tests.flows.scripted import REGISTRY, graph, node, path, trigger

READS: dict[str, tuple[Any, set[str], set[str]]] = {
    "a path": ("{{ env.A }}", {"A"}, set()),
    "within a text": ("a {{ env.A + env['B'] }} c", {"A", "B"}, set()),
    "within JSON": ({"a": ["{{ env.A }}"], "b": {"expression": "env.B"}}, {"A", "B"}, set()),
    "as a name": ("{{ m[env.A] }}", {"A"}, set()),
    "its size": ("{{ env.A.size() > 2 }}", {"A"}, set()),
    "asked for": ("{{ has(env.A) && env.?B.hasValue() }}", set(), {"A", "B"}),
    "of a comprehension": ("{{ [1].map(env, env) }}", set(), set()),
    "another field": ("{{ m.env.A }}", set(), set()),
}
WHOLE = [
    "{{ env }}",
    "{{ env[m] }}",
    "{{ size(env) }}",
    "{{ m.map(k, env[k]) }}",
    "{{ {'a': env} }}",
    "{{ 'A' in env }}",
]


@pytest.mark.parametrize(("value", "needed", "optional"), READS.values(), ids=READS)
def test_the_names_are_found(value: Any, needed: set[str], optional: set[str]) -> None:
    names = find_env_names(compile_binding(value, {"env", "m"}))
    assert (set(names.needed), set(names.optional), names.is_whole) == (needed, optional, False)


@pytest.mark.parametrize("value", WHOLE)
def test_env_as_a_whole_is_found(value: str) -> None:
    assert find_env_names(compile_binding(value, {"env", "m"})).is_whole


def test_a_stored_graph_tells_its_names_also_when_it_cannot_be_compiled() -> None:
    document = graph([node("a", "x", one="{{ env.A +", two="{{ env.B + }}", three={"expression": "env['C']"})], [])
    assert list_named_in_graph(document) == {"B", "C"}
    assert not list_named_in_graph(graph([node("a", "x", text="env.A is text")], []))


def test_the_word_is_found_behind_a_line_break() -> None:
    assert may_read_env(rb'{"value":"{{\nenv.A }}"}')
    assert not may_read_env(b'{"value":"in this environment"}')


def analyse(value: str, variables: dict[str, str | None], *before: dict[str, Any]) -> Analysis:
    nodes = [trigger(), *before, node("give", "control.yield_return", value=value)]
    document = graph(nodes, path("trigger", *(each["id"] for each in nodes[1:])))
    return compile_plan(Graph.model_validate(document), REGISTRY, {}, {}, variables)


def list_told(analysis: Analysis) -> list[tuple[str, str, str | None]]:
    return [(problem.code, problem.message, problem.hint) for problem in analysis.problems]


def test_a_declared_name_is_no_problem() -> None:
    analysis = analyse("{{ env.TONE }}", {"TONE": None, "OTHER": None})
    assert list_told(analysis) == []
    assert analysis.env_names == {"TONE"}


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    told = list_told(analyse("{{ env.TOEN }}", {"TONE": None}))
    assert told == [("unknown_env_variable", "Value: the workspace has no variable 'TOEN'.", "Nearest: TONE.")]


def test_one_without_a_value_is_told_unless_it_is_only_asked_for() -> None:
    variables: dict[str, str | None] = {"TONE": "env.TONE has no value in production."}
    told = list_told(analyse("{{ env.TONE }}", variables))
    assert [(code, message) for code, message, _ in told] == [
        ("env_variable_unset", "Value: env.TONE has no value in production.")
    ]
    assert list_told(analyse("{{ env.?TONE.orValue('dry') }}", variables)) == []


def test_env_as_a_whole_is_a_problem() -> None:
    assert [code for code, *_ in list_told(analyse("{{ size(env) }}", {"TONE": None}))] == ["env_without_name"]


def test_a_variable_of_the_flow_hides_those_of_the_workspace() -> None:
    analysis = analyse("{{ env.TONE }}", {}, node("set", "data.set_variable", name="env", value="x"))
    assert list_told(analysis) == []
    assert not analysis.env_names


def test_without_env_an_unknown_variable_is_unknown_as_ever() -> None:
    with pytest.raises(ExpressionError, match="No variable 'evn'"):
        compile_binding("{{ evn.A }}", {"env"})
