"""What becomes of messages that are collected, of a failure in their midst, and of a flow that leaves the answer."""

from collections.abc import AsyncGenerator
from typing import Any, cast

import pytest

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.properties import StreamingChatCompletionProperties
from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.action import ActionContext, BranchBroken
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import BeginAnswer, Result, RunBranch, RunBranchForEach, Step, Usage, Warn
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    FIN,
    HANG,
    STOP,
    TEXT,
    begun,
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

NEEDED = {"model_id": "claude-opus-4-6", "user_prompt": "Hi", "max_completion_tokens": 100}
SEARCH = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {}}
FOUND = {"type": "web_search_tool_result", "tool_use_id": "s", "content": []}
SEARCHED = ["server_tool_use", "web_search_tool_result"]

Steps = AsyncGenerator[Step, None]


def running(connection: AnthropicConnection, **given: Any) -> Steps:
    properties = StreamingChatCompletionProperties.model_validate({**NEEDED, "connection": connection, **given})
    return cast("Steps", StreamingChatCompletion().run(properties, ActionContext("run", "node", {})))


def texts(steps: list[Step]) -> list[str]:
    return [step.value["text"] for step in steps if isinstance(step, RunBranch)]


async def until_error(steps: Steps, taken: list[Step]) -> ActionError:
    with pytest.raises(ActionError) as failed:
        async for step in steps:
            taken.append(step)  # noqa: PERF401 (what came before a failure is kept)
    return failed.value


async def test_messages_are_collected_to_sentences(connect: Connect) -> None:
    async with upstream(streamed("It tur", "ns. It gr", "inds, e.g. ", "rye. Do", "ne")) as server:
        steps = [step async for step in running(connect(server.url), group_messages="sentence")]
    assert texts(steps) == ["It turns.", " It grinds, e.g. rye.", " Done"]
    assert isinstance(steps[-1], Result)
    assert steps[-1].value["text"] == "It turns. It grinds, e.g. rye. Done"


async def test_what_is_held_is_passed_on_before_the_failure(connect: Connect) -> None:
    taken: list[Step] = []
    async with upstream([*begun("It turns. It gr"), FIN]) as server:
        error = await until_error(running(connect(server.url), group_messages="sentence"), taken)
    assert texts(taken) == ["It turns.", " It gr"]
    assert isinstance(taken[-1], Usage)
    assert error.code == "upstream_disconnected"


async def test_a_break_while_a_failure_is_told_does_not_hide_it(connect: Connect) -> None:
    async with upstream([*begun("It gr"), FIN]) as server:
        steps = running(connect(server.url), group_messages="sentence")
        assert isinstance(await anext(steps), BeginAnswer)
        assert isinstance(await anext(steps), RunBranch)
        assert isinstance(await steps.athrow(BranchBroken()), Usage)
        assert (await until_error(steps, [])).code == "upstream_disconnected"


async def test_nothing_follows_a_message_whose_path_failed(connect: Connect) -> None:
    async with upstream([*begun("It turns. It gr"), HANG]) as server:
        steps = running(connect(server.url), group_messages="sentence")
        assert isinstance(await anext(steps), BeginAnswer)
        assert texts([await anext(steps)]) == ["It turns."]
        assert isinstance(await steps.athrow(ActionError("thrown", "In the path.")), Usage)
        assert (await until_error(steps, [])).code == "thrown"


async def left_at_first(connect: Connect, script: list[Wire], *, complete: bool = False, **given: Any) -> list[Step]:
    """Leave the answer at its first message and return the steps after that; the call is closed if it goes on."""
    async with upstream(script) as server:
        steps = running(connect(server.url), **given)
        step = await anext(steps)
        while not isinstance(step, RunBranch):
            step = await anext(steps)
        after = [await steps.athrow(BranchBroken()), *[step async for step in steps]]
        if not complete:
            await server.requests[0].wait_until_left()
        assert len(server.requests) == 1
    return after


async def test_a_break_closes_the_call_and_gives_what_had_come(connect: Connect) -> None:
    usage, result = await left_at_first(connect, [*begun("It turns"), HANG])
    assert usage == Usage("claude-opus-4-6", "break", 25, None, 0, 0, finish_kind="left", message_id="msg_1")
    assert isinstance(result, Result)
    assert (result.value["text"], result.value["stop_reason"]) == ("It turns", "break")
    assert result.value["content"] == [{"type": "text", "text": "It turns"}]
    assert result.value["usage"]["output_tokens"] is None


SENTENCES = text("One. Two. Thr")
CITED = {"type": "text", "text": "", "citations": [{"type": "web_search_result_location", "url": "https://e.test"}]}
THOUGHT = block_start(0, {"type": "thinking", "thinking": "Hm.", "signature": "s"}) + block_stop()
LEFT: dict[str, tuple[bytes, list[tuple[str, str]]]] = {
    "in one piece": (block_start() + SENTENCES, [("text", "One.")]),
    "at the start of a block": (block_start(0, {**TEXT, "text": "One. Two"}), [("text", "One.")]),
    "with text that is held": (block_start() + text("One. T"), [("text", "One.")]),
    "in a sentence over two blocks": (
        block_start() + text("On") + block_stop() + block_start(1) + text("e. Two. Thr", 1),
        [("text", "On"), ("text", "e.")],
    ),
    "at the end of a block": (
        block_start() + text("One.") + block_stop() + block_start(1, CITED) + text(" Two. Thr", 1),
        [("text", "One.")],
    ),
    "after thinking": (
        THOUGHT + block_start(1) + text("One. Two. Thr", 1),
        [("thinking", "Hm."), ("text", "One.")],
    ),
    "before a search": (
        block_start() + text("One.") + block_stop() + block_start(1, SEARCH),
        [("text", "One.")],
    ),
}


