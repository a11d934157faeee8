"""How an answer that the API pauses goes on, and what its own tools leave in the run."""

from typing import Any

import pytest

from actions.anthropic.answer.conversation import MAX_CONTINUATIONS
from actions.anthropic.simulator.rules import check
from actions.contract.steps import Log, RunBranch, Usage
from tests.actions.anthropic.completing import (
    get_result,
    get_warnings,
    run,
    send_request,
)
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    STOP,
    block_start,
    block_stop,
    chunk,
    delta,
    head,
    message_delta,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.upstream import Step as Wire

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


FOUND = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [HIT]}


SEARCHED = ["server_tool_use", "web_search_tool_result"]


def searching(result_content: Any = None, first: int = 0) -> bytes:
    found = FOUND if result_content is None else {**FOUND, "content": result_content}
    query = delta(first, type="input_json_delta", partial_json='{"query": "wind"}')
    asked = block_start(first, SEARCH) + query + block_stop(first)
    return asked + block_start(first + 1, found) + block_stop(first + 1)


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
    assert get_result(steps)["citations"] == [TOLD]
    assert get_result(steps)["content"][0]["input"] == {"query": "wind"}


async def test_a_search_that_failed_is_a_warning(connect: Connect) -> None:
    error = {"type": "web_search_tool_result_error", "error_code": "max_uses_exceeded"}
    script: list[Wire] = [head(), chunk(start() + searching(error) + message_delta() + STOP), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert get_warnings(steps) == [("web_tool_failed", None), ("empty_answer", None)]


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
    assert second[-1]["content"] == get_result(steps)["content"][:3]
    assert [dict(step.value) for step in steps if isinstance(step, RunBranch)] == [
        {"text": "First, ", "index": 0, "citations": []},
        {"text": "then.", "index": 1, "citations": []},
    ]
    assert (get_result(steps)["text"], get_result(steps)["usage"]["output_tokens"]) == ("First, then.", 20)
    assert [step.stop_reason for step in steps if isinstance(step, Usage)] == ["pause_turn", "end_turn"]


def pausing(*blocks: bytes) -> list[Wire]:
    return [head(), chunk(start() + b"".join(blocks) + message_delta("pause_turn") + STOP), END]


@pytest.mark.parametrize("written", ["", " ", "\n\n"], ids=["empty", "a space", "empty lines"])
async def test_a_paused_turn_goes_on_without_text_that_the_api_does_not_take_back(
    connect: Connect, written: str
) -> None:
    blank = block_start(2) + (text(written, 2) if written else b"") + block_stop(2)
    async with upstream(pausing(searching(), blank), streamed("Then.")) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    for request in server.requests:
        check(request.body, request.headers["anthropic-version"])
    kinds = [block["type"] for block in server.requests[1].body["messages"][-1]["content"]]
    assert kinds == SEARCHED
    assert get_result(steps)["text"] == f"{written}Then."


@pytest.mark.parametrize("blocks", [b"", block_start() + text(" ") + block_stop()], ids=["no block", "blank text"])
async def test_a_turn_that_pauses_without_a_word_is_cut(connect: Connect, blocks: bytes) -> None:
    async with upstream(pausing(blocks)) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert len(server.requests) == 1
    assert get_warnings(steps) == [("answer_cut", None)]
    assert get_result(steps)["stop_reason"] == "pause_turn"


def call(index: int, name: str) -> bytes:
    return block_start(index, {**SEARCH, "id": name}) + block_stop(index)


SAID = block_start() + text("I look.") + block_stop()
OPEN_CALLS: dict[str, tuple[bytes, list[str]]] = {
    "one of two answered": (SAID + call(1, "a") + searching(first=2), ["text", *SEARCHED]),
    "two at max_tokens": (SAID + call(1, "a") + call(2, "b") + message_delta("max_tokens"), ["text"]),
    "one in a turn that pauses without end": (
        SAID + call(1, "a") + message_delta("pause_turn"),
        ["text"] * (MAX_CONTINUATIONS + 1),
    ),
    "a call of the flow's own tool": (
        SAID + block_start(1, {**SEARCH, "type": "tool_use"}) + block_stop(1) + message_delta("tool_use"),
        ["text", "tool_use"],
    ),
}


@pytest.mark.parametrize(("said", "kinds"), OPEN_CALLS.values(), ids=OPEN_CALLS.keys())
async def test_a_search_without_a_result_is_no_part_of_the_response(
    connect: Connect, said: bytes, kinds: list[str]
) -> None:
    end = b"" if b"message_delta" in said else message_delta()
    async with upstream([head(), chunk(start() + said + end + STOP), END]) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert [block["type"] for block in get_result(steps)["content"]] == kinds
    turns = [{"role": "user", "content": "One"}, {"role": "assistant", "content": get_result(steps)["content"]}]
    for body in (*(request.body for request in server.requests), (await send_request(connect, history=turns))[0]):
        check(body, "2026-10-21")


async def test_a_search_may_be_answered_after_the_pause(connect: Connect) -> None:
    found = block_start(0, {**FOUND, "tool_use_id": "a"}) + block_stop() + block_start(1) + text("Wind.", 1)
    answers = [head(), chunk(start() + found + block_stop(1) + message_delta() + STOP), END]
    async with upstream(pausing(call(0, "a")), answers) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert [block["type"] for block in get_result(steps)["content"]] == [*SEARCHED, "text"]


async def test_a_turn_that_pauses_without_end_is_cut(connect: Connect) -> None:
    async with upstream(streamed("again ", stop_reason="pause_turn")) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert len(server.requests) == MAX_CONTINUATIONS + 1
    assert get_warnings(steps) == [("answer_cut", None)]
    assert get_result(steps)["text"] == "again " * (MAX_CONTINUATIONS + 1)


async def test_the_response_of_one_turn_is_history_for_the_next(connect: Connect) -> None:
    _, steps = await send_request(connect, user_prompt="One")
    turns = [{"role": "user", "content": "One"}, {"role": "assistant", "content": get_result(steps)["content"]}]
    body, _ = await send_request(connect, history=turns, prompt_caching=False)
    assert body["messages"] == [*turns, {"role": "user", "content": "Hi"}]
