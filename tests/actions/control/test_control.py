"""What the control actions do with order, loops, failures and other flows."""

from pathlib import Path
from typing import Any

import pytest

from actions.contract.action import MAX_CASES
from flows.engine.resources import CallableFlow, RunResources
from flows.events.events import RunEvent
from flows.events.fold import fold
from tests.flows.scripted import Stream, analyse, graph, kinds, node, path, run, trigger


def yields(value: str, id: str = "give") -> dict[str, Any]:
    return node(id, "control.yield_return", value=value)


def flow(nodes: list[dict[str, Any]], *paths: list[dict[str, Any]]) -> dict[str, Any]:
    return graph([trigger(), *nodes], [edge for each in paths for edge in each])


def texts(events: list[RunEvent]) -> list[Any]:
    return [event.get("text", event.get("value")) for event in events if event["type"] == "item"]


def problems(document: dict[str, Any]) -> list[str]:
    return [problem.code for problem in analyse(document).problems]


@pytest.mark.parametrize(
    ("value", "taken"), [("a", "first"), ("3", "second"), ({"expression": "1 + 2"}, "second"), ("", "other")]
)
async def test_switch_takes_the_case_whose_text_the_value_is(value: Any, taken: str) -> None:
    document = flow(
        [
            node("switch", "control.switch", value=value or "none", cases=["a", "3"]),
            yields("first", "one"), yields("second", "two"), yields("other", "rest"), yields("after", "last"),
        ],
        path("trigger", "switch:case_1", "one"), path("switch:case_2", "two"), path("switch:default", "rest"),
        path("switch", "last"),
    )  # fmt: skip
    assert texts(await run(document)) == [taken, "after"]


def test_an_edge_from_a_case_that_is_gone_is_a_problem() -> None:
    document = flow(
        [node("switch", "control.switch", value="a", cases=["a"]), yields("x")],
        path("trigger", "switch:case_2", "give"),
    )
    assert "unknown_port" in problems(document)


def test_a_case_that_is_there_twice_is_a_problem() -> None:
    document = flow([node("switch", "control.switch", value="a", cases=["a", "a"])], path("trigger", "switch"))
    assert "duplicate_case" in problems(document)


def loop(*inner: str, items: Any = ("a", "b", "c"), nodes: list[dict[str, Any]]) -> dict[str, Any]:
    each = node("each", "control.for_each", items=list(items))
    return flow(
        [each, *nodes, yields("end", "end")], path("trigger", "each", "end"), path("each:for_each_item", *inner)
    )


async def test_for_each_runs_its_path_for_every_item_in_order() -> None:
    assert texts(await run(loop("give", nodes=[yields("{{ item }}")]))) == ["a", "b", "c", "end"]


async def test_for_each_over_no_items_goes_on() -> None:
    assert texts(await run(loop("give", items=[], nodes=[yields("{{ item }}")]))) == ["end"]


async def test_for_each_over_a_text_fails_at_the_node_and_says_what_it_wants() -> None:
    document = flow(
        [node("each", "control.for_each", items={"expression": "chatCompletionRequest.prompt"})],
        path("trigger", "each"),
    )
    last = (await run(document))[-1]
    assert (last["type"], last.get("code"), last.get("node")) == ("run.failed", "invalid_value", "each")


IF_B = node("if", "control.if", condition={"expression": "item == 'b'"})


async def test_break_ends_the_loop_from_within_an_if() -> None:
    document = loop("if", "give", nodes=[IF_B, node("break", "control.break"), yields("{{ item }}")])
    document["edges"] += path("if:then", "break")
    assert texts(await run(document)) == ["a", "end"]


async def test_continue_leaves_out_the_rest_of_one_pass() -> None:
    document = loop("if", "give", nodes=[IF_B, node("next", "control.continue"), yields("{{ item }}")])
    document["edges"] += path("if:then", "next")
    assert texts(await run(document)) == ["a", "c", "end"]


async def test_break_in_a_loop_in_a_loop_ends_the_inner_one() -> None:
    inner = node("inner", "control.for_each", items=[1, 2], item_variable_name="number")
    document = loop("inner", nodes=[inner, yields("{{ item }}{{ number }}"), node("break", "control.break")])
    document["edges"] += path("inner:for_each_item", "give", "break")
    assert texts(await run(document)) == ["a1", "b1", "c1", "end"]


async def test_break_ends_a_stream_and_closes_it() -> None:
    Stream.closed.clear()
    document = flow(
        [node("answer", "test.stream", chunks=["a", "b", "c"]), yields("{{ message }}"), node("break", "control.break"),
         yields("end", "end")],
        path("trigger", "answer", "end"), path("answer:for_each_message", "give", "break"),
    )  # fmt: skip
    events = await run(document)
    assert (texts(events), Stream.closed) == (["a", "end"], ["answer"])
    assert fold(events)["nodes"]["answer"]["state"] == "done"


