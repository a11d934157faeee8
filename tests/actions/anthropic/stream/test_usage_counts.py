"""What a call costs: counts that only grow, of every kind that the API bills, also when the answer is not whole."""

from typing import Any

import pytest

from actions.anthropic.stream.usage_counts import UsageCounts
from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.errors import ActionError
from actions.contract.steps import BeginAnswer, Step, Usage
from tests.actions.anthropic.completing import CONTEXT, build_properties, get_result, run
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    FIN,
    STOP,
    block_start,
    block_stop,
    chunk,
    event,
    failing,
    head,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.upstream import (
    Step as Wire,
)

BILLED: dict[str, Any] = {
    "input_tokens": 30,
    "output_tokens": 9,
    "cache_creation_input_tokens": 7,
    "cache_read_input_tokens": 5,
    "cache_creation": {"ephemeral_5m_input_tokens": 4, "ephemeral_1h_input_tokens": 3},
    "server_tool_use": {"web_search_requests": 2, "web_fetch_requests": 1},
}
COUNTED = UsageCounts(30, 9, 5, 7, 4, 3, 2)


def end(usage: Any) -> bytes:
    return event("message_delta", delta={"stop_reason": "end_turn"}, usage=usage)


def count(*told: Any) -> UsageCounts:
    counts = UsageCounts()
    for each in told:
        counts.update(each)
    return counts


NEVER_FALLS = {
    "zeros": dict.fromkeys(BILLED, 0),
    "zeros within": {"cache_creation": {"ephemeral_5m_input_tokens": 0}, "server_tool_use": {"web_search_requests": 0}},
    "nulls": dict.fromkeys(BILLED),
    "less": {"input_tokens": 29, "output_tokens": 8},
    "no numbers": {"input_tokens": "31", "output_tokens": True, "cache_read_input_tokens": 5.5, "cache_creation": 3},
    "less than nothing": {"input_tokens": -1},
    "nothing": {},
    "no usage": None,
    "a list": [1],
}


@pytest.mark.parametrize("more", NEVER_FALLS.values(), ids=NEVER_FALLS.keys())
def test_a_count_never_falls(more: Any) -> None:
    assert count(BILLED, more) == count(BILLED) == COUNTED


def test_a_count_that_nobody_told_is_unknown() -> None:
    assert count({"output_tokens": 0}) == UsageCounts(output_tokens=0)


def test_the_beginning_tells_no_output_and_zeros_only_from_who_counts_at_the_end() -> None:
    counts = UsageCounts()
    counts.begin({"input_tokens": 0, "output_tokens": 1, "cache_read_input_tokens": 0})
    assert counts == UsageCounts()
    counts.begin({"input_tokens": 3, "output_tokens": 1, "cache_read_input_tokens": 0})
    assert counts == UsageCounts(3, None, 0)


async def test_zeros_at_the_end_of_an_answer_do_not_overwrite_what_its_start_told(connect: Connect) -> None:
    zeros = {"input_tokens": 0, "cache_read_input_tokens": 0, "output_tokens": 9}
    said = start(**BILLED) + block_start() + text("a") + block_stop() + end(zeros) + STOP
    async with upstream([head(), chunk(said), END]) as server:
        steps = await run(connect(server.url))
    usage = get_result(steps)["usage"]
    assert [usage[name] for name in ("input_tokens", "output_tokens", "cache_read_input_tokens")] == [30, 9, 5]
    told = next(step for step in steps if isinstance(step, Usage))
    assert (told.ephemeral_5m_input_tokens, told.ephemeral_1h_input_tokens, told.web_search_requests) == (4, 3, 2)


async def test_searches_of_a_paused_answer_are_added_up(connect: Connect) -> None:
    def script(reason: str, usage: Any) -> list[Wire]:
        ended = event("message_delta", delta={"stop_reason": reason}, usage=usage)
        return [head(), chunk(start() + block_start() + text("a") + block_stop() + ended + STOP), END]

    async with upstream(script("pause_turn", BILLED), script("end_turn", BILLED)) as server:
        steps = await run(connect(server.url), enable_grounding=True)
    assert get_result(steps)["usage"]["web_search_requests"] == 4
    assert get_result(steps)["usage"]["ephemeral_1h_input_tokens"] == 6


async def take(connect: Connect, *scripts: list[Wire]) -> list[Step]:
    """Return the steps of a call until it ends, well or not."""
    steps: list[Step] = []
    async with upstream(*scripts) as server:
        try:
            async for step in StreamingChatCompletion().run(build_properties(connect(server.url)), CONTEXT):
                steps.append(step)  # noqa: PERF401 (what came before a failure is kept)
        except ActionError:
            pass
    return steps


async def test_a_failed_call_keeps_every_count_that_was_told(connect: Connect) -> None:
    steps = await take(connect, [head(), chunk(start(**BILLED) + block_start() + text("a")), FIN])
    usage = steps[-1]
    assert isinstance(usage, Usage)
    assert (usage.input_tokens, usage.output_tokens, usage.web_search_requests) == (30, None, 2)


async def test_each_try_that_the_api_answered_is_told_with_its_cost(connect: Connect) -> None:
    broken: list[Wire] = [head(), chunk(start(input_tokens=4) + failing("overloaded_error")), END]
    begun = [step.usage for step in await take(connect, broken, streamed("ok")) if isinstance(step, BeginAnswer)]
    assert [usage.input_tokens for usage in begun] == [4, 25]


@pytest.mark.parametrize(("told", "counted"), [(15.0, 15), (15, 15), (0, 0)])
def test_a_count_is_read_however_a_gateway_writes_it(told: Any, counted: int) -> None:
    usage = UsageCounts()
    usage.update({"output_tokens": told})
    assert usage.output_tokens == counted


@pytest.mark.parametrize("told", [None, 1.5, -1, "15", True, [], {}, 10**30, "9" * 5_000, 1e300, float("nan")])
def test_what_is_no_count_is_left_out(told: Any) -> None:
    usage = UsageCounts(output_tokens=7)
    usage.update({"output_tokens": told})
    assert usage.output_tokens == 7
