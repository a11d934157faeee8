"""What each property puts on the wire, and what is left out because the model does not take it."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from actions.anthropic.properties import ChatCompletionProperties, StreamingChatCompletionProperties
from actions.anthropic.simulator.script import Script
from actions.anthropic.simulator.server import create_simulator
from actions.contract.errors import ActionError
from actions.contract.records import Record
from tests.actions.anthropic.completing import (
    CACHED,
    HISTORY,
    NEEDED,
    PLAIN,
    get_texts,
    get_warnings,
    run,
    send_request,
)
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.simulator.serving import serve
from tests.actions.anthropic.upstream import (
    streamed,
    upstream,
)


async def test_what_is_not_set_is_not_sent(connect: Connect) -> None:
    body, steps = await send_request(connect)
    assert body == PLAIN
    assert get_warnings(steps) == []


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


CLOSED = {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False}


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
        {"response_format": CLOSED, "effort": "low"},
        {"output_config": {"effort": "low", "format": {"type": "json_schema", "schema": CLOSED}}},
    ),
    "reading pages for an answer that is JSON": (
        {"response_format": CLOSED, "enable_web_fetch": True},
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
    body, _ = await send_request(connect, answer='{"a":1}' if "response_format" in given else "ok", **given)
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


@pytest.mark.parametrize("version", ["2026-10-21", "2023-06-01"])
@pytest.mark.parametrize("model_id", ["claude-haiku-4-5", "claude-sonnet-4-5", "claude-opus-4-5", "claude-opus-4-6"])
@pytest.mark.parametrize("temperature", [0, 0.2, 1])
async def test_a_temperature_is_sent_under_the_version_that_takes_it(
    connect: Connect, version: str, model_id: str, temperature: float
) -> None:
    async with upstream(streamed("ok")) as server:
        steps = await run(connect(server.url, api_version=version), model_id=model_id, temperature=temperature)
    request = server.requests[0]
    assert request.body == {**PLAIN, "model": model_id, "temperature": temperature}
    assert request.headers["anthropic-version"] == "2023-06-01"
    assert get_warnings(steps) == []


async def test_the_simulator_takes_what_the_api_takes(connect: Connect) -> None:
    async with serve(create_simulator(Script(pause_s=0, first_pause_s=0))) as url:
        steps = await run(connect(url), model_id="claude-haiku-4-5", temperature=0.2, effort=None)
    assert get_warnings(steps) == []


async def test_a_temperature_beside_thinking_is_told(connect: Connect) -> None:
    body, steps = await send_request(connect, temperature=0.2, show_thinking=True)
    assert "temperature" not in body
    assert get_warnings(steps) == [("temperature_not_sent", "temperature")]


async def test_a_paused_turn_with_a_temperature_goes_on_under_the_same_version(connect: Connect) -> None:
    async with upstream(streamed("First, ", stop_reason="pause_turn"), streamed("then.")) as server:
        await run(connect(server.url), temperature=0.2, enable_grounding=True)
    assert [request.headers["anthropic-version"] for request in server.requests] == ["2023-06-01"] * 2


# What a model does not take: the settings, the connection's version, and the field that the warning stands at.
NOT_TAKEN: dict[str, tuple[dict[str, Any], str, str]] = {
    "temperature, current version": (
        {"temperature": 1, "model_id": "claude-sonnet-5-5"},
        "2026-10-21",
        "temperature",
    ),
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
    assert get_warnings(steps) == [("citations_not_sent", "citations")]


@pytest.mark.parametrize("given", [{}, {"context": "Blue."}, {"files": IMAGE}])
async def test_citations_with_nothing_to_cite_are_told(connect: Connect, given: dict[str, Any]) -> None:
    _, steps = await send_request(connect, citations=True, **given)
    assert get_warnings(steps) == [("nothing_to_cite", "citations")]


@pytest.mark.parametrize("result", ["x", {}, {"text": 5}])
async def test_a_search_result_that_cannot_be_cited_is_named_by_its_position(connect: Connect, result: Any) -> None:
    with pytest.raises(ActionError) as failed:
        await send_request(connect, citations=True, context={"search_results": [{"text": "x"}, result]})
    assert (failed.value.code, "search result 2 has no text" in failed.value.message) == ("invalid_context", True)


@pytest.mark.parametrize(("given", "version", "name"), NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
async def test_what_a_model_does_not_take_is_not_sent_and_the_run_says_so(
    connect: Connect, given: dict[str, Any], version: str, name: str
) -> None:
    body, steps = await send_request(connect, version, **given)
    assert body == {**PLAIN, "model": given.get("model_id", PLAIN["model"])}
    assert get_warnings(steps) == [(f"{name}_not_sent", name)]
    assert get_texts(steps) == ["ok"]


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


async def test_an_empty_prompt_is_not_sent(connect: Connect) -> None:
    async with upstream(streamed("ok")) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url), user_prompt=" ")
    assert (failed.value.code, server.connections) == ("empty_prompt", 0)
