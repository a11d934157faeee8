"""What a flow yields beside text: as the log holds it, and as each format and protocol leaves it out or shows it."""

import json
from typing import Any

import pytest

from flows.engine.yields import MAX_HELD_BACK_CHARACTERS, RunItems
from flows.events.recorder import EventRecorder
from flows.events.yielded import YieldedValues
from flows.wire.json_array import JsonArray
from flows.wire.plain_text import PlainText
from flows.wire.sse import ServerSentEvents
from tests.flows.protocols.golden import ENCODERS, read_frames
from tests.flows.scripted import graph, node, path, run, trigger


def yield_return(value: Any, kind: str, **of_trigger: str) -> dict[str, Any]:
    first = trigger()
    first["properties"] |= of_trigger
    steps = [first, node("yield", "control.yield_return", value=value, kind=kind)]
    return graph(steps, path("trigger", "yield"))


SOURCE = {"url": "https://e.test", "source": None, "title": None, "cited_text": None}
VALUES: list[tuple[Any, str, Any]] = [
    ("Hm.", "thinking", "Hm."),
    ({"expression": "{'a': 1}"}, "thinking", '{"a":1}'),
    ("https://e.test", "source", SOURCE),
    ("A book", "source", {**SOURCE, "url": None, "title": "A book"}),
    ({"expression": "{'url': 'https://e.test', 'more': 1}"}, "source", SOURCE),
    ("x", "data", "x"),
    ({"expression": "[1]"}, "data", [1]),
    ({"expression": "{'name': 'f'}"}, "tool", {"id": "f", "name": "f", "input": None, "output": None}),
    (
        {"expression": "{'name': 'f', 'id': '1', 'input': {'q': 1}, 'output': 2}"},
        "tool",
        {"id": "1", "name": "f", "input": {"q": 1}, "output": 2},
    ),
]


@pytest.mark.parametrize(("value", "kind", "stored"), VALUES)
async def test_a_kind_is_told_once_in_its_item(value: Any, kind: str, stored: Any) -> None:
    items: list[Any] = [event for event in await run(yield_return(value, kind)) if event["type"] == "item"]
    assert [(item["kind"], item["value"], "text" in item) for item in items] == [(kind, stored, False)]


async def test_text_has_no_kind() -> None:
    items: list[Any] = [event for event in await run(yield_return("x", "text")) if event["type"] == "item"]
    assert list(items[0]) == ["type", "seq", "ms", "index", "node", "source", "message", "text"]


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ({"expression": "''"}, "source", "invalid_source"),
        ({"expression": "{'url': 1}"}, "source", "invalid_source"),
        ({"expression": "[1]"}, "source", "invalid_source"),
        ("x", "tool", "invalid_tool_step"),
        ({"expression": "{'name': ''}"}, "tool", "invalid_tool_step"),
    ],
)
async def test_what_is_not_of_its_kind_fails_at_its_node(value: Any, kind: str, code: str) -> None:
    *_, failed, end = await run(yield_return(value, kind))
    assert (failed["type"], end["type"]) == ("node.failed", "run.failed")
    assert end["code"] == code  # type: ignore[typeddict-item]  # it is a RunFailed


@pytest.mark.parametrize(
    ("rule", "received"),
    [("all", ["thinking", "source", "data"]), ("answer", ["source", "data"]), ("text", [])],
)
async def test_the_trigger_says_which_kinds_callers_receive(rule: str, received: list[str]) -> None:
    first = trigger()
    first["properties"] |= {"callers_receive": rule}
    steps = [node(kind, "control.yield_return", value="x", kind=kind) for kind in ("thinking", "source", "data")]
    text = node("text", "control.yield_return", value="x")
    names = ("trigger", *(step["id"] for step in steps), "text")
    events: list[Any] = await run(graph([first, *steps, text], path(*names)))
    items = [event for event in events if event["type"] == "item"]
    assert [item.get("kind") for item in items] == [*received, None]
    assert [item["index"] for item in items] == list(range(len(items)))
    held_back = [event["node"] for event in events if event["type"] == "log"]
    assert held_back == [kind for kind in ("thinking", "source", "data") if kind not in received]


async def test_what_is_held_back_is_cut_behind_its_secrets_and_not_within_one() -> None:
    told: list[Any] = []
    items = RunItems(EventRecorder(told.append), "text", ("no-one-sees-it",))
    await items.yield_part("node", "data", "x" * (MAX_HELD_BACK_CHARACTERS - 5) + "no-one-sees-it")
    assert "no-on" not in told[0]["message"]


def test_the_formats_of_rest_show_what_they_have_a_place_for() -> None:
    frames = read_frames("kinds")
    assert ServerSentEvents().encode(frames).count(b'"kind":"thinking"') == 3
    assert PlainText().encode(frames) == b"A mill."
    assert json.loads(b"[" + JsonArray().encode(frames)) == ["A mill.", {"wheels": 2}]


def test_a_whole_answer_holds_text_and_data() -> None:
    yielded = YieldedValues()
    for frame in read_frames("kinds"):
        yielded.add(json.loads(frame.data), len(frame.data))
    assert (yielded.values, yielded.left_out) == (["A mill.", {"wheels": 2}], 0)


@pytest.mark.parametrize("protocol", ENCODERS)
def test_no_thinking_is_text_of_an_answer(protocol: str) -> None:
    events = ENCODERS[protocol]().encode(read_frames("kinds")).decode().split("\n\n")
    with_thinking = [event for event in events if "Hm." in event]
    words = ("reasoning", "thinking", "notifications/progress")
    assert all(any(word in event.lower() for word in words) for event in with_thinking)
    assert with_thinking
