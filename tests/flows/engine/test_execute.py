"""What the engine does with a plan: order, branches, failures, and what it closes on the way out."""

import asyncio

import pytest

from flows.engine.execute import execute
from flows.engine.resources import RunResources
from flows.events.events import RunEvent
from flows.events.fold import fold
from flows.events.recorder import EventRecorder
from tests.flows.scripted import Rescue, Stream, analyse, graph, kinds, node, path, run, trigger

YIELD = node("yield", "control.yield_return", value={"expression": "message"})
STREAM = graph(
    [trigger(), node("answer", "test.stream", chunks=["a", "b"]), YIELD, node("after", "control.log", message="x")],
    [*path("trigger", "answer:for_each_message", "yield"), *path("answer", "after")],
)


async def test_the_path_of_a_message_runs_to_its_end_before_the_next_message() -> None:
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a", "b"]),
            YIELD,
            node("count", "control.log", message="{{ message.index }}"),
        ],
        [*path("trigger", "answer:for_each_message", "yield", "count")],
    )
    order = [kind for kind in kinds(await run(document)) if kind.startswith(("item", "log"))]
    assert order == ["item yield", "log count", "item yield", "log count"]


async def test_continue_runs_once_after_the_stream() -> None:
    told = kinds(await run(STREAM))
    assert told.count("node.started after") == 1
    assert told.index("node.started after") > told.index("node.finished answer")


async def test_a_yielded_message_is_one_event_that_names_its_source() -> None:
    events = await run(STREAM)
    items = [event for event in events if event["type"] == "item"]
    assert [(e["source"], e["message"], e["text"]) for e in items] == [("answer", 0, "a"), ("answer", 1, "b")]
    assert not [event for event in events if event["type"] == "node.message"]


async def test_a_message_that_is_changed_before_its_yield_is_shown_as_it_came_too() -> None:
    changed = node("yield", "control.yield_return", value="<{{ message }}>")
    document = graph(
        [trigger(), node("answer", "test.stream", chunks=["a"]), changed],
        path("trigger", "answer:for_each_message", "yield"),
    )
    state = fold(await run(document))
    assert (state["text"], state["nodes"]["answer"]["text"]) == ("<a>", "a")


async def test_a_node_that_repeats_tells_its_start_once_and_its_count_at_the_end() -> None:
    events = await run(STREAM)
    finished = [event for event in events if event["type"] == "node.finished" and event["node"] == "yield"]
    assert kinds(events).count("node.started yield") == 1
    assert [event["count"] for event in finished] == [2]


async def test_return_inside_a_stream_closes_it_and_ends_the_run() -> None:
    Stream.closed.clear()
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a", "b"]),
            node("end", "control.return", value={"expression": "message"}),
        ],
        path("trigger", "answer:for_each_message", "end"),
    )
    events = await run(document)
    assert Stream.closed == ["answer"]
    assert events[-1]["type"] == "run.completed"
    assert events[-1]["result"] == {"text": "a", "index": 0}


async def test_return_closes_an_action_that_waits_for_nothing_too() -> None:
    Rescue.closed.clear()
    document = graph(
        [trigger(), node("rescue", "test.rescue"), node("end", "control.return", value="left")],
        path("trigger", "rescue:try", "end"),
    )
    assert (await run(document))[-1]["type"] == "run.completed"
    assert Rescue.closed == ["rescue"]


async def test_a_loop_that_waits_for_nothing_lets_others_go_on() -> None:
    document = graph(
        [
            trigger(),
            node("each", "control.for_each", items=list(range(200))),
            node("set", "data.set_variable", name="x", value=1),
        ],
        path("trigger", "each:for_each_item", "set"),
    )
    loop = asyncio.create_task(run(document))
    turns = 0
    while not loop.done():
        await asyncio.sleep(0)
        turns += 1
    assert (await loop)[-1]["type"] == "run.completed"
    assert turns > 200


async def test_a_failure_keeps_what_was_yielded_and_names_its_node() -> None:
    document = graph(
        [trigger(), node("answer", "test.stream", chunks=["a", "b", "c"], fail_after=2), YIELD],
        path("trigger", "answer:for_each_message", "yield"),
    )
    state = fold(await run(document))
    assert (state["status"], state["text"]) == ("failed", "ab")
    assert state["error"] == {
        "code": "upstream_truncated",
        "message": "The answer ended early.",
        "hint": "Try again.",
        "node": "answer",
        "fault": "vendor",
        "retryable": True,
        "retry_after_s": None,
    }


async def test_an_action_may_catch_what_fails_in_its_path() -> None:
    document = graph(
        [
            trigger(),
            node("rescue", "test.rescue"),
            node("answer", "test.stream", chunks=["a"], fail_after=0),
            node("caught", "control.yield_return", value="caught"),
        ],
        [*path("trigger", "rescue:try", "answer"), *path("rescue:catch", "caught")],
    )
    state = fold(await run(document))
    assert (state["status"], state["text"]) == ("completed", "caught")
    assert state["nodes"]["answer"]["state"] == "failed"


@pytest.mark.parametrize(("prompt", "taken"), [("yes", "then"), ("no", "else")])
async def test_if_runs_one_path_and_then_goes_on(prompt: str, taken: str) -> None:
    document = graph(
        [
            trigger(),
            node("if", "control.if", condition={"expression": 'chatCompletionRequest.prompt == "yes"'}),
            node("then", "control.yield_return", value="then"),
            node("else", "control.yield_return", value="else"),
            node("after", "control.yield_return", value=" after"),
        ],
        [*path("trigger", "if:then", "then"), *path("if:else", "else"), *path("if", "after")],
    )
    assert fold(await run(document, prompt))["text"] == f"{taken} after"


async def test_a_condition_that_is_no_boolean_fails_at_its_node() -> None:
    document = graph(
        [trigger(), node("if", "control.if", condition={"expression": "chatCompletionRequest.prompt + '?'"})],
        path("trigger", "if"),
    )
    error = fold(await run(document))["error"]
    assert error
    assert (error["code"], error["node"]) == ("invalid_value", "if")


async def test_a_value_that_is_absent_at_run_time_fails_the_run_by_name() -> None:
    document = graph(
        [trigger(), node("yield", "control.yield_return", value="{{ chatCompletionRequest.context.title }}")],
        path("trigger", "yield"),
    )
    error = fold(await run(document))["error"]
    assert error
    assert (error["code"], error["node"]) == ("missing_value", "yield")
    assert "title" in error["message"]


async def test_cancelling_closes_the_generator_and_passes_through() -> None:
    Stream.closed.clear()
    reached = asyncio.Event()

    async def sink(event: RunEvent) -> None:
        if event["type"] == "item":
            reached.set()
            await asyncio.Event().wait()

    plan = analyse(STREAM).plan
    assert plan
    task = asyncio.create_task(execute(plan, {"prompt": "x"}, RunResources(), EventRecorder(sink)))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert Stream.closed == ["answer"]


async def test_a_set_variable_can_count_the_messages() -> None:
    document = graph(
        [
            trigger(),
            node("zero", "data.set_variable", name="count", value=0),
            node("answer", "test.stream", chunks=["a", "b", "c"]),
            node("add", "data.set_variable", name="count", value={"expression": "count + 1"}),
            node("end", "control.return", value={"expression": "count"}),
        ],
        [*path("trigger", "zero", "answer:for_each_message", "add"), *path("answer", "end")],
    )
    assert fold(await run(document))["result"] == 3
