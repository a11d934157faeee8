"""Every problem of a graph is told at once, with its node, its property and a remedy."""

import time
from typing import Any

import pytest

from flows.graph.document import Graph
from flows.models import empty_graph
from tests.flows.scripted import analyse, graph, node, path, trigger

YIELD = node("yield", "control.yield_return", value="x")


def codes(document: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    return [(p.code, p.node, p.property) for p in analyse(document).problems]


PROBLEMS: dict[str, tuple[dict[str, Any], tuple[str, str | None, str | None]]] = {
    "no trigger": (graph([YIELD], []), ("no_trigger", None, None)),
    "a second trigger": (
        graph([trigger(), node("t2", "chat.completion_trigger")], []),
        ("second_trigger", "t2", None),
    ),
    "an action that does not exist": (graph([trigger(), node("x", "no.such")], []), ("unknown_action", "x", None)),
    "a required property that is unset": (
        graph([trigger(), node("y", "control.yield_return")], path("trigger", "y")),
        ("required", "y", "value"),
    ),
    "a property that does not exist": (
        graph([trigger(), node("y", "control.yield_return", value="x", nope=1)], path("trigger", "y")),
        ("unknown_property", "y", "nope"),
    ),
    "a wrong type": (
        graph([trigger(), node("l", "control.log", message="x", level="loud")], path("trigger", "l")),
        ("invalid_value", "l", "level"),
    ),
    "an unknown variable": (
        graph(
            [trigger(), node("y", "control.yield_return", value={"expression": "chatRequest.prompt"})],
            path("trigger", "y"),
        ),
        ("unknown_variable", "y", "value"),
    ),
    "an unknown field of a known record": (
        graph(
            [trigger(), node("y", "control.yield_return", value={"expression": "chatCompletionRequest.promt"})],
            path("trigger", "y"),
        ),
        ("unknown_field", "y", "value"),
    ),
    "an expression that cannot be read": (
        graph([trigger(), node("y", "control.yield_return", value={"expression": "1 +"})], path("trigger", "y")),
        ("invalid_expression", "y", "value"),
    ),
    "a segment that is not closed": (
        graph([trigger(), node("y", "control.yield_return", value="Hi {{ name")], path("trigger", "y")),
        ("unclosed_segment", "y", "value"),
    ),
    "a mode that the property does not take": (
        graph([trigger(), node("i", "data.set_variable", name={"expression": "x"}, value=1)], path("trigger", "i")),
        ("mode_not_allowed", "i", "name"),
    ),
    "a cycle": (
        graph(
            [trigger(), node("a", "control.log", message="x"), node("b", "control.log", message="x")],
            [*path("trigger", "a", "b"), *path("b", "a")],
        ),
        ("cycle", "a", None),
    ),
    "a port that does not exist": (
        graph([trigger(), YIELD], path("trigger:nope", "yield")),
        ("unknown_port", "trigger", None),
    ),
    "an edge to a node that is not there": (graph([trigger()], path("trigger", "gone")), ("missing_node", None, None)),
    "a node that nothing leads to": (graph([trigger(), YIELD], []), ("unreachable", "yield", None)),
    "a reserved word as a variable": (
        graph([trigger(), node("s", "data.set_variable", name="in", value=1)], path("trigger", "s")),
        ("invalid_value", "s", "name"),
    ),
}


@pytest.mark.parametrize(("document", "problem"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_names_its_place(document: dict[str, Any], problem: tuple[str, str | None, str | None]) -> None:
    assert problem in codes(document)


def test_all_problems_are_told_at_once() -> None:
    document = graph(
        [trigger(), node("a", "control.log"), node("b", "control.yield_return", value="{{ nope }}")],
        path("trigger", "a", "b"),
    )
    analysis = analyse(document)
    assert analysis.plan is None
    assert {("required", "a"), ("unknown_variable", "b")} <= {(p.code, p.node) for p in analysis.problems}


def test_an_unknown_variable_names_the_nearest_and_its_column() -> None:
    document = graph(
        [trigger(), node("y", "control.yield_return", value="Hi {{ chatRequest.prompt }}")], path("trigger", "y")
    )
    problem = analyse(document).problems[0]
    assert (problem.hint, problem.column) == ("Nearest: chatCompletionRequest.", 7)


def test_a_variable_of_one_branch_only_may_be_unset_afterwards() -> None:
    document = graph(
        [
            trigger(),
            node("if", "control.if", condition={"expression": "chatCompletionRequest.prompt == ''"}),
            node("set", "data.set_variable", name="answer", value="x"),
            node("end", "control.return", value={"expression": "answer"}),
        ],
        [*path("trigger", "if:then", "set"), *path("if", "end")],
    )
    analysis = analyse(document)
    assert [(p.code, p.severity) for p in analysis.problems] == [("may_be_unset", "warning")]
    assert analysis.plan is not None


def test_a_message_is_in_scope_in_its_path_only() -> None:
    document = graph(
        [
            trigger(),
            node("s", "test.stream"),
            node("in", "control.yield_return", value={"expression": "message"}),
            node("after", "control.yield_return", value={"expression": "response"}),
        ],
        [*path("trigger", "s:for_each_message", "in"), *path("s", "after")],
    )
    analysis = analyse(document).to_json()
    names = [variable["name"] for variable in analysis["variables"]]
    assert [names[place] for place in analysis["scope"]["in"]] == ["chatCompletionRequest", "message"]
    assert "response" in [names[place] for place in analysis["scope"]["after"]]


@pytest.mark.parametrize(
    ("edges", "streams"),
    [
        (path("trigger", "s:for_each_message", "yield"), True),
        (path("trigger", "s", "yield"), False),
    ],
)
def test_it_says_whether_a_caller_receives_the_answer_as_it_comes(edges: list[dict[str, Any]], streams: bool) -> None:
    assert analyse(graph([trigger(), node("s", "test.stream"), YIELD], edges)).streaming.streams is streams


@pytest.mark.parametrize("started_by", ["schedule.trigger", "chat.feedback_trigger"])
def test_a_flow_that_nobody_waits_for_is_told_of_no_client(started_by: str) -> None:
    begin, stream = node("trigger", started_by), node("s", "test.stream")
    kept = analyse(graph([begin], []))
    assert kept.streaming.text == "Nobody waits for an answer. The run keeps the result."
    yielding = analyse(graph([begin, YIELD], path("trigger", "yield"))).streaming
    assert yielding.text == "Nobody waits for an answer. The run keeps what Yield return gives."
    silent = analyse(graph([begin, stream], path("trigger", "s")))
    assert silent.streaming.text == "Nobody waits for an answer. The run keeps the result."
    assert [problem.code for problem in silent.problems if problem.code == "nothing_yielded"] == []


def test_a_stream_that_nothing_yields_is_a_warning() -> None:
    document = graph([trigger(), node("s", "test.stream")], path("trigger", "s"))
    assert ("nothing_yielded", "s", None) in codes(document)


def test_a_disabled_node_needs_no_values_and_provides_none() -> None:
    off = node("s", "data.set_variable", name="x", value=1, disabled=True)
    document = graph(
        [trigger(), off, node("y", "control.yield_return", value={"expression": "x"})], path("trigger", "s", "y")
    )
    assert codes(document) == [("unknown_variable", "y", "value")]


def test_the_largest_graph_is_compiled_while_a_builder_types() -> None:
    nodes = [trigger()] + [
        node(f"n{i}", "data.set_variable", name=f"v{i}", value="{{ chatCompletionRequest.prompt }}") for i in range(499)
    ]
    began = time.process_time()
    analysis = analyse(graph(nodes, path(*(n["id"] for n in nodes))))
    assert analysis.plan is not None
    assert time.process_time() - began < 5  # a guard against quadratic work, not a measure of speed


def test_a_new_flow_holds_the_graph_without_nodes() -> None:
    assert empty_graph() == Graph().to_json()
