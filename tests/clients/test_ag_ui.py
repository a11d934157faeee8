"""AG-UI's own client, unmodified, in Node, with a flow as its agent."""

import asyncio
import signal
from typing import Any

import httpx
import pytest

from tests.clients.calls import (
    ADDRESS,
    FAILS_AFTER_WORDS,
    FAILS_BEFORE_WORDS,
    WORDS,
    cancel_run,
    count_calls,
    wait_for_end,
)
from tests.clients.node_chat import create_chat, read_all, run_client
from tests.faults.rig import Server, get_site, get_upstream, run_rig
from tests.faults.upstream import WHEN_ASKED, WORDS_BEFORE_FAULT, ScriptedPrompt


def join_texts(lines: list[Any]) -> str:
    return "".join(line.get("text", "") for line in lines)


async def test_each_chunk_comes_before_the_model_writes_the_next(server: Server) -> None:
    thread, prompt, lines = create_chat(), ScriptedPrompt(script=WHEN_ASKED, chunks=len(WORDS)), []
    async for line in run_client("agent", server, prompt, id=thread):
        lines.append(line)
        if "text" in line:
            await get_upstream().ask_for_next(prompt)
    assert [line["text"] for line in lines if "text" in line] == WORDS
    begun, finished, end = lines[0], lines[-2], lines[-1]
    assert (begun["thread"], finished["outcome"], finished["pending"]) == (thread, "success", [])
    assert (finished["usage"][0]["inputTokens"], finished["usage"][0]["outputTokens"]) == (25, 15)
    assert end["messages"] == [{"role": "assistant", "content": "".join(WORDS)}]
    assert (await wait_for_end(server, begun["id"]))["type"] == "run.completed"


@pytest.mark.parametrize(
    ("script", "said", "code"),
    [
        (FAILS_AFTER_WORDS, "".join(WORDS_BEFORE_FAULT), "upstream_disconnected"),
        (FAILS_BEFORE_WORDS, "", "request_refused"),
    ],
    ids=["after the words", "before the words"],
)
async def test_a_failure_is_the_error_of_the_run(server: Server, script: str, said: str, code: str) -> None:
    prompt = ScriptedPrompt(script=script)
    lines, _ = await read_all("agent", server, prompt, id=create_chat())
    assert (join_texts(lines), lines[-1]["failed"]) == (said, code)
    assert lines[-1]["message"].endswith(".")
    assert await count_calls(prompt) == 1


async def test_a_client_that_aborts_cancels_the_run(server: Server) -> None:
    lines, _ = await read_all("agent", server, ScriptedPrompt(chunks=10_000), id=create_chat(), call="leave")
    assert (await wait_for_end(server, lines[0]["id"]))["type"] == "run.cancelled"


async def test_a_run_that_is_cancelled_elsewhere_has_not_failed(server: Server) -> None:
    lines = []
    async for line in run_client("agent", server, ScriptedPrompt(chunks=10_000), id=create_chat()):
        lines.append(line)
        if "id" in line:
            await asyncio.to_thread(cancel_run, server, line["id"])
    assert lines[-2]["outcome"] == "cancelled"
    assert not any("failed" in line for line in lines)


async def test_what_a_flow_yields_beside_text_is_drawn_in_its_order(server: Server) -> None:
    lines, end = await read_all("agent", server, ScriptedPrompt(), id=create_chat(), flow="kinds")
    shown = [{name: line[name] for name in line if name != "id"} for line in lines[1:-1]]
    source = {"url": "https://e.test", "source": None, "title": None, "cited_text": None}
    assert shown == [
        {"thinking": "Hm."},
        {"thinking": " So."},
        {"text": "A mill."},
        {"name": "source", "value": source},
        {"name": "data", "value": {"wheels": 2}},
        {"thinking": "Done."},
    ]
    assert [message["role"] for message in end["messages"]] == [
        "reasoning",
        "assistant",
        "tool",
        "assistant",
        "reasoning",
    ]
    call = end["messages"][1]["toolCalls"][0]["function"]
    assert (call, end["messages"][2]["content"]) == ({"name": "search", "arguments": "{}"}, "3")
    assert lines[-1]["pending"] == []


async def test_a_server_that_stops_says_so() -> None:
    async with run_rig(MILLRACE_DRAIN_S="1") as (server, _):
        lines: list[Any] = []
        async for line in run_client("agent", server, ScriptedPrompt(chunks=10_000), id=create_chat()):
            if "text" in line and not any("text" in each for each in lines):
                server.signal(signal.SIGTERM)
            lines.append(line)
    assert lines[-2]["failed"] == "interrupted"


MESSAGE = {"id": "1", "role": "user", "content": "x"}
REFUSALS: dict[str, tuple[dict[str, Any], int, str]] = {
    "a bad key": ({"key": "mr_live_no"}, 401, "not_signed_in"),
    "an unknown flow": ({"flow": "no-such-flow"}, 404, "not_found"),
    "a flow without a chat": ({"flow": "orders"}, 400, "wrong_trigger"),
    "no message": ({"messages": []}, 400, "invalid_request"),
    "a message without a content": ({"messages": [{"id": "1", "role": "user"}]}, 400, "invalid_request"),
    "an answer at the end": ({"messages": [MESSAGE, {"role": "assistant", "content": "y"}]}, 400, "invalid_request"),
    "a body that is too long": ({"messages": [{**MESSAGE, "content": "x" * 33 * 1024 * 1024}]}, 413, "body_too_large"),
}


@pytest.mark.parametrize(("given", "status", "code"), REFUSALS.values(), ids=REFUSALS)
async def test_a_refusal_has_a_status_and_a_code(server: Server, given: dict[str, Any], status: int, code: str) -> None:
    usual = {"key": get_site().key, "flow": ADDRESS, "messages": [MESSAGE], **given}
    headers = {"Authorization": f"Bearer {usual['key']}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=30) as client:
        body = {"threadId": create_chat(), "runId": "run-1", "messages": usual["messages"]}
        answer = await client.post(f"/api/v1/flows/{usual['flow']}/ag-ui", json=body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["message"].endswith(".")


@pytest.mark.parametrize(
    ("given", "said"), [({"flow": "orders"}, "takes no chat"), ({"key": "mr_live_no"}, "valid API key")]
)
async def test_the_client_raises_a_refusal(server: Server, given: dict[str, str], said: str) -> None:
    _, end = await read_all("agent", server, ScriptedPrompt(), id=create_chat(), **given)
    assert said in end["error"]
    assert end["error"].startswith(f"HTTP {end['status']}")
