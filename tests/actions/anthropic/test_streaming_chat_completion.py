"""The central action: what each property puts on the wire, and what each end of an answer leaves in the run."""

import asyncio
import json
from typing import Any

import pytest
from pydantic import ValidationError

from actions.anthropic.answer.conversation import MAX_CONTINUATIONS
from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.properties import ChatCompletionProperties, StreamingChatCompletionProperties
from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.action import ActionContext
from actions.contract.errors import ActionError
from actions.contract.records import Record
from actions.contract.steps import Log, Result, RunBranch, Step, Usage, Warn
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    FIN,
    HANG,
    STOP,
    block_start,
    block_stop,
    chunk,
    delta,
    head,
    message_delta,
    refused,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.upstream import Step as Wire

CONTEXT = ActionContext("run", "node", {})
NEEDED = {"model_id": "claude-opus-4-6", "user_prompt": "Hi", "max_completion_tokens": 100}
PLAIN = {
    "model": "claude-opus-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hi"}],
    "stream": True,
}
CACHED = {"cache_control": {"type": "ephemeral"}}
HISTORY = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}]


def properties(connection: AnthropicConnection, **given: Any) -> StreamingChatCompletionProperties:
    return StreamingChatCompletionProperties.model_validate({**NEEDED, "connection": connection, **given})


async def run(connection: AnthropicConnection, **given: Any) -> list[Step]:
    action = StreamingChatCompletion()
    return [step async for step in action.run(properties(connection, **given), CONTEXT)]


async def sent(
    connect: Connect, version: str = "2026-10-21", answer: str = "ok", **given: Any
) -> tuple[dict[str, Any], list[Step]]:
    """Return the body that reaches the API, and the steps of the run."""
    async with upstream(streamed(answer)) as server:
        steps = await run(connect(server.url, api_version=version), **given)
    assert server.requests[0].headers["anthropic-version"] == version
    return server.requests[0].body, steps


def texts(steps: list[Step]) -> list[str]:
    return [step.value["text"] for step in steps if isinstance(step, RunBranch)]


def result(steps: list[Step]) -> Record:
    assert isinstance(steps[-1], Result)
    assert isinstance(steps[-1].value, Record)
    return steps[-1].value


def warnings(steps: list[Step]) -> list[tuple[str, str | None]]:
    return [(step.code, step.property) for step in steps if isinstance(step, Warn)]


async def test_what_is_not_set_is_not_sent(connect: Connect) -> None:
    body, steps = await sent(connect)
    assert body == PLAIN
    assert warnings(steps) == []


WEB_SEARCH = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
WEB_FETCH = {"type": "web_fetch_20250910", "name": "web_fetch", "max_uses": 5, "citations": {"enabled": True}}

IMAGE = {"type": "image", "url": "https://example.com/x.png"}
IMAGE_BLOCK = {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}}
DOCUMENT_BLOCK = {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "Blue."}}
RESULT_BLOCK = {
    "type": "search_result",
    "source": "sky.md",
    "title": "Sky",
    "content": [{"type": "text", "text": "Blue."}],
    "citations": {"enabled": True},
}
CLOSED = {"type": "object", "properties": {}, "additionalProperties": False}
SENT_SCHEMA = {
    "type": "object",
    "properties": {"a": {"anyOf": [{"type": "integer", "description": "{minimum: 1}"}, {"type": "null"}]}},
    "additionalProperties": False,
}


class SearchResult(Record):
    renders_as = "prompt"


FOUND = SearchResult(
    prompt="As text.",
    search_results=[{"source": "sky.md", "title": "Sky", "text": "Blue."}, {"source": "void.md", "text": " "}],
)


def asked(*blocks: dict[str, Any], text: str = "Hi") -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [*blocks, {"type": "text", "text": text}]}]}