@pytest.mark.parametrize("action", ["control.break", "control.continue"])
def test_what_leaves_a_loop_outside_of_one_is_a_problem(action: str) -> None:
    assert "not_in_loop" in problems(flow([node("leave", action)], path("trigger", "leave")))


WHILE = [
    node("start", "data.declare_variables", variables={"count": 0}),
    node("while", "control.while", condition={"expression": "count < 3"}),
    node("more", "data.set_variable", name="count", value={"expression": "count + 1"}),
    yields("{{ count }}"),
]


async def test_while_looks_at_its_condition_before_every_pass() -> None:
    assert texts(await run(flow(WHILE, path("trigger", "start", "while:do", "more", "give")))) == [1, 2, 3]


async def test_while_without_an_end_fails_at_its_maximum() -> None:
    endless = node("while", "control.while", condition={"expression": "1 == 1"}, maximum=10)
    last = (await run(flow([endless, yields("x")], path("trigger", "while:do", "give"))))[-1]
    assert (last["type"], last.get("code"), last.get("node")) == ("run.failed", "too_many_passes", "while")


TRY = node("try", "control.try_catch")
THROW = node("throw", "control.throw", message="Sold out.", code="sold_out")
CAUGHT = yields("{{ error.code }}: {{ error.message }} {{ error.node }}", "caught")


async def test_catch_gets_the_error_and_the_flow_goes_on() -> None:
    document = flow(
        [TRY, THROW, CAUGHT, yields("end", "end")],
        path("trigger", "try", "end"), path("try:try", "throw"), path("try:catch", "caught"),
    )  # fmt: skip
    events = await run(document)
    assert texts(events) == ["sold_out: Sold out. throw", "end"]
    assert events[-1]["type"] == "run.completed"


async def test_catch_learns_whose_fault_it_is_and_whether_to_try_again() -> None:
    told = yields("{{ error.fault }} {{ error.retryable }} {{ error.retry_after_s == null }}", "caught")
    model = node("answer", "test.stream", chunks=["a"], fail_after=0)
    document = flow([TRY, THROW, told], path("trigger", "try:try", "throw"), path("try:catch", "caught"))
    assert texts(await run(document)) == ["flow false true"]
    document = flow([TRY, model, told], path("trigger", "try:try", "answer"), path("try:catch", "caught"))
    assert texts(await run(document)) == ["vendor true true"]


async def test_what_was_yielded_before_the_failure_stays() -> None:
    model = node("answer", "test.stream", chunks=["a", "b", "c"], fail_after=2)
    document = flow(
        [TRY, model, yields("{{ message }}"), CAUGHT],
        path("trigger", "try:try", "answer:for_each_message", "give"), path("try:catch", "caught"),
    )  # fmt: skip
    assert texts(await run(document)) == ["a", "b", "upstream_truncated: The answer ended early. answer"]


async def test_nodes_around_a_caught_failure_are_told_as_stopped() -> None:
    document = flow(
        [TRY, node("if", "control.if", condition={"expression": "1 == 1"}), THROW, yields("end", "end")],
        path("trigger", "try", "end"), path("try:try", "if:then", "throw"),
    )  # fmt: skip
    state = fold(await run(document))
    assert {id: state["nodes"][id]["state"] for id in ("throw", "if", "try")} == {
        "throw": "failed", "if": "failed", "try": "done",
    }  # fmt: skip
    stopped = state["nodes"]["if"]["error"]
    assert stopped is not None
    assert (stopped["code"], stopped["message"]) == ("stopped", "Throw failed in its path.")


async def test_a_failure_in_catch_is_not_caught_there() -> None:
    document = flow(
        [TRY, THROW, node("again", "control.throw", message="Twice.")],
        path("trigger", "try:try", "throw"), path("try:catch", "again"),
    )  # fmt: skip
    last = (await run(document))[-1]
    assert (last["type"], last.get("node")) == ("run.failed", "again")


async def test_a_return_in_try_is_no_failure() -> None:
    document = flow(
        [TRY, node("return", "control.return", value="done"), CAUGHT],
        path("trigger", "try:try", "return"), path("try:catch", "caught"),
    )  # fmt: skip
    last = (await run(document))[-1]
    assert (last["type"], last.get("result")) == ("run.completed", "done")


