"""OpenAI's own client, unmodified, with a flow as its model."""

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


def ask(client: AsyncOpenAI, prompt: ScriptedPrompt, **options: Any) -> Any:
    messages = [{"role": "user", "content": prompt.prompt}]
    return client.chat.completions.create(**{"model": ADDRESS, "messages": messages, **options})


def get_run(chunk: Any) -> str:
    return str(chunk.id.removeprefix("chatcmpl-"))


async def test_each_chunk_comes_before_the_model_writes_the_next(server: Server) -> None:
    prompt, texts = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async with create_client(server) as client:
        async for chunk in await ask(client, prompt, stream=True):
            if text := chunk.choices[0].delta.content:
                texts.append(text)
                await get_upstream().ask_for_next(prompt)
    assert texts == WORDS
    assert chunk.choices[0].finish_reason == "stop"
    assert (await wait_for_end(server, get_run(chunk)))["type"] == "run.completed"


async def test_usage_comes_when_it_is_asked_for(server: Server) -> None:
    async with create_client(server) as client:
        options = {"stream": True, "stream_options": {"include_usage": True}}
        chunks = [chunk async for chunk in await ask(client, ScriptedPrompt(chunks=3), **options)]
    assert (chunks[0].choices[0].delta.role, chunks[0].model, chunks[0].object) == (
        "assistant",
        ADDRESS,
        "chat.completion.chunk",
    )
    usage = chunks[-1].usage
    assert chunks[-1].choices == []
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (25, 15, 40)


async def test_a_whole_answer_has_text_usage_and_reason(server: Server) -> None:
    async with create_client(server) as client:
        answer = await ask(client, ScriptedPrompt(script="overloaded twice"), model=get_site().flows["patient"])
    choice = answer.choices[0]
    assert (choice.message.role, choice.message.content) == ("assistant", "".join(WORDS_BEFORE_FAULT))
    assert (choice.finish_reason, answer.usage.prompt_tokens, answer.usage.completion_tokens) == ("stop", 25, 15)


async def test_a_failure_in_the_middle_raises_and_keeps_the_words(server: Server) -> None:
    texts = []
    async with create_client(server) as client:
        with pytest.raises(openai.APIError) as caught:
            async for chunk in await ask(client, ScriptedPrompt(script=FAILS_AFTER_WORDS), stream=True):
                texts += [chunk.choices[0].delta.content]  # a list would be lost with the exception
    assert [text for text in texts if text] == list(WORDS_BEFORE_FAULT)
    assert caught.value.code == "upstream_disconnected"


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_a_failure_before_the_words_has_a_status_and_is_not_repeated(server: Server, stream: bool) -> None:
    prompt = ScriptedPrompt(script=FAILS_BEFORE_WORDS)
    async with create_client(server, max_retries=2) as client:
        with pytest.raises(openai.APIStatusError) as caught:
            await ask(client, prompt, stream=stream)
    assert (caught.value.status_code, caught.value.code) == (502, "request_refused")
    assert await count_calls(prompt) == 1


async def test_a_client_that_leaves_cancels_the_run(server: Server) -> None:
    async with create_client(server) as client:
        stream = await ask(client, ScriptedPrompt(chunks=10_000), stream=True)
        first = await anext(stream)
        await stream.close()
    assert (await wait_for_end(server, get_run(first)))["type"] == "run.cancelled"


async def test_a_run_that_is_cancelled_elsewhere_raises(server: Server) -> None:
    async with create_client(server) as client:
        with pytest.raises(openai.APIError) as caught:
            async for chunk in await ask(client, ScriptedPrompt(chunks=10_000), stream=True):
                cancel_run(server, get_run(chunk))
    assert caught.value.code == "cancelled"


REFUSALS: list[tuple[str, dict[str, Any], type[openai.APIStatusError], str]] = [
    ("unknown flow", {"model": "no-such-flow"}, openai.NotFoundError, "model_not_found"),
    ("a flow without a chat", {"model": "orders"}, openai.BadRequestError, "wrong_trigger"),
    ("no message", {"messages": []}, openai.BadRequestError, "invalid_request"),
    (
        "an answer at the end",
        {"messages": [{"role": "assistant", "content": "x"}]},
        openai.BadRequestError,
        "invalid_request",
    ),
    ("an unknown role", {"messages": [{"role": "king", "content": "x"}]}, openai.BadRequestError, "invalid_request"),
    ("several answers", {"n": 2}, openai.BadRequestError, "invalid_request"),
    ("a tool that must be called", {"tool_choice": "required"}, openai.BadRequestError, "tools_not_supported"),
    (
        "a result of a tool",
        {"messages": [{"role": "tool", "tool_call_id": "1", "content": "x"}, {"role": "user", "content": "x"}]},
        openai.BadRequestError,
        "tools_not_supported",
    ),
    (
        "a file of another server",
        {
            "messages": [
                {"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "file", "file": {"file_id": "f"}}]}
            ]
        },
        openai.BadRequestError,
        "invalid_request",
    ),
]


@pytest.mark.parametrize(
    ("options", "error", "code"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
async def test_what_no_flow_can_answer_is_refused(
    server: Server, options: dict[str, Any], error: type[openai.APIStatusError], code: str
) -> None:
    async with create_client(server) as client:
        with pytest.raises(error) as caught:
            await ask(client, ScriptedPrompt(chunks=1), **options)
    assert caught.value.code == code
    assert caught.value.type == "invalid_request_error"


async def test_a_bad_key_is_refused(server: Server) -> None:
    async with create_client(server, api_key="mr_live_no") as client:
        with pytest.raises(openai.AuthenticationError) as caught:
            await ask(client, ScriptedPrompt(chunks=1))
        with pytest.raises(openai.AuthenticationError):
            await client.models.list()
    assert caught.value.code == "not_signed_in"


async def test_a_body_that_is_too_long_is_refused(server: Server) -> None:
    async with create_client(server) as client:
        with pytest.raises(openai.APIStatusError) as caught:
            await ask(client, ScriptedPrompt(chunks=1), messages=[{"role": "user", "content": "x" * 33 * 1024 * 1024}])
    assert (caught.value.status_code, caught.value.code) == (413, "body_too_large")


async def test_flows_that_take_a_chat_are_listed_as_models(server: Server) -> None:
    async with create_client(server) as client:
        listed = [model.id async for model in await client.models.list()]
        found = await client.models.retrieve(ADDRESS)
        with pytest.raises(openai.NotFoundError):
            await client.models.retrieve("orders")
    assert ADDRESS in listed
    assert "orders" not in listed
    assert (found.id, found.object) == (ADDRESS, "model")


async def test_fields_that_no_flow_uses_are_accepted(server: Server) -> None:
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}
    options = {"temperature": 0.2, "max_tokens": 5, "tools": [tool], "user": "u", "extra_body": {"new_field": [1]}}
    async with create_client(server) as client:
        answer = await ask(client, ScriptedPrompt(chunks=1), **options)
    assert answer.choices[0].finish_reason == "stop"
