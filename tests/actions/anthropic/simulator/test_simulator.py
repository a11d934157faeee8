"""The simulator answers as the Messages API does: heard through the real SDK, over a real socket."""

import asyncio
import json
from typing import Any

import httpx2
import pytest

from actions.anthropic.simulator import Script, application, create_simulator
from actions.anthropic.stream.message_stream import open_stream
from actions.anthropic.stream.parts import Citation, MessageStart, Stop, ThinkingDelta, Waiting
from actions.contract.errors import ActionError
from actions.json_schema.compile import compile_schema
from tests.actions.anthropic.conftest import KEY, QUICK, SOON_SILENT, Connect
from tests.actions.anthropic.simulator.requests import ASK, HEADERS, answered, asked, asking, cited, fast, post
from tests.actions.anthropic.simulator.serving import serve
from tests.actions.anthropic.upstream import NOTICED_WITHIN_S

CONTEXT = "Answer from this context where it helps:\n\n<context>\nWater drives it.\n</context>\n\nWhat is a mill race?"


async def test_the_answer_shows_the_question_the_context_and_the_history(connect: Connect) -> None:
    history = [{"role": "user", "content": "Who are you?"}, {"role": "assistant", "content": "A miller."}]
    _, message = await asked(fast(answer=None), connect, messages=[*history, {"role": "user", "content": CONTEXT}])
    assert message.text.count("simulator") == 1
    for told in ("“What is a mill race?”", "“Water drives it.”", "“Who are you?”"):
        assert told in message.text


async def test_a_template_of_ones_own_is_understood(connect: Connect) -> None:
    prompt = "Use this.\n\nWater drives it.\n\nQuestion: What is it?"
    _, message = await asked(fast(answer=None), connect, messages=[{"role": "user", "content": prompt}])
    assert "You asked: “Question: What is it?”" in message.text
    assert "Water drives it." in message.text


async def test_the_same_request_has_the_same_answer(connect: Connect) -> None:
    first, _ = await asked(fast(answer=None), connect)
    second, _ = await asked(fast(answer=None), connect)
    assert [part for part in first if not isinstance(part, MessageStart)] == second[1:]


def test_the_demo_writes_at_a_natural_pace_and_keeps_nothing() -> None:
    assert 15 <= 1 / application.script.pause_s <= 40
    assert application.script.keeps_requests is False


async def test_a_model_that_thinks_begins_with_an_empty_block(connect: Connect) -> None:
    _, message = await asked(fast(), connect, model="claude-opus-5-5")
    assert [block["type"] for block in message.content] == ["thinking", "text"]
    assert message.content[0]["thinking"] == ""
    assert message.content[0]["signature"]


async def test_thinking_is_shown_when_asked_for(connect: Connect) -> None:
    parts, _ = await asked(
        fast(thinking="Hm."),
        connect,
        model="claude-opus-5-5",
        thinking={"type": "adaptive", "display": "summarized"},
    )
    assert [part.text for part in parts if isinstance(part, ThinkingDelta)] == ["Hm."]


async def test_a_search_is_shown_when_the_request_offers_one(connect: Connect) -> None:
    tools = [{"type": "web_search_20250305", "name": "web_search"}]
    parts, message = await asked(fast(), connect, tools=tools)
    kinds = [block["type"] for block in message.content]
    assert kinds == ["server_tool_use", "web_search_tool_result", "text"]
    assert message.content[0]["input"] == {"query": "Hi"}
    assert [part.citation["url"] for part in parts if isinstance(part, Citation)] == ["https://example.com/"]


async def test_a_tool_call_comes_after_the_text(connect: Connect) -> None:
    parts, message = await asked(fast(tool=("get_weather", {"city": "Oslo"})), connect)
    assert message.content[-1]["input"] == {"city": "Oslo"}
    assert parts[-1] == Stop("tool_use")


async def test_usage_is_told_at_the_end(connect: Connect) -> None:
    _, message = await asked(fast(), connect)
    assert (message.usage.input_tokens, message.usage.output_tokens) == (1, 7)


