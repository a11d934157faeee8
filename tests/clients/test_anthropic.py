"""Anthropic's own client, unmodified, with a flow as its model."""

from typing import Any
from uuid import UUID

import anthropic
import httpx
import pytest
from anthropic import AsyncAnthropic

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


def create_client(server: Server, **options: Any) -> AsyncAnthropic:
    return AsyncAnthropic(base_url=server.url, **{"api_key": get_site().key, "max_retries": 0, **options})


def describe(prompt: ScriptedPrompt, **options: Any) -> dict[str, Any]:
    messages = [{"role": "user", "content": prompt.prompt}]
    return {"model": ADDRESS, "max_tokens": 100, "messages": messages, **options}


def get_run(message: Any) -> str:
    return str(UUID(message.id.removeprefix("msg_")))


async def test_each_chunk_comes_before_the_model_writes_the_next(server: Server) -> None:
    prompt, texts = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async with create_client(server) as client, client.messages.stream(**describe(prompt)) as stream:
        async for text in stream.text_stream:
            texts.append(text)
            await get_upstream().ask_for_next(prompt)
        message = await stream.get_final_message()
    assert texts == WORDS
    assert (message.stop_reason, message.model, message.role) == ("end_turn", ADDRESS, "assistant")
    assert (message.usage.input_tokens, message.usage.output_tokens) == (25, 15)
    assert (await wait_for_end(server, get_run(message)))["type"] == "run.completed"


@pytest.mark.parametrize("credentials", [{"api_key": True}, {"auth_token": True, "api_key": False}], ids=str)
async def test_a_whole_answer_has_text_usage_and_reason(server: Server, credentials: dict[str, bool]) -> None:
    given = {name: get_site().key if used else None for name, used in credentials.items()}
    async with create_client(server, **given) as client:
        message = await client.messages.create(**describe(ScriptedPrompt(script="overloaded twice")))
    assert [(block.type, block.text) for block in message.content] == [("text", "".join(WORDS_BEFORE_FAULT))]
    usage = (message.usage.input_tokens, message.usage.output_tokens)
    assert (message.stop_reason, usage) == ("end_turn", (25, 15))


async def test_the_key_is_taken_from_the_older_header(server: Server) -> None:
    headers = {"X-Api-Key": get_site().key, "Anthropic-Version": "2023-06-01"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers) as client:
        listed = (await client.get("/v1/models")).json()
        answer = await client.post("/v1/messages?beta=true", json=describe(ScriptedPrompt(chunks=1)))
    assert listed["data"][0]["type"] == "model"
    assert answer.json()["type"] == "message"


async def test_a_failure_in_the_middle_raises_and_keeps_the_words(server: Server) -> None:
    texts = []
    async with create_client(server) as client:
        with pytest.raises(anthropic.APIStatusError) as caught:
            async with client.messages.stream(**describe(ScriptedPrompt(script=FAILS_AFTER_WORDS))) as stream:
                async for text in stream.text_stream:
                    texts.append(text)  # noqa: PERF401  # a list would be lost with the exception
    assert texts == list(WORDS_BEFORE_FAULT)
    assert caught.value.body["error"]["type"] == "api_error"  # type: ignore[index]  # the SDK types it as any object


@pytest.mark.parametrize("stream", [True, False], ids=["stream", "whole"])
async def test_a_failure_before_the_words_has_a_status_and_is_not_repeated(server: Server, stream: bool) -> None:
    prompt = ScriptedPrompt(script=FAILS_BEFORE_WORDS)
    async with create_client(server, max_retries=2) as client:
        with pytest.raises(anthropic.APIStatusError) as caught:
            await client.messages.create(**describe(prompt), stream=stream)
    assert caught.value.status_code == 502
    assert caught.value.request_id
    assert await count_calls(prompt) == 1


async def test_a_client_that_leaves_cancels_the_run(server: Server) -> None:
    async with create_client(server) as client:
        async with client.messages.stream(**describe(ScriptedPrompt(chunks=10_000))) as stream:
            await anext(aiter(stream.text_stream))
            message = stream.current_message_snapshot
        assert (await wait_for_end(server, get_run(message)))["type"] == "run.cancelled"


async def test_a_client_that_does_not_wait_for_a_whole_answer_cancels_the_run(server: Server) -> None:
    prompt = ScriptedPrompt(chunks=10_000)
    async with create_client(server, timeout=1) as client:
        with pytest.raises(anthropic.APITimeoutError):
            await client.messages.create(**describe(prompt))
    async with httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {get_site().key}"}) as other:
        runs = (await other.get("/api/v1/runs")).json()["runs"]
    run = next(run["id"] for run in runs if run["input"]["prompt"] == prompt.prompt)
    assert (await wait_for_end(server, run))["type"] == "run.cancelled"


