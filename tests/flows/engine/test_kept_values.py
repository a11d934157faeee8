"""What a run keeps of what its nodes received and gave: bound values, passes, sizes, secrets."""

from collections.abc import Mapping
from typing import Any

from actions.anthropic.connection import AnthropicConnection
from flows.engine import kept_values
from flows.engine.kept_values import MAX_MESSAGE_PASSES, MAX_PASSES, MAX_RUN_BYTES, MAX_VALUE_BYTES
from flows.engine.resources import RunResources
from flows.events.events import encode
from flows.log.frames import Frame
from flows.log.node_values import FoundValue, NodeValues
from tests.flows.scripted import graph, node, path, run, trigger

PROMPT = "When does the miller close the sluice gate?"
LOOP = graph(
    [
        trigger(),
        node("each", "control.for_each", items=[f"item {number}" for number in range(1, MAX_PASSES + 11)]),
        node("note", "data.set_variable", name="note", value="<{{ item }}>"),
    ],
    path("trigger", "each:for_each_item", "note"),
)


async def read(document: Mapping[str, Any], node: str, prompt: str = PROMPT, **options: Any) -> NodeValues:
    """Return what a run of the graph keeps of one node."""
    values = NodeValues(node, {"prompt": prompt, "session_id": "", "context": None})
    events = await run(document, prompt, **options)
    values.add([Frame(event["seq"], event["type"], encode(event)) for event in events])
    return values


def keep(found: Mapping[str, FoundValue] | None) -> dict[str, Any]:
    return {name: value.value for name, value in (found or {}).items()}


async def test_what_a_node_received_is_what_its_expressions_gave() -> None:
    document = graph([trigger(), node("log", "control.log", message="Q: {{ chatCompletionRequest.prompt }}")], [])
    document["edges"] = path("trigger", "log")
    values = await read(document, "log")
    assert keep(values.find("received", 1)) == {"message": f"Q: {PROMPT}"}


async def test_a_record_that_is_bound_to_a_text_is_the_text_that_it_became() -> None:
    document = graph([trigger(), node("log", "control.log", message={"expression": "chatCompletionRequest"})], [])
    document["edges"] = path("trigger", "log")
    assert keep((await read(document, "log")).find("received", 1)) == {"message": PROMPT}


async def test_each_of_the_first_passes_is_kept_and_the_last() -> None:
    values = await read(LOOP, "note")
    assert values.pass_count == MAX_PASSES + 10
    assert values.list_kept_passes() == [*range(1, MAX_PASSES + 1), MAX_PASSES + 10]
    assert keep(values.find("received", 2)) == {"value": "<item 2>"}
    assert keep(values.find("gave", 2)) == {"note": "<item 2>"}
    assert keep(values.find("received", MAX_PASSES + 10)) == {"value": f"<item {MAX_PASSES + 10}>"}
    assert values.find("received", MAX_PASSES + 1) is None


async def test_a_value_that_two_nodes_use_is_stored_once_and_read_twice() -> None:
    text = "x" * 10_000
    document = graph(
        [
            trigger(),
            node(
                "make", "data.set_variable", name="made", value={"expression": "{'text': chatCompletionRequest.prompt}"}
            ),
            node("use", "data.set_variable", name="used", value={"expression": "made"}),
            node("part", "data.set_variable", name="part", value={"expression": "made.text"}),
        ],
        path("trigger", "make", "use", "part"),
    )
    events = await run(document, text)
    whole = b"".join(encode(event) for event in events if event["type"] in ("node.received", "node.gave"))
    assert whole.count(text.encode()) == 1
    assert keep((await read(document, "use", text)).find("received", 1)) == {"value": {"text": text}}
    assert keep((await read(document, "part", text)).find("received", 1)) == {"value": text}


async def test_what_the_caller_sent_is_not_stored_again() -> None:
    text = "y" * 5_000
    document = graph(
        [
            trigger(),
            node("use", "data.set_variable", name="used", value={"expression": "chatCompletionRequest.prompt"}),
        ],
        path("trigger", "use"),
    )
    kept = [encode(e) for e in await run(document, text) if e["type"] in ("node.received", "node.gave")]
    assert kept
    assert all(text.encode() not in data for data in kept)
    assert keep((await read(document, "use", text)).find("received", 1)) == {"value": text}