# What a builder sets, and how the request differs from the plain one.
ON_THE_WIRE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "model": ({"model_id": "claude-haiku-5-5"}, {"model": "claude-haiku-5-5"}),
    "max completion tokens": ({"max_completion_tokens": 7}, {"max_tokens": 7}),
    "system prompt": (
        {"system_prompt": "Be brief."},
        {"system": [{"type": "text", "text": "Be brief.", **CACHED}]},
    ),
    "system prompt, no caching": ({"system_prompt": "Be brief.", "prompt_caching": False}, {"system": "Be brief."}),
    "an empty system prompt": ({"system_prompt": " \n"}, {}),
    "user prompt": ({"user_prompt": "Why?"}, {"messages": [{"role": "user", "content": "Why?"}]}),
    "history": (
        {"history": HISTORY},
        {
            "messages": [
                {"role": "user", "content": "One"},
                {"role": "assistant", "content": [{"type": "text", "text": "Two", **CACHED}]},
                {"role": "user", "content": "Hi"},
            ]
        },
    ),
    "history, no caching": (
        {"history": HISTORY, "prompt_caching": False},
        {"messages": [*HISTORY, {"role": "user", "content": "Hi"}]},
    ),
    "history as JSON": (
        {"history": json.dumps(HISTORY), "prompt_caching": False},
        {"messages": [*HISTORY, {"role": "user", "content": "Hi"}]},
    ),
    "context": (
        {"context": "Blue."},
        {
            "messages": [
                {
                    "role": "user",
                    "content": "Answer from this context where it helps:\n\n<context>\nBlue.\n</context>\n\nHi",
                }
            ]
        },
    ),
    "an empty context": ({"context": ""}, {}),
    "context of another shape": (
        {"context": [{"text": "Blue."}], "prompt_template": "@@context"},
        {"messages": [{"role": "user", "content": '[{"text":"Blue."}]'}]},
    ),
    "prompt template": (
        {"context": "Blue.", "prompt_template": "Q: @@userPrompt C: @@context Q: @@userPrompt @@contexts"},
        {"messages": [{"role": "user", "content": "Q: Hi C: Blue. Q: Hi @@contexts"}]},
    ),
    "a template without a context": (
        {"prompt_template": "[@@context] @@userPrompt"},
        {"messages": [{"role": "user", "content": "[] Hi"}]},
    ),
    "tokens within what is put in": (
        {"context": "@@userPrompt", "user_prompt": "@@context", "prompt_template": "@@context|@@userPrompt"},
        {"messages": [{"role": "user", "content": "@@userPrompt|@@context"}]},
    ),
    "effort": ({"effort": "low"}, {"output_config": {"effort": "low"}}),
    "thinking off": ({"thinking": "off"}, {"thinking": {"type": "disabled"}}),
    "thinking off, sonnet 5.5": (
        {"thinking": "off", "model_id": "claude-sonnet-5-5"},
        {"thinking": {"type": "between_tools"}, "model": "claude-sonnet-5-5"},
    ),
    "thinking adaptive": ({"thinking": "adaptive"}, {"thinking": {"type": "adaptive", "display": "omitted"}}),
    "thinking shown": (
        {"thinking": "adaptive", "show_thinking": True},
        {"thinking": {"type": "adaptive", "display": "summarized"}},
    ),
    "show thinking alone": ({"show_thinking": True}, {"thinking": {"type": "adaptive", "display": "summarized"}}),
    "stop sequences": ({"stop_sequences": ["END", "\n\nX"]}, {"stop_sequences": ["END", "\n\nX"]}),
    "grounding": ({"enable_grounding": True}, {"tools": [WEB_SEARCH]}),
    "web fetch": ({"enable_web_fetch": True}, {"tools": [WEB_FETCH]}),
    "both": ({"enable_grounding": True, "enable_web_fetch": True}, {"tools": [WEB_SEARCH, WEB_FETCH]}),
    "an image": ({"files": IMAGE}, asked(IMAGE_BLOCK)),
    "a document that may be cited": (
        {"files": [IMAGE, {"type": "document", "text": "Blue."}], "citations": True},
        asked(IMAGE_BLOCK, {**DOCUMENT_BLOCK, "citations": {"enabled": True}}),
    ),
    "search results": (
        {"context": FOUND, "citations": True, "prompt_template": "[@@context] @@userPrompt"},
        asked(RESULT_BLOCK, text="[] Hi"),
    ),
    "search results and a file": (
        {"context": FOUND, "citations": True, "files": {"type": "document", "text": "Blue."}},
        asked({**DOCUMENT_BLOCK, "citations": {"enabled": True}}, RESULT_BLOCK),
    ),
    "search results without citations": (
        {"context": FOUND, "prompt_template": "[@@context] @@userPrompt"},
        {"messages": [{"role": "user", "content": "[As text.] Hi"}]},
    ),
    "search results that found nothing": ({"context": {"search_results": []}, "citations": True}, {}),
    "response format": (
        {"response_format": {"type": "object", "properties": {"a": {"type": ["integer", "null"], "minimum": 1}}}},
        {"output_config": {"format": {"type": "json_schema", "schema": SENT_SCHEMA}}},
    ),
    "response format and effort": (
        {"response_format": {"type": "object"}, "effort": "low"},
        {"output_config": {"effort": "low", "format": {"type": "json_schema", "schema": CLOSED}}},
    ),
    "reading pages for an answer that is JSON": (
        {"response_format": {"type": "object"}, "enable_web_fetch": True},
        {
            "output_config": {"format": {"type": "json_schema", "schema": CLOSED}},
            "tools": [{**WEB_FETCH, "citations": {"enabled": False}}],
        },
    ),
    "grouping": ({"group_messages": "characters", "group_characters": 7}, {}),
    "names and notes": (
        {"stream_variable_name": "m", "result_variable_name": "r", "title": "T", "description": "D"},
        {},
    ),
}