async def test_a_run_that_is_cancelled_elsewhere_raises(server: Server) -> None:
    async with create_client(server) as client:
        with pytest.raises(anthropic.APIStatusError):
            async with client.messages.stream(**describe(ScriptedPrompt(chunks=10_000))) as stream:
                async for _ in stream.text_stream:
                    cancel_run(server, get_run(stream.current_message_snapshot))


REFUSALS: list[tuple[str, dict[str, Any], type[anthropic.APIStatusError], str]] = [
    ("unknown flow", {"model": "no-such-flow"}, anthropic.NotFoundError, "not_found_error"),
    ("a flow without a chat", {"model": "orders"}, anthropic.BadRequestError, "invalid_request_error"),
    ("no message", {"messages": []}, anthropic.BadRequestError, "invalid_request_error"),
    (
        "an answer at the end",
        {"messages": [{"role": "assistant", "content": "x"}]},
        anthropic.BadRequestError,
        "invalid_request_error",
    ),
    (
        "a tool that must be called",
        {"tool_choice": {"type": "any"}},
        anthropic.BadRequestError,
        "invalid_request_error",
    ),
    (
        "a result of a tool",
        {"messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": "x"}]}]},
        anthropic.BadRequestError,
        "invalid_request_error",
    ),
]


@pytest.mark.parametrize(
    ("options", "error", "kind"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
async def test_what_no_flow_can_answer_is_refused(
    server: Server, options: dict[str, Any], error: type[anthropic.APIStatusError], kind: str
) -> None:
    async with create_client(server) as client:
        with pytest.raises(error) as caught:
            await client.messages.create(**describe(ScriptedPrompt(chunks=1), **options))
    assert caught.value.type == kind


async def test_a_bad_key_is_refused(server: Server) -> None:
    async with create_client(server, api_key="mr_live_no") as client:
        with pytest.raises(anthropic.AuthenticationError) as caught:
            await client.messages.create(**describe(ScriptedPrompt(chunks=1)))
    assert caught.value.type == "authentication_error"


async def test_a_body_that_is_too_long_is_refused(server: Server) -> None:
    async with create_client(server) as client:
        with pytest.raises(anthropic.APIStatusError) as caught:
            long = [{"role": "user", "content": "x" * 33 * 1024 * 1024}]
            await client.messages.create(**describe(ScriptedPrompt(chunks=1), messages=long))
    assert (caught.value.status_code, caught.value.type) == (413, "request_too_large")


async def test_flows_that_take_a_chat_are_listed_as_models(server: Server) -> None:
    async with create_client(server) as client:
        listed = [model.id async for model in client.models.list()]
        found = await client.models.retrieve(ADDRESS)
    assert ADDRESS in listed
    assert "orders" not in listed
    assert (found.id, found.type, found.display_name) == (ADDRESS, "model", "Bench")


async def test_tokens_are_counted_by_the_model_that_the_flow_calls(server: Server) -> None:
    messages: list[Any] = [
        {"role": "user", "content": "One"},
        {"role": "assistant", "content": [{"type": "text", "text": "Two"}]},
        {"role": "user", "content": "Three"},
    ]
    async with create_client(server) as client:
        counted = await client.messages.count_tokens(model=ADDRESS, messages=messages, system="Brief")
    assert counted.input_tokens == 35


@pytest.mark.parametrize(
    ("model", "error", "said"),
    [
        ("remember", anthropic.BadRequestError, "does not call one model"),
        ("no-such-flow", anthropic.NotFoundError, "There is no flow"),
    ],
)
async def test_what_cannot_be_counted_is_refused_in_words(
    server: Server, model: str, error: type[anthropic.APIStatusError], said: str
) -> None:
    async with create_client(server) as client:
        with pytest.raises(error) as caught:
            await client.messages.count_tokens(model=model, messages=[{"role": "user", "content": "One"}])
    assert said in caught.value.message


async def test_a_count_that_the_api_does_not_give_raises(server: Server) -> None:
    flow = get_site().flows["unreachable"]
    async with create_client(server) as client:
        with pytest.raises(anthropic.APIStatusError) as caught:
            await client.messages.count_tokens(model=flow, messages=[{"role": "user", "content": "One"}])
    assert caught.value.status_code == 502


async def test_models_come_page_by_page(server: Server) -> None:
    async with create_client(server) as client:
        whole = [model.id async for model in client.models.list()]
        paged = [model.id async for model in client.models.list(limit=1)]
    assert len(whole) > 2
    assert paged == whole
