"""The central action: what each property puts on the wire, and what each end of an answer leaves in the run."""

from collections.abc import Iterator

import pytest

from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.errors import ActionError
from actions.contract.steps import BeginAnswer, Log, Result, RunBranch, Step, Usage, Warn
from tests.actions.anthropic.completing import (
    CONTEXT,
    WAYS,
    Way,
    build_properties,
    collect,
    get_result,
    get_texts,
    get_warnings,
    run,
    way,
)
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    END,
    FIN,
    HANG,
    STOP,
    block_start,
    block_stop,
    chunk,
    delta,
    head,
    message_delta,
    refused,
    start,
    streamed,
    text,
    upstream,
)
from tests.actions.anthropic.upstream import Step as Wire


@pytest.fixture(autouse=True, params=WAYS)
def _in_each_way(request: pytest.FixtureRequest) -> Iterator[None]:
    chosen: Way = request.param
    token = way.set(chosen)
    yield
    way.reset(token)


async def test_each_piece_of_text_is_a_message_and_the_response_is_all_of_it(connect: Connect) -> None:
    async with upstream(streamed("Mill", " ", "race")) as server:
        steps = await run(connect(server.url))
    branches = [step for step in steps if isinstance(step, RunBranch)]
    assert [(step.name, dict(step.value)) for step in branches] == [
        ("for_each_message", {"text": "Mill", "index": 0, "citations": []}),
        ("for_each_message", {"text": " ", "index": 1, "citations": []}),
        ("for_each_message", {"text": "race", "index": 2, "citations": []}),
    ]
    assert steps[0] == BeginAnswer(Usage("claude-opus-4-6", None, 25, None, 0, 0, message_id="msg_1"))
    usage = Usage("claude-opus-4-6", "end_turn", 25, 15, 0, 0, finish_kind="stop", message_id="msg_1")
    assert steps[4:] == [usage, Result(get_result(steps))]
    assert dict(get_result(steps)) == {
        "text": "Mill race",
        "content": [{"type": "text", "text": "Mill race"}],
        "model": "claude-opus-4-6",
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "citations": [],
        "usage": {
            "input_tokens": 25,
            "output_tokens": 15,
            "cache_read_input_tokens": 0,
            "cache_creation_input_tokens": 0,
            "ephemeral_5m_input_tokens": None,
            "ephemeral_1h_input_tokens": None,
            "web_search_requests": None,
        },
        "thinking": "",
        "parsed": None,
        "id": "msg_1",
    }
    assert str(get_result(steps)) == "Mill race"


ENDS: dict[str, tuple[bytes, list[tuple[str, str | None]], str]] = {
    "end_turn": (message_delta("end_turn"), [], "so far"),
    "stop_sequence": (message_delta("stop_sequence", stop_sequence="END"), [], "so far"),
    "tool_use": (message_delta("tool_use"), [], "so far"),
    "novel_reason": (message_delta("novel_reason"), [], "so far"),
    "max_tokens": (message_delta("max_tokens"), [("answer_cut", "max_completion_tokens")], "so far"),
    "model_context_window_exceeded": (
        message_delta("model_context_window_exceeded"),
        [("answer_cut", None)],
        "so far",
    ),
    "refusal": (message_delta("refusal", stop_details={"category": "cyber"}), [("refusal", None)], ""),
}


@pytest.mark.parametrize(("reason", "end"), ENDS.items(), ids=ENDS.keys())
async def test_each_stop_reason_is_told_truthfully(
    connect: Connect, reason: str, end: tuple[bytes, list[tuple[str, str | None]], str]
) -> None:
    told, warned, kept = end
    script: list[Wire] = [head(), chunk(start() + block_start() + text("so far") + block_stop() + told + STOP), END]
    async with upstream(script) as server:
        steps = await run(connect(server.url))
    response = get_result(steps)
    assert (response["stop_reason"], response["text"], bool(response["content"])) == (reason, kept, bool(kept))
    assert get_warnings(steps) == warned
    assert [step.stop_reason for step in steps if isinstance(step, Usage)] == [reason]


async def test_a_refusal_names_its_category(connect: Connect) -> None:
    refusal = message_delta("refusal", stop_details={"type": "refusal", "category": "bio", "explanation": "x"})
    async with upstream([head(), chunk(start() + refusal + STOP), END]) as server:
        steps = await run(connect(server.url))
    assert "(category bio)" in next(step.message for step in steps if isinstance(step, Warn))


async def test_thinking_is_never_part_of_the_text(connect: Connect) -> None:
    thought = block_start(0, {"type": "thinking", "thinking": "", "signature": ""})
    script: list[Wire] = [
        head(),
        chunk(start() + thought + delta(0, type="thinking_delta", thinking="Hm.") + block_stop(0)),
        chunk(block_start(1) + text("Yes.", 1) + block_stop(1) + message_delta() + STOP),
        END,
    ]
    async with upstream(script) as server:
        steps = await run(connect(server.url), show_thinking=True)
    assert get_texts(steps) == ["Yes."]
    assert (get_result(steps)["text"], get_result(steps)["thinking"]) == ("Yes.", "Hm.")
    assert [block["type"] for block in get_result(steps)["content"]] == ["thinking", "text"]


async def test_a_failed_call_tells_what_it_cost_as_far_as_that_is_known(connect: Connect) -> None:
    steps: list[Step] = []
    script: list[Wire] = [head(), chunk(start() + block_start() + text("a")), FIN]
    async with upstream(script) as server:
        with pytest.raises(ActionError) as failed:
            await collect(connect(server.url), steps)
    assert failed.value.code == "upstream_disconnected"
    assert steps[2:] == [Usage("claude-opus-4-6", None, 25, None, 0, 0, message_id="msg_1")]


async def test_a_call_that_never_began_tells_no_cost(connect: Connect) -> None:
    steps: list[Step] = []
    async with upstream(refused(401, "authentication_error")) as server:
        with pytest.raises(ActionError) as failed:
            await collect(connect(server.url), steps)
    assert (failed.value.code, steps) == ("connection_refused", [])


async def test_a_pause_before_another_try_is_told(connect: Connect) -> None:
    async with upstream(refused(529, "overloaded_error"), streamed("ok")) as server:
        steps = await run(connect(server.url))
    assert isinstance(steps[0], Log)
    assert steps[0].message.startswith("The API is overloaded. Try 2 follows in ")
    assert get_texts(steps) == ["ok"]


async def test_closing_the_action_closes_the_vendor_stream(connect: Connect) -> None:
    async with upstream([head(), chunk(start() + block_start() + text("a")), HANG]) as server:
        steps = StreamingChatCompletion().run(build_properties(connect(server.url)), CONTEXT)
        await anext(steps)
        await steps.aclose()  # type: ignore[attr-defined]  # the engine knows it as a generator
        await server.requests[0].wait_until_left()
