"""OpenAI's client and the AI SDK in Node, unmodified, with a flow behind them."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.clients.calls import (
    ADDRESS,
    FAILS_AFTER_WORDS,
    FAILS_BEFORE_WORDS,
    WORDS,
    build_headers,
    cancel_run,
    count_calls,
    wait_for_end,
)
from tests.clients.node_chat import create_chat, read_all, run_client
from tests.faults.rig import Server, get_site, get_upstream
from tests.faults.upstream import WHEN_ASKED, WORDS_BEFORE_FAULT, ScriptedPrompt


async def find_run(server: Server, chat: str) -> str:
    """Return the id of the run that goes on for a chat."""
    async with httpx.AsyncClient(base_url=server.url, headers=build_headers("")) as client:
        for _ in range(200):
            runs = (await client.get(f"/api/v1/runs?session_id={chat}")).json()["runs"]
            if runs:
                return str(runs[0]["id"])
            await asyncio.sleep(0.05)
    raise TimeoutError


@pytest.mark.parametrize("client", ["openai", "ai"])
async def test_each_chunk_comes_before_the_model_writes_the_next(server: Server, client: str) -> None:
    prompt, lines = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async for line in run_client(client, server, prompt, id=create_chat()):
        lines.append(line)
        if "text" in line:
            await get_upstream().ask_for_next(prompt)
    assert [line["text"] for line in lines[:-1]] == WORDS
    if client == "openai":
        end = lines[-1]
        assert (end["finish"], end["usage"]["prompt_tokens"], end["usage"]["completion_tokens"]) == ("stop", 25, 15)
    else:
        assert (lines[-1]["status"], lines[-1]["error"]) == ("ready", None)


async def test_a_failure_in_the_middle_raises_in_openai(server: Server) -> None:
    pieces, end = await read_all("openai", server, ScriptedPrompt(script=FAILS_AFTER_WORDS))
    assert "".join(piece["text"] for piece in pieces) == "".join(WORDS_BEFORE_FAULT)
    assert end["code"] == "upstream_disconnected"


async def test_a_client_of_openai_that_leaves_cancels_the_run(server: Server) -> None:
    pieces, _ = await read_all("openai", server, ScriptedPrompt(chunks=10_000), call="leave")
    run = pieces[0]["id"].removeprefix("chatcmpl-")
    assert (await wait_for_end(server, run))["type"] == "run.cancelled"


async def test_each_delta_of_a_response_comes_before_the_model_writes_the_next(server: Server) -> None:
    prompt, lines = ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async for line in run_client("responses", server, prompt):
        lines.append(line)
        if "text" in line:
            await get_upstream().ask_for_next(prompt)
    assert [line["text"] for line in lines if "text" in line] == WORDS
    end = lines[-1]
    assert (end["whole"], end["status"], end["usage"]["total_tokens"]) == ("".join(WORDS), "completed", 40)


async def test_a_failure_in_the_middle_of_a_response_is_told_and_raises(server: Server) -> None:
    pieces, end = await read_all("responses", server, ScriptedPrompt(script=FAILS_AFTER_WORDS))
    assert "".join(piece.get("text", "") for piece in pieces) == "".join(WORDS_BEFORE_FAULT)
    assert pieces[-1] == {"failed": "upstream_disconnected"}
    assert end["code"] == "upstream_disconnected"


async def test_a_client_of_responses_that_leaves_cancels_the_run(server: Server) -> None:
    pieces, _ = await read_all("responses", server, ScriptedPrompt(chunks=10_000), call="leave")
    assert (await wait_for_end(server, pieces[0]["id"].removeprefix("resp_")))["type"] == "run.cancelled"


async def test_a_message_has_its_parts_usage_and_reason(server: Server) -> None:
    chat, prompt = create_chat(), ScriptedPrompt(chunks=3)
    pieces, end = await read_all("ai", server, prompt, id=chat)
    assert end["parts"] == ["step-start", "text"]
    assert end["metadata"]["usage"] == {"inputTokens": 25, "outputTokens": 15, "cachedInputTokens": 0}
    assert end["metadata"]["run"] == pieces[0]["id"] == await find_run(server, chat)
    assert end["ends"] == [{"isAbort": False, "isDisconnect": False, "isError": False, "finishReason": "stop"}]


@pytest.mark.parametrize("script", [FAILS_AFTER_WORDS, FAILS_BEFORE_WORDS])
async def test_a_failure_is_the_error_of_the_chat(server: Server, script: str) -> None:
    pieces, end = await read_all("ai", server, ScriptedPrompt(script=script), id=create_chat())
    assert end["status"] == "error"
    assert end["error"].endswith(".")
    said = "".join(WORDS_BEFORE_FAULT) if script == FAILS_AFTER_WORDS else ""
    assert "".join(piece["text"] for piece in pieces) == said
    assert end["ends"][0]["isError"] is True


async def test_regenerating_answers_the_same_messages_anew(server: Server) -> None:
    prompt = ScriptedPrompt(chunks=3)
    _, end = await read_all("ai", server, prompt, id=create_chat(), call="regenerate")
    assert (end["status"], end["count"]) == ("ready", 2)
    assert await count_calls(prompt) == 2


async def test_a_chat_comes_back_to_its_run_and_hears_it_from_the_beginning(server: Server) -> None:
    chat, prompt = create_chat(), ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS))
    first = run_client("ai", server, prompt, id=chat)
    assert (await anext(first))["text"] == WORDS[0]
    await first.aclose()  # the page was closed
    texts = []
    async for line in run_client("ai", server, prompt, id=chat, call="resume"):
        if "text" in line:
            texts.append(line["text"])
            await get_upstream().ask_for_next(prompt)
    assert "".join(texts) == "".join(WORDS)
    assert line["status"] == "ready"
    assert await count_calls(prompt) == 1


async def test_a_chat_without_a_run_has_nothing_to_come_back_to(server: Server) -> None:
    pieces, end = await read_all("ai", server, ScriptedPrompt(), id=create_chat(), call="resume")
    assert (pieces, end["status"], end["count"]) == ([], "ready", 0)
    url = f"{server.url}/api/v1/flows/{ADDRESS}/ui/{create_chat()}/stream"
    async with httpx.AsyncClient(headers=build_headers("")) as client:
        assert (await client.get(url)).status_code == 204


@pytest.mark.parametrize("by", ["the chat", "the run"])
async def test_a_stopped_run_ends_the_message_without_an_error(server: Server, by: str) -> None:
    chat, is_asked = create_chat(), False
    async for line in run_client("ai", server, ScriptedPrompt(chunks=10_000), id=chat):
        if "text" in line and not is_asked:
            is_asked = True
            run = await find_run(server, chat)
            if by == "the chat":
                async with httpx.AsyncClient(headers=build_headers(""), timeout=30) as client:
                    await client.post(f"{server.url}/api/v1/flows/{ADDRESS}/ui/{chat}/stop")
            else:
                await asyncio.to_thread(cancel_run, server, run)
    assert (line["status"], line["error"]) == ("ready", None)
    assert "finishReason" not in line["ends"][0]
    assert (await wait_for_end(server, run))["type"] == "run.cancelled"


async def test_the_key_of_another_chat_hears_nothing(server: Server) -> None:
    chat = create_chat()
    client = run_client("ai", server, ScriptedPrompt(chunks=10_000), id=chat)
    await anext(client)
    headers = {"Authorization": f"Bearer {get_site().neighbours_key}"}
    url = f"{server.url}/api/v1/flows/{get_site().flows['patient']}/ui/{chat}/stream"
    async with httpx.AsyncClient(headers=headers) as other:
        assert (await other.get(url)).status_code == 404
    await client.aclose()
    await asyncio.to_thread(cancel_run, server, await find_run(server, chat))


REFUSALS: dict[str, tuple[dict[str, Any], int, str]] = {
    "a bad key": ({"key": "mr_live_no"}, 401, "valid API key"),
    "an unknown flow": ({"flow": "no-such-flow"}, 404, "nothing at this address"),
    "a flow without a chat": ({"flow": "orders"}, 400, "takes no chat"),
    "no message": ({"messages": []}, 400, "no message"),
    "a message without parts": ({"messages": [{"id": "1", "role": "user", "content": "x"}]}, 400, "messages.0.parts"),
    "a body that is too long": (
        {"messages": [{"role": "user", "parts": [{"type": "text", "text": "x" * 33 * 1024 * 1024}]}]},
        413,
        "larger than",
    ),
}


@pytest.mark.parametrize(("given", "status", "said"), REFUSALS.values(), ids=REFUSALS)
async def test_a_refusal_is_a_sentence_for_the_user(
    server: Server, given: dict[str, Any], status: int, said: str
) -> None:
    messages = [{"id": "1", "role": "user", "parts": [{"type": "text", "text": "x"}]}]
    usual = {"key": get_site().key, "flow": ADDRESS, "messages": messages, **given}
    headers = {"Authorization": f"Bearer {usual['key']}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as client:
        body = {"id": create_chat(), "messages": usual["messages"], "trigger": "submit-message"}
        answer = await client.post(f"/api/v1/flows/{usual['flow']}/ui", json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "text/plain; charset=utf-8")
    assert said in answer.text


async def test_the_page_shows_that_sentence(server: Server) -> None:
    _, end = await read_all("ai", server, ScriptedPrompt(), id=create_chat(), flow="orders")
    assert end["status"] == "error"
    assert "takes no chat" in end["error"]
