"""Get, Save and Clear chat history: what is kept, what is left out and told, and what a missing session id means."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, cast

import pytest

from actions.chat.clear_history import ClearChatHistory
from actions.chat.get_history import GetChatHistory
from actions.chat.history import ChatHistory, Turn
from actions.chat.save_history import MAX_TURNS_BYTES, SaveChatHistory
from actions.contract.action import Action, ActionContext, Services
from actions.contract.errors import ActionError
from actions.contract.steps import Result, Step, Warn

BLOCKS = [{"type": "thinking", "thinking": "", "signature": "x"}, {"type": "text", "text": "It turns."}]
RESPONSE = {"text": "It turns.", "content": BLOCKS, "stop_reason": "end_turn"}
ASKED = {"role": "user", "content": "Why?"}


class Kept(ChatHistory):
    """A history in memory that notes what it was asked."""

    def __init__(self) -> None:
        self.sessions: dict[str, list[Turn]] = {}
        self.runs: list[str] = []

    async def load(self, session_id: str, limit: int) -> list[Turn]:
        return self.sessions.get(session_id, [])[-limit:]

    async def save(self, session_id: str, turns: Sequence[Turn], run_id: str = "") -> None:
        self.sessions.setdefault(session_id, []).extend(turns)
        self.runs.append(run_id)

    async def clear(self, session_id: str) -> None:
        self.sessions.pop(session_id, None)


@pytest.fixture
def kept() -> Kept:
    return Kept()


async def run(action: Action[Any], kept: Kept, **given: Any) -> list[Step]:
    context = ActionContext("run-1", "node", {}, services=Services({ChatHistory: kept}))
    steps = cast(AsyncIterator[Step], action.run(action.Properties.model_validate(given), context))
    return [step async for step in steps]


async def saved(kept: Kept, response: Any, message: str = "Why?", session: Any = "s") -> list[str]:
    """Save an exchange and return the codes of the warnings."""
    steps = await run(SaveChatHistory(), kept, session_id=session, user_message=message, response=response)
    return [step.code for step in steps if isinstance(step, Warn)]


async def test_what_is_saved_is_what_is_got(kept: Kept) -> None:
    await saved(kept, RESPONSE)
    answer = {"role": "assistant", "content": BLOCKS, "stop_reason": "end_turn"}
    assert await run(GetChatHistory(), kept, session_id="s") == [Result([ASKED, answer])]
    assert await run(GetChatHistory(), kept, session_id="s", limit=1) == [Result([answer])]
    assert kept.runs == ["run-1"]


ANSWERS: dict[str, tuple[Any, dict[str, Any]]] = {
    "text": ("It turns.", {"content": "It turns."}),
    "another value": ({"turns": True}, {"content": '{"turns":true}'}),
    "a response without blocks": ({**RESPONSE, "content": []}, {"content": "It turns.", "stop_reason": "end_turn"}),
    "one that was cut": ({**RESPONSE, "stop_reason": "max_tokens"}, {"content": BLOCKS, "stop_reason": "max_tokens"}),
    "one that was left": ({**RESPONSE, "stop_reason": "break"}, {"content": BLOCKS, "stop_reason": "break"}),
    "one without an end": ({**RESPONSE, "stop_reason": None}, {"content": BLOCKS, "stop_reason": "incomplete"}),
}


@pytest.mark.parametrize(("response", "turn"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_an_answer_is_kept_as_it_came_and_marked_by_how_it_ended(
    kept: Kept, response: Any, turn: dict[str, Any]
) -> None:
    assert await saved(kept, response) == []
    assert kept.sessions["s"] == [ASKED, {"role": "assistant", **turn}]


UNSENDABLE = {
    "refused": {**RESPONSE, "stop_reason": "refusal"},
    "empty": {"text": "", "content": [], "stop_reason": "end_turn"},
    "blank text": " \n",
    "nothing": None,
    "thinking alone": {**RESPONSE, "text": "", "content": BLOCKS[:1]},
}


@pytest.mark.parametrize("response", UNSENDABLE.values(), ids=UNSENDABLE.keys())
async def test_what_could_never_be_sent_back_is_not_saved_and_told(kept: Kept, response: Any) -> None:
    assert await saved(kept, response) == ["not_saved"]
    assert kept.sessions == {}


async def test_an_empty_question_is_not_saved(kept: Kept) -> None:
    assert await saved(kept, RESPONSE, message=" ") == ["not_saved"]


@pytest.mark.parametrize("session", ["", "  ", None])
async def test_without_a_session_id_there_is_no_memory_and_a_warning(kept: Kept, session: str | None) -> None:
    got = await run(GetChatHistory(), kept, session_id=session)
    assert got[1:] == [Result([])]
    cleared = await run(ClearChatHistory(), kept, session_id=session)
    codes = [step.code for step in [*got, *cleared] if isinstance(step, Warn)]
    assert [*codes, *await saved(kept, RESPONSE, session=session)] == ["no_session"] * 3
    assert kept.sessions == {}


@pytest.mark.parametrize("session", ["x" * 201, "a\x00b", "a\u202eb", "a\nb"])
async def test_a_session_id_that_cannot_be_one_is_refused(kept: Kept, session: str) -> None:
    with pytest.raises(ActionError) as refused:
        await saved(kept, RESPONSE, session=session)
    assert refused.value.code == "invalid_session_id"


async def test_an_exchange_that_is_too_large_is_refused(kept: Kept) -> None:
    with pytest.raises(ActionError) as refused:
        await saved(kept, "x" * MAX_TURNS_BYTES)
    assert (refused.value.code, kept.sessions) == ("message_too_large", {})


async def test_a_cleared_session_is_empty_and_another_stays(kept: Kept) -> None:
    await saved(kept, RESPONSE)
    await saved(kept, RESPONSE, session="t")
    assert await run(ClearChatHistory(), kept, session_id="s") == []
    assert list(kept.sessions) == ["t"]


async def test_a_server_without_histories_says_so() -> None:
    context = ActionContext("run", "node", {})
    with pytest.raises(ActionError) as refused:
        properties = GetChatHistory.Properties.model_validate({"session_id": "s"})
        [step async for step in GetChatHistory().run(properties, context)]  # type: ignore[arg-type]  # a checked base
    assert refused.value.code == "not_available"
