"""What the log says of the answers of models: when each begins and ends, its sources, and what it cost in any case."""

import asyncio
from typing import Any

import pytest

from flows.engine.execute import execute
from flows.events.events import RunEvent, add_usage, pick_counts
from flows.events.fold import fold
from flows.events.recorder import EventRecorder
from flows.events.usage import sum_usage
from tests.flows.scripted import RESOURCES, analyse, graph, kinds, node, path, run, trigger

YIELD = node("yield", "control.yield_return", value={"expression": "message"})
SOURCE = {"url": "https://e.test", "source": None, "title": "A page", "cited_text": "Said there."}


def pick(events: list[RunEvent], type: str) -> list[Any]:
    return [event for event in events if event["type"] == type]


async def test_the_start_of_an_answer_names_its_model_and_its_id_and_usage_ends_it() -> None:
    document = graph([trigger(), node("answer", "test.stream", chunks=["a"], begins=1)], path("trigger", "answer"))
    events = await run(document)
    assert kinds(events)[3:7] == [
        "node.started answer",
        "answer.started answer",
        "node.message answer",
        "usage answer",
    ]
    started, ended = pick(events, "answer.started")[0], pick(events, "usage")[0]
    assert (started["model"], started["message_id"], started["input_tokens"]) == ("scripted", "msg_0", 5)
    assert (ended["message_id"], ended["stop_reason"], ended["finish_kind"]) == ("msg_0", "end_turn", "stop")
    last: Any = events[-1]
    assert (last["finish_reason"], last["finish_kind"]) == ("end_turn", "stop")


@pytest.mark.parametrize("value", ["message", "message.text"])
async def test_the_sources_of_a_yielded_message_are_in_the_log(value: str) -> None:
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["See", " there."], source="https://e.test"),
            node("yield", "control.yield_return", value={"expression": value}),
        ],
        path("trigger", "answer:for_each_message", "yield"),
    )
    items = pick(await run(document), "item")
    assert [item.get("citations") for item in items] == [None, [SOURCE]]


async def test_the_sources_of_a_message_that_is_not_yielded_are_in_the_log() -> None:
    document = graph(
        [trigger(), node("answer", "test.stream", chunks=["There."], source="https://e.test")],
        path("trigger", "answer"),
    )
    assert pick(await run(document), "node.message")[0]["citations"] == [SOURCE]


async def test_an_answer_that_a_return_leaves_is_told_with_what_is_known_of_its_cost() -> None:
    document = graph(
        [trigger(), node("answer", "test.stream", chunks=["a", "b"], begins=1), node("end", "control.return")],
        path("trigger", "answer:for_each_message", "end"),
    )
    events = await run(document)
    usage, last = pick(events, "usage")[0], fold(events)
    assert (usage["stop_reason"], usage["finish_kind"], usage["output_tokens"]) == ("break", "left", None)
    assert (last["finish_reason"], last["finish_kind"]) == ("break", "left")
    assert last["usage"] is not None
    assert last["usage"]["input_tokens"] == 5


async def test_an_answer_that_was_given_up_for_another_try_counts() -> None:
    document = graph([trigger(), node("answer", "test.stream", chunks=["a"], begins=3)], path("trigger", "answer"))
    events = await run(document)
    assert [usage["message_id"] for usage in pick(events, "usage")] == ["msg_0", "msg_1", "msg_2"]
    state = fold(events)
    assert state["usage"] is not None
    assert state["usage"]["input_tokens"] == 15


async def test_a_cancelled_run_keeps_what_its_open_answer_has_spent() -> None:
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a"], begins=1),
            node("wait", "control.wait", seconds=60),
        ],
        path("trigger", "answer:for_each_message", "wait"),
    )
    events: list[RunEvent] = []
    waiting = asyncio.Event()

    def take(event: RunEvent) -> None:
        events.append(event)
        if event["type"] == "node.started" and event["node"] == "wait":
            waiting.set()

    plan = analyse(document).plan
    assert plan is not None
    recorder = EventRecorder(take)
    task = asyncio.create_task(execute(plan, {"prompt": "x"}, RESOURCES, recorder))
    await waiting.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await recorder.end("run.cancelled", reason="Somebody stopped it.")
    ended: Any = events[-1]
    assert kinds(events)[-2:] == ["usage answer", "run.cancelled"]
    assert (ended["usage"]["input_tokens"], ended["usage"]["output_tokens"]) == (5, None)


async def test_a_failure_says_whose_fault_it_is_and_whether_to_try_again() -> None:
    document = graph([trigger(), node("answer", "test.stream", chunks=["a"], fail_after=0)], path("trigger", "answer"))
    for event in (await run(document))[-2:]:
        told: Any = event
        assert (told["fault"], told["retryable"], told["retry_after_s"]) == ("vendor", True, None)


async def test_what_a_flow_throws_is_a_fault_of_the_flow() -> None:
    document = graph(
        [trigger(), node("throw", "control.throw", message="No.", code="sold_out")], path("trigger", "throw")
    )
    last: Any = (await run(document))[-1]
    assert (last["fault"], last["retryable"]) == ("flow", False)


def test_a_count_is_unknown_only_where_nobody_tells_it() -> None:
    one = pick_counts({"input_tokens": 3, "web_search_requests": 2})
    total = add_usage(add_usage(None, one), pick_counts({"input_tokens": 4, "ephemeral_1h_input_tokens": 8}))
    assert (total["input_tokens"], total["output_tokens"]) == (7, None)
    assert (total.get("web_search_requests"), total.get("ephemeral_1h_input_tokens")) == (2, 8)


def test_the_cost_of_a_lost_run_is_read_from_its_log() -> None:
    begun = {"type": "answer.started", "node": "a", "input_tokens": 5}
    events = [
        {**begun, "message_id": "1"},
        {**begun, "message_id": "1", "type": "usage", "output_tokens": 9},
        {**begun, "message_id": "2"},
    ]
    total = sum_usage(events)
    assert total is not None
    assert (total["input_tokens"], total["output_tokens"]) == (10, 9)
    assert sum_usage([]) is None