ENDS: dict[str, tuple[dict[str, Any], dict[str, Any], Stop, str]] = {
    "end_turn": ({}, {}, Stop("end_turn"), "One two three. Four five six."),
    "max_tokens": ({}, {"max_tokens": 2}, Stop("max_tokens"), "One two"),
    "stop_sequence": ({}, {"stop_sequences": ["x", "Four"]}, Stop("stop_sequence", "Four"), "One two three. "),
    "refusal at once": ({"refuse_after": 0}, {}, Stop("refusal", None, "general_harms"), ""),
    "refusal later": ({"refuse_after": 2}, {}, Stop("refusal", None, "general_harms"), "One two three."),
    "pause_turn": ({"stop_reason": "pause_turn"}, {}, Stop("pause_turn"), "One two three. Four five six."),
    "context": (
        {"stop_reason": "model_context_window_exceeded"},
        {},
        Stop("model_context_window_exceeded"),
        "One two three. Four five six.",
    ),
}


@pytest.mark.parametrize(("how", "request_", "stop", "text"), ENDS.values(), ids=ENDS.keys())
async def test_each_way_to_end_can_be_had(
    connect: Connect, how: dict[str, Any], request_: dict[str, Any], stop: Stop, text: str
) -> None:
    parts, message = await asked(fast(**how), connect, **request_)
    assert (parts[-1], message.text) == (stop, text)


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "an HTTP error": ({"errors": [(529, "overloaded_error", {})] * 3}, "upstream_overloaded"),
    "an HTTP error that says when": (
        {"errors": [(429, "rate_limit_error", {"retry-after": "3600"})]},
        "upstream_rate_limited",
    ),
    "an error event before the text": ({"fail_after": 0}, "upstream_overloaded"),
    "an error event within it": ({"fail_after": 2, "fail_with": "api_error"}, "upstream_error"),
    "a clean end before the text": ({"cut_after": 0}, "upstream_truncated"),
    "a clean end within it": ({"cut_after": 2}, "upstream_truncated"),
    "a closed socket": ({"drop_after": 2}, "upstream_disconnected"),
    "pings only": ({"stall_after": 1}, "upstream_stalled"),
    "silence": ({"silent_after": 1}, "upstream_stalled"),
}


@pytest.mark.parametrize(("how", "code"), FAULTS.values(), ids=FAULTS.keys())
async def test_each_fault_can_be_had(connect: Connect, how: dict[str, Any], code: str) -> None:
    timing = SOON_SILENT if code == "upstream_stalled" else QUICK
    async with serve(create_simulator(fast(**how))) as url:
        with pytest.raises(ActionError) as failed:
            await answered(connect(url, api_version="2026-10-21"), timing)
    assert failed.value.code == code


async def test_errors_are_followed_by_an_answer(connect: Connect) -> None:
    script = fast(errors=[(529, "overloaded_error", {}), (500, "api_error", {})])
    parts, message = await asked(script, connect)
    assert message.text == "One two three. Four five six."
    assert [part.code for part in parts if isinstance(part, Waiting)] == ["upstream_overloaded", "upstream_error"]
    assert [request["headers"]["authorization"] for request in script.requests] == [f"Bearer {KEY}"] * 3


async def test_a_client_that_leaves_is_noticed(connect: Connect) -> None:
    script = fast(stall_after=1)
    async with serve(create_simulator(script)) as url:
        async with open_stream(connect(url), ASK, timing=QUICK) as stream:
            await anext(aiter(stream))
        await asyncio.wait_for(until_closed(script), NOTICED_WITHIN_S)


async def until_closed(script: Script) -> None:
    while not script.closed:
        await asyncio.sleep(0.005)


async def test_a_recording_is_sent_byte_for_byte_and_can_be_cut() -> None:
    recorded = b"event: ping\ndata: {}\n\n" * 100
    async with serve(create_simulator(fast(replay=recorded, replay_cut=1000))) as url:
        response = await post(url, {**ASK, "stream": True})
    assert response.content == recorded[:1000]