class BreakingPath:
    """A path that keeps the texts of its messages, and breaks at a text."""

    def __init__(self, last: str) -> None:
        self._last = last
        self.texts: list[str] = []

    def begin(self, message: MessageChunk) -> bool:
        self.texts.append(message["text"])
        return self.texts[-1].strip() != self._last

    async def finish(self) -> None:
        raise BranchBroken


async def break_at(path: BreakingPath, steps: Steps) -> Step:
    """Run the path for each message until it breaks, and return the last step after that."""
    with pytest.raises(BranchBroken):
        async for step in steps:
            if isinstance(step, RunBranchForEach):
                await step.source.push_to(path)
            elif isinstance(step, RunBranch) and not path.begin(step.value):
                await path.finish()
    return [await steps.athrow(BranchBroken()), *[step async for step in steps]][-1]


@pytest.mark.parametrize("pushed", [False, True], ids=["pulled", "pushed"])
@pytest.mark.parametrize(("said", "kept"), LEFT.values(), ids=LEFT.keys())
async def test_a_break_gives_what_was_streamed_and_no_more(
    connect: Connect, said: bytes, kept: list[tuple[str, str]], pushed: bool
) -> None:
    first = block_start(9) + text("Go.\n", 9) + block_stop(9) if pushed else b""
    path = BreakingPath("One.")
    async with upstream([head(), chunk(start() + first + said), HANG]) as server:
        result = await break_at(path, running(connect(server.url), group_messages="sentence"))
    assert isinstance(result, Result)
    content = [(block["type"], block[block["type"]]) for block in result.value["content"]]
    assert content == [*([("text", "Go.\n")] if pushed else []), *kept]
    assert result.value["text"] == "".join(path.texts) == "".join(text for kind, text in content if kind == "text")
    assert result.value["citations"] == []


async def test_a_break_gives_only_blocks_that_can_be_sent_back(connect: Connect) -> None:
    came = start() + block_start() + text("It turns.") + block_stop() + block_start(1, SEARCH) + block_stop(1)
    found, more = block_start(2, FOUND) + block_stop(2), chunk(block_start(3) + text("X", 3))
    for result, kinds in [
        (await left_at_second(connect, [head(), chunk(came + found), more, HANG]), ["text", *SEARCHED, "text"]),
        (await left_at_second(connect, [head(), chunk(came), more, HANG]), ["text", "text"]),
        ((await left_at_first(connect, [head(), chunk(came), HANG], group_messages="sentence"))[-1], ["text"]),
    ]:
        assert isinstance(result, Result)
        assert [block["type"] for block in result.value["content"]] == kinds


async def left_at_second(connect: Connect, script: list[Wire]) -> Step:
    async with upstream(script) as server:
        steps = running(connect(server.url))
        while not isinstance(await anext(steps), RunBranch):
            pass
        second = await anext(steps)
        while not isinstance(second, RunBranch):
            second = await anext(steps)
        return [await steps.athrow(BranchBroken()), *[step async for step in steps]][-1]


async def test_a_break_at_the_last_message_of_a_whole_answer_leaves_nothing(connect: Connect) -> None:
    script = streamed("It turns", stop_reason="max_tokens")
    usage, result = await left_at_first(connect, script, complete=True, group_messages="paragraph")
    assert isinstance(usage, Usage)
    assert isinstance(result, Result)
    assert (usage.stop_reason, usage.output_tokens, result.value["stop_reason"]) == ("max_tokens", 15, "max_tokens")


async def test_a_break_in_a_turn_that_paused_does_not_go_on(connect: Connect) -> None:
    script = streamed("It turns", stop_reason="pause_turn")
    usage, result = await left_at_first(connect, script, complete=True, group_messages="paragraph")
    assert isinstance(usage, Usage)
    assert isinstance(result, Result)
    assert (usage.stop_reason, usage.output_tokens, result.value["stop_reason"]) == ("break", 15, "break")


async def test_sources_come_with_the_text_or_right_after_it(connect: Connect) -> None:
    source = {"type": "search_result_location", "source": "mill.md", "title": "Mill", "cited_text": "It turns."}
    cited = text("It turns.") + delta(type="citations_delta", citation=source) + block_stop()
    script: list[Wire] = [head(), chunk(start() + block_start() + cited + message_delta() + STOP)]
    told = {"url": None, "source": "mill.md", "title": "Mill", "cited_text": "It turns."}
    for grouped, expected in {
        "message": [("It turns.", []), ("", [told])],
        "sentence": [("It turns.", [told])],
    }.items():
        async with upstream(script) as server:
            steps = [step async for step in running(connect(server.url), group_messages=grouped)]
        came = [(step.value["text"], step.value["citations"]) for step in steps if isinstance(step, RunBranch)]
        assert came == expected
        assert isinstance(steps[-1], Result)
        assert steps[-1].value["citations"] == [told]
        assert steps[-1].value["content"][0]["citations"] == [source]


async def test_no_warning_is_told_of_an_answer_that_was_left(connect: Connect) -> None:
    script = streamed("x", stop_reason="pause_turn")
    steps = await left_at_first(connect, script, complete=True)
    assert not any(isinstance(step, Warn) for step in steps)