async def test_yield_break_ends_the_flow_without_a_result() -> None:
    document = flow([yields("a"), node("stop", "control.yield_break")], path("trigger", "give", "stop"))
    events = await run(document)
    assert (texts(events), events[-1].get("result")) == (["a"], None)


async def test_wait_lets_time_pass() -> None:
    events = await run(flow([node("wait", "control.wait", seconds=0.05)], path("trigger", "wait")))
    assert events[-1]["ms"] >= 50


CALLED = flow(
    [node("answer", "test.stream", chunks=["a", "b"]), yields("{{ message }}"),
     node("return", "control.return", value="{{ chatCompletionRequest.prompt }}!")],
    path("trigger", "answer", "return"), path("answer:for_each_message", "give"),
)  # fmt: skip


def make_resources(**flows: dict[str, Any]) -> RunResources:
    plans = {name: analyse(document).plan for name, document in flows.items()}
    return RunResources(run_id="r", flows={name: CallableFlow(name, plan) for name, plan in plans.items() if plan})


def calling(*more: dict[str, Any], **properties: Any) -> list[dict[str, Any]]:
    return [node("call", "control.run_flow", flow="called", **properties), *more]


async def test_what_a_called_flow_yields_is_forwarded_and_what_it_returns_is_the_result() -> None:
    document = flow(
        calling(yields("{{ result }}"), input={"prompt": "So: {{ chatCompletionRequest.prompt }}"}),
        path("trigger", "call", "give"),
    )
    events = await run(document, resources=make_resources(called=CALLED))
    assert texts(events) == ["a", "b", "So: Hello!"]
    state = fold(events)
    assert (state["nodes"]["call"]["text"], state["usage"] and state["usage"]["output_tokens"]) == ("ab", 2)
    assert set(state["nodes"]) == {"trigger", "call", "give"}


async def test_what_a_called_flow_yields_may_be_consumed() -> None:
    document = flow(calling(yields("<{{ item }}>"), yields="consume"), path("trigger", "call:for_each_item", "give"))
    assert texts(await run(document, resources=make_resources(called=CALLED))) == ["<a>", "<b>"]


async def test_break_in_for_each_item_ends_the_called_flow() -> None:
    Stream.closed.clear()
    document = flow(
        calling(yields("<{{ item }}>"), node("break", "control.break"), yields("end", "end"), yields="consume"),
        path("trigger", "call", "end"), path("call:for_each_item", "give", "break"),
    )  # fmt: skip
    assert texts(await run(document, resources=make_resources(called=CALLED))) == ["<a>", "end"]
    assert Stream.closed == ["answer"]


async def test_a_failure_in_for_each_item_is_not_caught_by_the_called_flow() -> None:
    guarded = flow(
        [TRY, yields("a"), yields("swallowed", "caught")],
        path("trigger", "try:try", "give"),
        path("try:catch", "caught"),
    )
    document = flow(calling(THROW, yields="consume"), path("trigger", "call:for_each_item", "throw"))
    last = (await run(document, resources=make_resources(called=guarded)))[-1]
    assert (last["type"], last.get("node"), last.get("code")) == ("run.failed", "throw", "sold_out")


async def test_a_called_flow_that_fails_names_itself_and_can_be_caught() -> None:
    failing = flow([THROW], path("trigger", "throw"))
    document = flow(
        [TRY, *calling(), yields("{{ error.message }}", "caught")],
        path("trigger", "try:try", "call"),
        path("try:catch", "caught"),
    )
    assert texts(await run(document, resources=make_resources(called=failing))) == [
        "In flow 'called', Throw: Sold out."
    ]


async def test_a_flow_that_calls_itself_ends_at_the_limit() -> None:
    document = flow(calling(), path("trigger", "call"))
    last = (await run(document, resources=make_resources(called=document)))[-1]
    assert (last["type"], last.get("code"), last.get("node")) == ("run.failed", "calls_too_deep", "call")


async def test_an_input_that_the_called_flow_does_not_take_fails_at_the_node() -> None:
    document = flow(calling(input={"question": "x"}), path("trigger", "call"))
    last = (await run(document, resources=make_resources(called=CALLED)))[-1]
    assert (last.get("code"), last.get("node")) == ("invalid_input", "call")


async def test_the_events_of_loops_are_told_once_a_node() -> None:
    told = kinds(await run(loop("give", nodes=[yields("{{ item }}")])))
    assert [told.count(f"node.{what} give") for what in ("started", "finished")] == [1, 1]


def test_the_browser_draws_as_many_cases_as_a_switch_may_have() -> None:
    source = Path(__file__).parents[3] / "frontend" / "src" / "graph" / "action-index.ts"
    assert f"const MAX_CASES = {MAX_CASES};" in source.read_text("utf-8")
