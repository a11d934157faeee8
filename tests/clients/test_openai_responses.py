"""OpenAI's own client, unmodified, asks for responses of a flow."""

from typing import Any

import openai
import pytest
from openai import AsyncOpenAI

from tests.clients.calls import (
    ADDRESS,
    FAILS_AFTER_WORDS,
    FAILS_BEFORE_WORDS,
    WORDS,
    cancel_run,
    count_calls,
    wait_for_end,
)
from tests.faults.rig import Server, get_site, get_upstream
from tests.faults.upstream import WHEN_ASKED, WORDS_BEFORE_FAULT, ScriptedPrompt


def create_client(server: Server, **options: Any) -> AsyncOpenAI:
    return AsyncOpenAI(base_url=f"{server.url}/v1", **{"api_key": get_site().key, "max_retries": 0, **options})


def respond(client: AsyncOpenAI, prompt: ScriptedPrompt, **options: Any) -> Any:
    return client.responses.create(**{"model": ADDRESS, "input": prompt.prompt, **options})


def get_run(event: Any) -> str:
    return str(event.response.id.removeprefix("resp_"))


async def test_each_delta_comes_before_the_model_writes_the_next(server: Server) -> None:
    prompt, texts = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async with create_client(server) as client, client.responses.stream(model=ADDRESS, input=prompt.prompt) as stream:
        async for event in stream:
            if event.type == "response.output_text.delta":
                texts.append(event.delta)
                await get_upstream().ask_for_next(prompt)
        final = await stream.get_final_response()
    assert texts == WORDS
    assert (final.output_text, final.status, final.model) == ("".join(WORDS), "completed", ADDRESS)
    assert final.usage
    assert (final.usage.input_tokens, final.usage.output_tokens, final.usage.total_tokens) == (25, 15, 40)
    assert (await wait_for_end(server, final.id.removeprefix("resp_")))["type"] == "run.completed"


async def test_a_whole_response_has_text_usage_and_status(server: Server) -> None:
    prompt = ScriptedPrompt(script="overloaded twice")
    async with create_client(server) as client:
        answer = await respond(client, prompt, model=get_site().flows["patient"], instructions="Be brief.")
    assert (answer.output_text, answer.status) == ("".join(WORDS_BEFORE_FAULT), "completed")
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (25, 15)


async def test_a_response_is_followed_where_the_flow_keeps_a_history(server: Server) -> None:
    async with create_client(server) as client:
        first = await client.responses.create(model="remember", input="One")
        second = await client.responses.create(model="remember", input="Two", previous_response_id=first.id)
        apart = await client.responses.create(model="remember", input="Three")
    assert [each.output_text for each in (first, second, apart)] == ["0", "2", "0"]


async def test_a_failure_in_the_middle_is_told_and_raises(server: Server) -> None:
    events: list[Any] = []
    async with create_client(server) as client:
        with pytest.raises(openai.APIError) as caught:
            async for event in await respond(client, ScriptedPrompt(script=FAILS_AFTER_WORDS), stream=True):
                events += [event]  # a list would be lost with the exception
    assert "".join(each.delta for each in events if each.type == "response.output_text.delta") == "".join(
        WORDS_BEFORE_FAULT
    )
    assert (events[-1].type, events[-1].response.status) == ("response.failed", "failed")
    assert events[-1].response.error.code == caught.value.code == "upstream_disconnected"


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_a_failure_before_the_words_has_a_status_and_is_not_repeated(server: Server, stream: bool) -> None:
    prompt = ScriptedPrompt(script=FAILS_BEFORE_WORDS)
    async with create_client(server, max_retries=2) as client:
        with pytest.raises(openai.APIStatusError) as caught:
            await respond(client, prompt, stream=stream)
    assert (caught.value.status_code, caught.value.code) == (502, "request_refused")
    assert await count_calls(prompt) == 1


async def test_a_client_that_leaves_cancels_the_run(server: Server) -> None:
    async with create_client(server) as client:
        stream = await respond(client, ScriptedPrompt(chunks=10_000), stream=True)
        first = await anext(stream)
        await stream.close()
    assert (await wait_for_end(server, get_run(first)))["type"] == "run.cancelled"


async def test_a_run_that_is_cancelled_elsewhere_raises(server: Server) -> None:
    events: list[Any] = []
    async with create_client(server) as client:
        with pytest.raises(openai.APIError) as caught:
            async for event in await respond(client, ScriptedPrompt(chunks=10_000), stream=True):
                if not events:
                    cancel_run(server, get_run(event))
                events += [event]
    assert caught.value.code == "cancelled"
    assert events[-1].response.status == "cancelled"


REFUSALS: list[tuple[str, dict[str, Any], type[openai.APIStatusError], str]] = [
    ("unknown flow", {"model": "no-such-flow"}, openai.NotFoundError, "model_not_found"),
    ("a flow without a chat", {"model": "orders"}, openai.BadRequestError, "wrong_trigger"),
    ("no input", {"input": []}, openai.BadRequestError, "invalid_request"),
    ("an answer in the background", {"background": True}, openai.BadRequestError, "invalid_request"),
    ("a tool that must be called", {"tool_choice": "required"}, openai.BadRequestError, "tools_not_supported"),
    ("a response elsewhere", {"previous_response_id": "resp_1"}, openai.BadRequestError, "history_not_kept"),
]


@pytest.mark.parametrize(
    ("options", "error", "code"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
async def test_what_no_flow_can_answer_is_refused(
    server: Server, options: dict[str, Any], error: type[openai.APIStatusError], code: str
) -> None:
    async with create_client(server) as client:
        with pytest.raises(error) as caught:
            await respond(client, ScriptedPrompt(chunks=1), **options)
    assert caught.value.code == code
    assert caught.value.type == "invalid_request_error"


async def test_fields_that_no_flow_uses_are_accepted(server: Server) -> None:
    tool = {"type": "function", "name": "f", "parameters": {"type": "object"}, "strict": False}
    options = {"temperature": 0.2, "max_output_tokens": 5, "tools": [tool], "extra_body": {"new_field": [1]}}
    async with create_client(server) as client:
        answer = await respond(client, ScriptedPrompt(chunks=1), **options)
    assert answer.status == "completed"
