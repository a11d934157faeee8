"""The answer as a whole: the same call, no messages, JSON where it is asked for, and a history made shorter."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import ValidationError

from actions.anthropic.chat_completion import ChatCompletion
from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.properties import ChatCompletionProperties
from actions.anthropic.simulator import Script, create_simulator
from actions.chat.history_truncation_reducer import Truncation
from actions.chat.reducer import HistoryReducer, Turn
from actions.contract.action import ActionContext
from actions.contract.errors import ActionError
from actions.contract.steps import BeginAnswer, Log, Result, Step, Usage, Warn
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.simulator.serving import serve
from tests.actions.anthropic.upstream import FIN, HANG, begun, streamed, upstream

NEEDED = {"model_id": "claude-opus-4-6", "user_prompt": "Hi", "max_completion_tokens": 1000}
SCHEMA = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
TURNS = [{"role": role, "content": f"{n}"} for n in range(4) for role in ("user", "assistant")]


async def run(connection: AnthropicConnection, reducer: HistoryReducer | None = None, **given: Any) -> list[Step]:
    properties = ChatCompletionProperties.model_validate({**NEEDED, "connection": connection, **given})
    context = ActionContext("run", "node", {}, helpers={"history_reducer": reducer} if reducer else {})
    return [step async for step in ChatCompletion().run(properties, context)]


def response(steps: list[Step]) -> dict[str, Any]:
    assert isinstance(steps[-1], Result)
    return dict(steps[-1].value)


async def test_the_answer_comes_as_a_whole_over_a_stream(connect: Connect) -> None:
    async with upstream(streamed("It ", "turns.")) as server:
        steps = await run(connect(server.url))
    assert server.requests[0].body["stream"] is True
    assert [type(step) for step in steps] == [BeginAnswer, Usage, Result]
    assert (response(steps)["text"], response(steps)["stop_reason"]) == ("It turns.", "end_turn")


async def test_a_paused_turn_goes_on_and_searches_are_told(connect: Connect) -> None:
    script = Script(pause_s=0, first_pause_s=0)
    async with serve(create_simulator(script)) as url:
        steps = await run(connect(url), enable_grounding=True)
    assert [type(step) for step in steps] == [BeginAnswer, Log, Usage, Result]
    assert response(steps)["citations"][0]["url"] == "https://example.com/"
    async with upstream(streamed("First, ", stop_reason="pause_turn"), streamed("then.")) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert (response(steps)["text"], len(server.requests)) == ("First, then.", 2)


async def test_it_has_no_messages() -> None:
    assert "stream_variable_name" not in ChatCompletionProperties.model_fields
    with pytest.raises(ValidationError):
        ChatCompletionProperties.model_validate({**NEEDED, "stream_variable_name": "m"})


async def test_a_failure_has_no_result(connect: Connect) -> None:
    async with upstream([*begun("It tu"), FIN]) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url))
    assert failed.value.code == "upstream_disconnected"


async def test_closing_the_action_closes_the_call(connect: Connect) -> None:
    async with upstream([*begun("It tu"), HANG]) as server:
        connection = connect(server.url, time_limit_s=5)
        properties = ChatCompletionProperties.model_validate({**NEEDED, "connection": connection})
        steps = ChatCompletion().run(properties, ActionContext("run", "node", {}))
        assert isinstance(await anext(steps), BeginAnswer)
        task = asyncio.ensure_future(anext(steps))
        await server.wait_until_asked()
        task.cancel()
        await server.requests[0].wait_until_left()


async def test_an_answer_of_json_is_parsed(connect: Connect) -> None:
    async with serve(create_simulator(Script(pause_s=0, first_pause_s=0))) as url:
        steps = await run(connect(url), response_format=SCHEMA)
    assert response(steps)["parsed"] == {"name": "simulated"}


NOT_JSON = {
    "text": ("It turns.", "it is not JSON: expecting value at line 1, column 1"),
    "half of it": ('{"name": "M', "it is not JSON: unterminated string starting at line 1, column 10"),
    "another shape": ('{"secret": 1}', "the whole lacks 'name'"),
    "nothing": ("", "it is not JSON: expecting value at line 1, column 1"),
}


@pytest.mark.parametrize(("words", "told"), NOT_JSON.values(), ids=NOT_JSON.keys())
async def test_an_answer_that_is_not_that_json_fails(connect: Connect, words: str, told: str) -> None:
    async with upstream(streamed(words)) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url), response_format=SCHEMA)
    assert failed.value.code == "answer_not_json"
    assert failed.value.message == f"The answer is not what Response Format asks for: {told}."


@pytest.mark.parametrize(("reason", "code"), [("refusal", "refusal"), ("max_tokens", "answer_cut")])
async def test_a_refused_or_cut_answer_is_told_as_that(connect: Connect, reason: str, code: str) -> None:
    async with upstream(streamed('{"na', stop_reason=reason)) as server:
        steps = await run(connect(server.url), response_format=SCHEMA)
    assert [step.code for step in steps if isinstance(step, Warn)] == [code]
    assert (response(steps)["parsed"], response(steps)["stop_reason"]) == (None, reason)


async def test_sources_and_thinking_are_parts_of_their_own(connect: Connect) -> None:
    context = {"search_results": [{"source": "mill.md", "title": "Mill", "text": "Water drives it. It turns."}]}
    script = Script(pause_s=0, first_pause_s=0, thinking="Hm.")
    async with serve(create_simulator(script)) as url:
        steps = await run(connect(url), context=context, citations=True, show_thinking=True)
    got = response(steps)
    source = {"url": None, "source": "mill.md", "title": "Mill", "cited_text": "Water drives it. It turns."}
    assert (got["citations"], got["thinking"], "Hm." in got["text"]) == ([source], "Hm.", False)
    assert got["text"] == "".join(block["text"] for block in got["content"] if block["type"] == "text")


async def messages_sent(connect: Connect, reducer: HistoryReducer | None) -> list[str]:
    async with upstream(streamed("ok")) as server:
        await run(connect(server.url), reducer, history=TURNS, prompt_caching=False)
    return [turn["content"] for turn in server.requests[0].body["messages"]]


async def test_an_attached_reducer_decides_what_of_the_history_is_sent(connect: Connect) -> None:
    assert len(await messages_sent(connect, None)) == 9
    assert await messages_sent(connect, Truncation(3, 4)) == ["3", "3", "Hi"]


async def test_what_a_reducer_leaves_begins_with_a_users_turn(connect: Connect) -> None:
    class Careless(HistoryReducer):
        def reduce(self, turns: Sequence[Turn]) -> list[Turn]:
            return list(turns[-3:])

    assert await messages_sent(connect, Careless()) == ["3", "3", "Hi"]


async def test_a_schema_that_is_none_is_refused_before_the_call(connect: Connect) -> None:
    async with upstream(streamed("ok")) as server:
        with pytest.raises(ActionError) as failed:
            await run(connect(server.url), response_format={"type": "sentence"})
    assert (failed.value.code, server.connections) == ("invalid_response_format", 0)
    assert [problem.property for problem in ChatCompletion.check({"response_format": {"type": "sentence"}})] == [
        "response_format"
    ]


OPEN_MAPS = {
    "the whole": ({"type": "object"}, "the whole"),
    "names of a kind": ({"type": "object", "additionalProperties": {"type": "string"}}, "the whole"),
    "within a property": ({"type": "object", "properties": {"prices": {"type": ["object", "null"]}}}, "'prices'"),
    "named ones and others": (
        {"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "number"}},
        "the whole",
    ),
    "named ones and others of a pattern": (
        {"type": "object", "properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {"type": "number"}}},
        "the whole",
    ),
    "within a list": ({"type": "array", "items": {"type": "object", "patternProperties": {"^x": {}}}}, "'items'"),
    "an alternative": ({"anyOf": [{"type": "string"}, {"type": "object"}]}, "'anyOf'"),
    "a definition": ({"$ref": "#/$defs/map", "$defs": {"map": {"type": "object", "properties": {}}}}, "'map'"),
}


@pytest.mark.parametrize(("schema", "place"), OPEN_MAPS.values(), ids=OPEN_MAPS)
def test_an_object_of_unknown_names_is_told_because_it_would_come_empty(schema: dict[str, Any], place: str) -> None:
    problems = list(ChatCompletion.check({"response_format": schema}))
    assert [(problem.code, problem.property) for problem in problems] == [
        ("invalid_response_format", "response_format")
    ]
    assert f"an object of unknown names, at {place}:" in problems[0].message


def test_an_object_that_is_meant_to_be_empty_may_be_asked_for() -> None:
    empty = {"type": "object", "properties": {}, "additionalProperties": False}
    assert list(ChatCompletion.check({"response_format": empty})) == []