@pytest.mark.parametrize(("given", "difference"), ON_THE_WIRE.values(), ids=ON_THE_WIRE.keys())
async def test_a_property_that_is_set_reaches_the_wire(
    connect: Connect, given: dict[str, Any], difference: dict[str, Any]
) -> None:
    body, _ = await sent(connect, answer='{"a":1}' if "response_format" in given else "ok", **given)
    assert body == {**PLAIN, **difference}


def test_every_property_is_shown_to_reach_the_wire_or_not_to() -> None:
    elsewhere = {"connection", "prompt_caching", "temperature", "disabled"}
    shown = {name for given, _ in ON_THE_WIRE.values() for name in given}
    assert set(StreamingChatCompletionProperties.model_fields) - elsewhere - shown == set()


def test_both_actions_have_one_table() -> None:
    streaming, whole = list(StreamingChatCompletionProperties.model_fields), list(ChatCompletionProperties.model_fields)
    of_messages = ["stream_variable_name", "group_messages", "group_characters"]
    assert [name for name in streaming if name not in of_messages] == whole
    at = streaming.index("stream_variable_name")
    assert streaming[at - 1 : at + 4] == ["max_completion_tokens", *of_messages, "result_variable_name"]


async def test_a_temperature_is_sent_where_the_api_takes_it(connect: Connect) -> None:
    body, steps = await sent(connect, "2023-06-01", temperature=0.2)
    assert body == {**PLAIN, "temperature": 0.2}
    assert warnings(steps) == []


async def test_a_temperature_of_zero_is_a_temperature(connect: Connect) -> None:
    body, _ = await sent(connect, "2023-06-01", temperature=0)
    assert body["temperature"] == 0


# What a model does not take: the settings, the connection's version, and the field that the warning stands at.
NOT_TAKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "temperature, version": ({"temperature": 0.2}, "2026-10-21", "temperature"),
    "temperature, newer model": ({"temperature": 1, "model_id": "claude-sonnet-5-5"}, "2023-06-01", "temperature"),
    "temperature, unknown model": ({"temperature": 1, "model_id": "house-model"}, "2023-06-01", "temperature"),
    "effort": ({"effort": "high", "model_id": "claude-haiku-4-5"}, "2026-10-21", "effort"),
    "thinking off": ({"thinking": "off", "model_id": "claude-opus-5-5"}, "2026-10-21", "thinking"),
    "adaptive thinking": ({"thinking": "adaptive", "model_id": "claude-haiku-4-5"}, "2026-10-21", "thinking"),
    "shown thinking": ({"show_thinking": True, "model_id": "claude-haiku-4-5"}, "2026-10-21", "show_thinking"),
    "web fetch": ({"enable_web_fetch": True, "model_id": "claude-opus-5"}, "2026-10-21", "enable_web_fetch"),
}