async def test_a_large_value_is_cut_and_its_size_told() -> None:
    size = MAX_VALUE_BYTES + 100
    document = graph(
        [
            trigger(),
            node("big", "data.set_variable", name="big", value={"expression": "chatCompletionRequest.prompt + '!'"}),
        ],
        path("trigger", "big"),
    )
    values = await read(document, "big", "z" * size)
    found = (values.find("received", 1) or {})["value"]
    assert found.cut_bytes == size + len('!""')
    assert found.value == "z" * (kept_values.MAX_CUT_BYTES - 1)


async def test_all_values_of_a_run_together_are_bounded() -> None:
    items = [str(number) * 200_000 for number in range(1, 10)] * 5
    document = graph(
        [
            trigger(),
            node("each", "control.for_each", items=items),
            node("note", "data.set_variable", name="note", value="<{{ item }}>"),
        ],
        path("trigger", "each:for_each_item", "note"),
    )
    events = await run(document)
    kept = sum(len(encode(e)) for e in events if e["type"] in ("node.received", "node.gave"))
    assert MAX_RUN_BYTES - 2 * 200_010 < kept < MAX_RUN_BYTES + 50_000
    last = ((await read(document, "note")).find("received", len(items)) or {})["value"]
    assert (last.value, last.cut_bytes) == ("", 200_004)


async def test_a_node_that_fails_tells_what_it_had_received() -> None:
    document = graph(
        [trigger(), node("throw", "control.throw", message="No: {{ chatCompletionRequest.prompt }}")],
        path("trigger", "throw"),
    )
    values = await read(document, "throw")
    assert values.state and values.state["state"] == "failed"
    assert keep(values.find("received", 1)) == {"message": f"No: {PROMPT}"}


async def test_an_expression_that_fails_leaves_what_was_bound_before_it() -> None:
    history = {"session_id": {"expression": "chatCompletionRequest.prompt"}, "limit": {"expression": "note.nope"}}
    document = graph(
        [
            trigger(),
            node("note", "data.set_variable", name="note", value={"expression": "{'a': 1}"}),
            node("history", "chat.get_history", **history),
        ],
        path("trigger", "note", "history"),
    )
    values = await read(document, "history")
    assert values.state and values.state["error"] and values.state["error"]["code"] == "missing_value"
    assert keep(values.find("received", 1)) == {"session_id": PROMPT}


async def test_a_yield_in_the_path_of_messages_is_told_by_its_items_alone() -> None:
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=["a", "b", "c"]),
            node("yield", "control.yield_return", value={"expression": "message"}),
        ],
        path("trigger", "answer:for_each_message", "yield"),
    )
    values = await read(document, "yield")
    assert (values.pass_count, values.list_kept_passes()) == (3, [])
    second = values.find_received_by_caller(2)
    assert second and second.value == {"text": "b", "index": 1}


async def test_secrets_are_hidden_before_they_are_stored() -> None:
    connection = AnthropicConnection.model_validate({"id": "c", "api_key": "sk-very-secret-key-1"})
    value = {"expression": "{'echo': chatCompletionRequest.prompt, 'headers': {'Authorization': 'Bearer abc'}}"}
    document = graph([trigger(), node("use", "data.set_variable", name="used", value=value)], path("trigger", "use"))
    resources = RunResources("r", {"c": connection})
    events = await run(document, "The key is sk-very-secret-key-1.", resources)
    stored = b"".join(encode(event) for event in events if event["type"].startswith("node."))
    assert b"sk-very-secret-key-1" not in stored
    assert b"Bearer abc" not in stored
    assert b"[hidden]" in stored


async def test_nothing_is_kept_of_a_message_path_beyond_the_first_passes_and_the_last() -> None:
    count = MAX_MESSAGE_PASSES + 25
    document = graph(
        [
            trigger(),
            node("answer", "test.stream", chunks=[str(number) for number in range(count)]),
            node("note", "data.set_variable", name="note", value="<{{ message }}>"),
        ],
        path("trigger", "answer:for_each_message", "note"),
    )
    events = await run(document)
    received = [event for event in events if event["type"] == "node.received"]
    assert [event["pass_number"] for event in received] == [*range(1, MAX_MESSAGE_PASSES + 1), count]