async def test_an_answer_without_streaming_is_the_same_answer(connect: Connect) -> None:
    async with serve(create_simulator(fast())) as url:
        whole = (await post(url, ASK)).json()
        _, message = await answered(connect(url))
    assert (whole["content"], whole["stop_reason"]) == (message.content, "end_turn")
    assert whole["usage"]["output_tokens"] == message.usage.output_tokens


async def test_models_can_be_listed_and_looked_up(connect: Connect) -> None:
    async with serve(create_simulator(fast())) as url:
        outcome = await connect(url).test()
        async with httpx2.AsyncClient(trust_env=False, headers=HEADERS) as client:
            found = await client.get(f"{url}/v1/models/claude-haiku-4-5")
            missing = await client.get(f"{url}/v1/models/claude-3-opus")
    assert (outcome.ok, outcome.newest) == (True, "claude-fable-5-2")
    assert (found.json()["display_name"], found.json()["max_tokens"]) == ("Claude Haiku 4.5", 64_000)
    assert missing.status_code == 404


async def test_tokens_can_be_counted() -> None:
    counted = {name: value for name, value in ASK.items() if name != "max_tokens"}
    async with serve(create_simulator(fast())) as url:
        response = await post(url, counted, "/v1/messages/count_tokens")
        refused = await post(url, ASK, "/v1/messages/count_tokens")
    assert (response.json(), refused.status_code) == ({"input_tokens": 1}, 400)


@pytest.mark.parametrize("keeps_the_path", [True, False], ids=["root_path and path", "root_path and the rest"])
async def test_it_works_below_a_prefix(connect: Connect, keeps_the_path: bool) -> None:
    simulator = create_simulator(fast())

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        inner = path if keeps_the_path else path.removeprefix("/simulator")
        await simulator({**scope, "path": inner, "root_path": "/simulator"}, receive, send)

    async with serve(mounted) as url:
        _, message = await answered(connect(f"{url}/simulator"))
    assert message.text == "One two three. Four five six."


async def test_a_search_result_is_quoted_with_its_source(connect: Connect) -> None:
    parts, message = await asked(fast(answer=None), connect, **cited())
    sources = [part.citation for part in parts if isinstance(part, Citation)]
    assert [(source["type"], source["source"], source["search_result_index"]) for source in sources] == [
        ("search_result_location", "mill.md", 0)
    ]
    assert [block["text"] for block in message.content if block.get("citations")] == ["Water drives it."]
    assert "You asked: “Hi”" in message.text


async def test_a_search_result_that_may_not_be_cited_is_quoted_without_a_source(connect: Connect) -> None:
    parts, message = await asked(fast(answer=None), connect, **cited(citations={"enabled": False}))
    assert not any(isinstance(part, Citation) for part in parts)
    assert "Water drives it." in message.text


async def test_images_and_documents_are_counted(connect: Connect) -> None:
    image = {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}}
    document = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "x" * 4000}}
    _, message = await asked(fast(answer=None), connect, **asking(image, image, document))
    assert "With it came 2 images and 1 document." in message.text
    assert (message.usage.input_tokens or 0) > 1000


SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "day": {"type": "string", "format": "date"},
        "kind": {"enum": ["water", "wind"]},
        "stones": {"type": "array", "items": {"$ref": "#/$defs/stone"}},
        "owner": {"anyOf": [{"type": "null"}, {"type": "string"}]},
    },
    "additionalProperties": False,
    "$defs": {"stone": {"type": "object", "properties": {"weight": {"type": "number"}}, "additionalProperties": False}},
}


async def test_a_format_is_answered_with_json_that_fits_it(connect: Connect) -> None:
    wanted = {"format": {"type": "json_schema", "schema": SCHEMA}}
    _, message = await asked(fast(answer=None), connect, output_config=wanted)
    assert compile_schema(SCHEMA).find_misfit(json.loads(message.text)) is None
    assert json.loads(message.text) == {
        "name": "simulated",
        "day": "2026-01-01",
        "kind": "water",
        "stones": [{"weight": 1.5}],
        "owner": None,
    }