async def test_sources_are_not_asked_for_beside_a_response_format(connect: Connect) -> None:
    async with upstream(streamed('"x"')) as server:
        steps = await run(connect(server.url), citations=True, context=FOUND, response_format={"type": "string"})
    assert server.requests[0].body["messages"][-1]["content"].endswith("<context>\nAs text.\n</context>\n\nHi")
    assert warnings(steps) == [("citations_not_sent", "citations")]


@pytest.mark.parametrize("given", [{}, {"context": "Blue."}, {"files": IMAGE}])
async def test_citations_with_nothing_to_cite_are_told(connect: Connect, given: dict[str, Any]) -> None:
    _, steps = await sent(connect, citations=True, **given)
    assert warnings(steps) == [("nothing_to_cite", "citations")]


@pytest.mark.parametrize("result", ["x", {}, {"text": 5}])
async def test_a_search_result_that_cannot_be_cited_is_named_by_its_position(connect: Connect, result: Any) -> None:
    with pytest.raises(ActionError) as failed:
        await sent(connect, citations=True, context={"search_results": [{"text": "x"}, result]})
    assert (failed.value.code, "search result 2 has no text" in failed.value.message) == ("invalid_context", True)


@pytest.mark.parametrize(("given", "version", "name"), NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_what_a_model_does_not_take_is_not_sent_and_the_run_says_so(
    connect: Connect, given: dict[str, Any], version: str, name: str
) -> None:
    body, steps = await sent(connect, version, **given)
    assert body == {**PLAIN, "model": given.get("model_id", PLAIN["model"])}
    assert warnings(steps) == [(f"{name}_not_sent", name)]
    assert texts(steps) == ["ok"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 1.1),
        ("temperature", -0.1),
        ("max_completion_tokens", 0),
        ("stop_sequences", [" "]),
        ("stop_sequences", ["a"] * 21),
        ("effort", "most"),
        ("thinking", "enabled"),
        ("stream_variable_name", "not a name"),
        ("result_variable_name", "true"),
        ("top_p", 1),
        ("group_messages", "word"),
        ("group_characters", 0),
        ("response_format", "x"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused_value:
        StreamingChatCompletionProperties.model_validate({**NEEDED, name: value})
    assert name in [error["loc"][0] for error in refused_value.value.errors()]


async def test_each_piece_of_text_is_a_message_and_the_response_is_all_of_it(connect: Connect) -> None:
    async with upstream(streamed("Mill", " ", "race")) as server:
        steps = await run(connect(server.url))
    branches = [step for step in steps if isinstance(step, RunBranch)]
    assert [(step.name, dict(step.value)) for step in branches] == [
        ("for_each_message", {"text": "Mill", "index": 0, "citations": []}),
        ("for_each_message", {"text": " ", "index": 1, "citations": []}),
        ("for_each_message", {"text": "race", "index": 2, "citations": []}),
    ]
    assert steps[3:] == [Usage("claude-opus-4-6", "end_turn", 25, 15, 0, 0), Result(result(steps))]
    assert dict(result(steps)) == {
        "text": "Mill race",
        "content": [{"type": "text", "text": "Mill race"}],
        "model": "claude-opus-4-6",
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "citations": [],
        "usage": {
            "input_tokens": 25,
            "output_tokens": 15,
            "cache_read_input_tokens": 0,
            "cache_creation_input_tokens": 0,
        },
        "thinking": "",
        "parsed": None,
        "id": "msg_1",
    }
    assert str(result(steps)) == "Mill race"


ENDS: dict[str, tuple[bytes, list[tuple[str, str | None]], str]] = {
    "end_turn": (message_delta("end_turn"), [], "so far"),
    "stop_sequence": (message_delta("stop_sequence", stop_sequence="END"), [], "so far"),
    "tool_use": (message_delta("tool_use"), [], "so far"),
    "novel_reason": (message_delta("novel_reason"), [], "so far"),
    "max_tokens": (message_delta("max_tokens"), [("answer_cut", "max_completion_tokens")], "so far"),
    "model_context_window_exceeded": (
        message_delta("model_context_window_exceeded"),
        [("answer_cut", None)],
        "so far",
    ),
    "refusal": (message_delta("refusal", stop_details={"category": "cyber"}), [("refusal", None)], ""),
}


@pytest.mark.parametrize(("reason", "end"), ENDS.items(), ids=ENDS.keys())
async def test_each_stop_reason_is_told_truthfully(
    connect: Connect, reason: str, end: tuple[bytes, list[tuple[str, str | None]], str]
) -> None:
    told, warned, kept = end
    script: list[Wire] = [head(), chunk(start() + block_start() + text("so far") + block_stop() + told + STOP), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url))
    response = result(steps)
    assert (response["stop_reason"], response["text"], bool(response["content"])) == (reason, kept, bool(kept))
    assert warnings(steps) == warned
    assert [step.stop_reason for step in steps if isinstance(step, Usage)] == [reason]


async def test_a_refusal_names_its_category(connect: Connect) -> None:
    refusal = message_delta("refusal", stop_details={"type": "refusal", "category": "bio", "explanation": "x"})
    async with upstream([head(), chunk(start() + refusal + STOP), END]) as server:
        steps = await run(connect(server.url))
    assert "(category bio)" in next(step.message for step in steps if isinstance(step, Warn))


async def test_thinking_is_never_part_of_the_text(connect: Connect) -> None:
    thought = block_start(0, {"type": "thinking", "thinking": "", "signature": ""})
    script: list[Wire] = [
        head(),
        chunk(start() + thought + delta(0, type="thinking_delta", thinking="Hm.") + block_stop(0)),
        chunk(block_start(1) + text("Yes.", 1) + block_stop(1) + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        steps = await run(connect(server.url), show_thinking=True)
    assert texts(steps) == ["Yes."]
    assert (result(steps)["text"], result(steps)["thinking"]) == ("Yes.", "Hm.")
    assert [block["type"] for block in result(steps)["content"]] == ["thinking", "text"]


async def test_a_failed_call_tells_what_it_cost_as_far_as_that_is_known(connect: Connect) -> None:
    steps: list[Step] = []
    script: list[Wire] = [head(), chunk(start() + block_start() + text("a")), FIN]
    async with upstream(script) as server:
        with pytest.raises(ActionError) as failed:
            await collect(connect(server.url), steps)
    assert failed.value.code == "upstream_disconnected"
    assert steps[1:] == [Usage("claude-opus-4-6", None, 25, None, 0, 0)]


async def test_a_call_that_never_began_tells_no_cost(connect: Connect) -> None:
    steps: list[Step] = []
    async with upstream(refused(401, "authentication_error")) as server:
        with pytest.raises(ActionError) as failed:
            await collect(connect(server.url), steps)
    assert (failed.value.code, steps) == ("connection_refused", [])


async def collect(connection: AnthropicConnection, steps: list[Step]) -> None:
    async for step in StreamingChatCompletion().run(properties(connection), CONTEXT):
        steps.append(step)  # noqa: PERF401 (what came before a failure is kept)


async def test_a_pause_before_another_try_is_told(connect: Connect) -> None:
    async with upstream(refused(529, "overloaded_error"), streamed("ok")) as server:
        steps = await run(connect(server.url))
    assert isinstance(steps[0], Log)
    assert steps[0].message.startswith("The API is overloaded. Try 2 follows in ")
    assert texts(steps) == ["ok"]


async def test_closing_the_action_closes_the_vendor_stream(connect: Connect) -> None:
    async with upstream([head(), chunk(start() + block_start() + text("a")), HANG]) as server:
        steps = StreamingChatCompletion().run(properties(connect(server.url)), CONTEXT)
        await anext(steps)
        await steps.aclose()  # type: ignore[attr-defined]  # the engine knows it as a generator
        await asyncio.wait_for(server.requests[0].left.wait(), 0.5)


SEARCH = {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {}}
HIT = {"type": "web_search_result", "url": "https://example.com", "title": "Wind", "encrypted_content": "abc"}
SOURCE = {
    "type": "web_search_result_location",
    "url": "https://example.com",
    "title": "Wind",
    "cited_text": "It blows.",
    "encrypted_index": "x",
}
TOLD = {"url": "https://example.com", "source": None, "title": "Wind", "cited_text": "It blows."}


def searching(result_content: Any = None) -> bytes:
    found = {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_1",
        "content": [HIT] if result_content is None else result_content,
    }
    query = delta(0, type="input_json_delta", partial_json='{"query": "wind"}')
    return block_start(0, SEARCH) + query + block_stop(0) + block_start(1, found) + block_stop(1)


async def test_a_search_is_told_and_its_sources_are_kept(connect: Connect) -> None:
    cited = text("It blows.", 2) + 2 * delta(2, type="citations_delta", citation=SOURCE)
    script: list[Wire] = [
        head(),
        chunk(start() + searching() + block_start(2) + cited + block_stop(2) + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert [step.message for step in steps if isinstance(step, Log)] == ["Searches the web: wind"]
    assert result(steps)["citations"] == [TOLD]
    assert result(steps)["content"][0]["input"] == {"query": "wind"}


async def test_a_search_that_failed_is_a_warning(connect: Connect) -> None:
    error = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    script: list[Wire] = [head(), chunk(start() + searching(error) + message_delta() + STOP), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert warnings(steps) == [("web_tool_failed", None)]


async def test_a_paused_turn_goes_on_with_its_words_unchanged(connect: Connect) -> None:
    paused: list[Wire] = [
        head(),
        chunk(start() + searching() + block_start(2) + text("First, ", 2) + block_stop(2)),
        chunk(message_delta("pause_turn", 5) + STOP),
        END,
    ]
    async with upstream(paused, streamed("then.")) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    first, second = (request.body["messages"] for request in server.requests)
    assert second[:-1] == first
    assert second[-1]["role"] == "assistant"
    assert second[-1]["content"] == result(steps)["content"][:3]
    assert [dict(step.value) for step in steps if isinstance(step, RunBranch)] == [
        {"text": "First, ", "index": 0, "citations": []},
        {"text": "then.", "index": 1, "citations": []},
    ]
    assert (result(steps)["text"], result(steps)["usage"]["output_tokens"]) == ("First, then.", 20)
    assert [step.stop_reason for step in steps if isinstance(step, Usage)] == ["pause_turn", "end_turn"]


async def test_a_turn_that_pauses_without_end_is_cut(connect: Connect) -> None:
    async with upstream(streamed("again ", stop_reason="pause_turn")) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert len(server.requests) == MAX_CONTINUATIONS + 1
    assert warnings(steps) == [("answer_cut", None)]
    assert result(steps)["text"] == "again " * (MAX_CONTINUATIONS + 1)


async def test_an_empty_prompt_is_not_sent(connect: Connect) -> None:
    async with upstream(streamed("ok")) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url), user_prompt=" ")
    assert (failed.value.code, server.connections) == ("empty_prompt", 0)


async def test_the_response_of_one_turn_is_history_for_the_next(connect: Connect) -> None:
    _, steps = await sent(connect, user_prompt="One")
    turns = [{"role": "user", "content": "One"}, {"role": "assistant", "content": result(steps)["content"]}]
    body, _ = await sent(connect, history=turns, prompt_caching=False)
    assert body["messages"] == [*turns, {"role": "user", "content": "Hi"}]
