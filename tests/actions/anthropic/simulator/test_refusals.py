"""The simulator refuses what the Messages API refuses, in its shape."""

from typing import Any

import pytest

from actions.anthropic.simulator import create_simulator
from actions.anthropic.simulator.refusal import Refusal
from actions.anthropic.simulator.rules import check
from actions.contract.errors import ActionError
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.simulator.requests import ASK, asked, asking, cited, fast, post
from tests.actions.anthropic.simulator.serving import serve

SEARCH = {"type": "server_tool_use", "id": "s1", "name": "web_search", "input": {"query": "x"}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s1", "content": []}

REFUSED: dict[str, tuple[dict[str, Any], int, str]] = {
    "an unknown field": ({"top_k_k": 1}, 400, "top_k_k: Extra inputs are not permitted"),
    "a temperature": ({"temperature": 1.0}, 400, "temperature: Extra inputs are not permitted"),
    "a retired model": ({"model": "claude-3-5-sonnet-latest"}, 404, "model: claude-3-5-sonnet-latest"),
    "an unknown model": ({"model": "gpt-9"}, 404, "model: gpt-9"),
    "a model that is no text": ({"model": 5}, 400, "model"),
    "no tokens": ({"max_tokens": 0}, 400, "max_tokens"),
    "tokens that are no number": ({"max_tokens": True}, 400, "max_tokens"),
    "too many tokens": ({"max_tokens": 64_001}, 400, "max_tokens: 64001 > 64000"),
    "no messages": ({"messages": []}, 400, "messages"),
    "messages that are no list": ({"messages": "Hi"}, 400, "messages"),
    "a message that is no object": ({"messages": ["Hi"]}, 400, "messages.0"),
    "an unknown role": ({"messages": [{"role": "robot", "content": "x"}]}, 400, "messages.0.role"),
    "empty content": ({"messages": [{"role": "user", "content": ""}]}, 400, "non-empty content"),
    "an empty block": (
        {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}]}]},
        400,
        "must be non-empty",
    ),
    "a block without a type": ({"messages": [{"role": "user", "content": [{}]}]}, 400, "type: Field required"),
    "an assistant first": ({"messages": [{"role": "assistant", "content": "x"}]}, 400, "first message"),
    "a prefill": (
        {"model": "claude-sonnet-4-6", "messages": [*ASK["messages"], {"role": "assistant", "content": "I"}]},
        400,
        "prefill",
    ),
    "a search without its result": (
        {"messages": [*ASK["messages"], {"role": "assistant", "content": [SEARCH]}, *ASK["messages"]]},
        400,
        "messages.1: `web_search` tool use with id `s1` was found without a corresponding `web_search_tool_result`",
    ),
    "a search whose result comes before it": (
        {"messages": [*ASK["messages"], {"role": "assistant", "content": [FOUND, SEARCH]}, *ASK["messages"]]},
        400,
        "messages.1: `web_search` tool use",
    ),
    "a blank stop sequence": ({"stop_sequences": [" "]}, 400, "stop_sequences"),
    "an effort": ({"output_config": {"effort": "low"}}, 400, "output_config.effort"),
    "thinking that is not offered": ({"thinking": {"type": "adaptive"}}, 400, "adaptive thinking"),
    "thinking of the old kind": (
        {"model": "claude-opus-5-5", "thinking": {"type": "enabled", "budget_tokens": 1024}},
        400,
        "thinking.type.enabled",
    ),
    "thinking that cannot be turned off": (
        {"model": "claude-opus-5-5", "thinking": {"type": "disabled"}},
        400,
        "thinking.type.disabled",
    ),
    "thinking turned off in the wrong word": (
        {"model": "claude-sonnet-5-5", "thinking": {"type": "disabled"}},
        400,
        "thinking.type.disabled",
    ),
    "an output setting that does not exist": ({"output_config": {"style": "x"}}, 400, "output_config.style"),
    "a format of another kind": ({"output_config": {"format": {"type": "text"}}}, 400, "output_config.format"),
    "an open object": (
        {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
        400,
        "additionalProperties",
    ),
    "sources in JSON": (
        {**cited(), "output_config": {"format": {"type": "json_schema", "schema": {"type": "string"}}}},
        400,
        "citations",
    ),
    "a search result without a source": (cited(source=""), 400, "search_result.source: Field required"),
    "a document without a source": (asking({"type": "document"}), 400, "document.source"),
    "an image as text": (asking({"type": "image", "source": {"type": "text", "data": "x"}}), 400, "image.source"),
    "an image without data": (
        asking({"type": "image", "source": {"type": "base64", "media_type": "image/png"}}),
        400,
        "image.source.data: Field required",
    ),
    "thinking of no kind": ({"model": "claude-opus-5", "thinking": {"type": "deep"}}, 400, "thinking.type"),
}


@pytest.mark.parametrize(("change", "status", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_what_the_api_refuses_is_refused(change: dict[str, Any], status: int, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        check({**ASK, **change}, "2026-10-21")
    assert (refused.value.status, told in refused.value.message) == (status, True), refused.value.message
    assert refused.value.kind == {400: "invalid_request_error", 404: "not_found_error"}[status]


TAKEN: dict[str, list[dict[str, Any]]] = {
    "a search with its result": [{"role": "assistant", "content": [SEARCH, FOUND]}, *ASK["messages"]],
    "a search whose result comes in the next part of the turn": [
        {"role": "assistant", "content": [SEARCH]},
        {"role": "assistant", "content": [FOUND]},
        *ASK["messages"],
    ],
    "a turn that goes on and holds a search open": [
        {"role": "assistant", "content": [SEARCH]},
        {"role": "assistant", "content": [FOUND, {**SEARCH, "id": "s2"}]},
    ],
}


@pytest.mark.parametrize("turns", TAKEN.values(), ids=TAKEN.keys())
def test_what_the_api_takes_is_taken(turns: list[dict[str, Any]]) -> None:
    check({**ASK, "messages": [*ASK["messages"], *turns]}, "2026-10-21")


@pytest.mark.parametrize("stream", [False, True])
async def test_a_refusal_has_the_shape_of_the_api(stream: bool) -> None:
    async with serve(create_simulator(fast())) as url:
        response = await post(url, {**ASK, "stream": stream, "top_p": 1})
    assert response.status_code == 400
    assert response.json() == {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": "top_p: Extra inputs are not permitted"},
        "request_id": response.headers["request-id"],
    }


@pytest.mark.parametrize("name", ["model", "messages", "max_tokens"])
def test_a_needed_field_is_asked_for(name: str) -> None:
    with pytest.raises(Refusal, match=f"{name}: Field required"):
        check({key: value for key, value in ASK.items() if key != name}, "2026-10-21")


async def test_the_older_version_takes_a_temperature_for_older_models(connect: Connect) -> None:
    _, message = await asked(fast(), connect, temperature=0.2, version="2023-06-01")
    assert message.text
    with pytest.raises(ActionError) as failed:
        await asked(fast(), connect, temperature=0.2, version="2023-06-01", model="claude-opus-5")
    assert (failed.value.code, "Temperature" in failed.value.message) == ("request_refused", True)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null"])
async def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    async with serve(create_simulator(fast())) as url:
        response = await post(url, body)
    assert (response.status_code, response.json()["error"]["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"authorization": ""}, 401),
        ({"authorization": "Bearer"}, 401),
        ({"authorization": "Bearer wrong-key"}, 401),
        ({"authorization": "", "x-api-key": "k"}, 200),
        ({"anthropic-version": ""}, 400),
        ({"anthropic-version": "2020-01-01"}, 400),
    ],
)
async def test_a_key_and_a_version_are_needed(headers: dict[str, str], status: int) -> None:
    async with serve(create_simulator(fast())) as url:
        response = await post(url, ASK, **headers)
    assert response.status_code == status
