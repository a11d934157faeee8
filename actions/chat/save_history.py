"""Keep what was asked and answered."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from pydantic_core import to_json

from actions.chat.history import ChatHistory, Turn, declare_session_id, read_session_id, warn_no_session
from actions.contract.action import Action, ActionContext
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import TEXT_MODES, Text
from actions.contract.records import render
from actions.contract.sizes import MEGABYTE, format_size
from actions.contract.steps import Step, Warn

MAX_TURNS_BYTES = 2 * MEGABYTE


class SaveChatHistoryProperties(ActionProperties):
    session_id: Text | None = declare_session_id()
    user_message: Text = prop("What the user said.", suggests=("chat_completion_request.prompt",))
    response: Any = prop(
        "What was answered: the response of a chat completion, or text.",
        modes=TEXT_MODES,
        suggests=("chat_completion_response",),
    )


class SaveChatHistory(Action[SaveChatHistoryProperties]):
    """Add a user's message and its answer to a conversation."""

    type = "chat.save_history"
    title = "Save chat history"
    family = "chat"

    async def run(self, properties: SaveChatHistoryProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield a warning when nothing is saved: without a session id, for a refused answer, and for an empty one.

        Raises ActionError `message_too_large`.
        """
        session_id = read_session_id(properties.session_id)
        if not session_id:
            yield warn_no_session("nothing is saved")
            return
        answer = _build_answer_turn(properties.response)
        if why := _find_obstacle(properties.user_message, answer):
            yield Warn("not_saved", f"{why}, so neither the message nor the answer is saved.")
            return
        turns: list[Turn] = [{"role": "user", "content": properties.user_message}, answer]
        if len(to_json(turns)) > MAX_TURNS_BYTES:
            message = f"The message and its answer are larger than {format_size(MAX_TURNS_BYTES)}."
            raise ActionError("message_too_large", message, "Save the text of the response instead of all of it.")
        await context.services.get(ChatHistory).save(session_id, turns, context.run_id)


def _build_answer_turn(response: Any) -> Turn:
    """Return the turn of the assistant: a response's blocks as they came and why it ended, or text."""
    if not isinstance(response, Mapping) or "stop_reason" not in response:
        return {"role": "assistant", "content": render(response)}
    blocks = response.get("content")
    content = blocks if isinstance(blocks, list) and blocks else render(response.get("text"))
    # Without a reason an answer did not come to its end; marked so, it never passes for a finished one.
    return {"role": "assistant", "content": content, "stop_reason": response["stop_reason"] or "incomplete"}


def _find_obstacle(user_message: str, answer: Turn) -> str | None:
    """Refused and empty turns would be sent back with every later question; the API refuses both."""
    if answer.get("stop_reason") == "refusal":
        return "The model refused to answer"
    if not user_message.strip():
        return "The user message is empty"
    return None if _has_text(answer["content"]) else "The answer is empty"


def _has_text(content: Any) -> bool:
    if isinstance(content, str):
        return bool(content.strip())
    return any(isinstance(block, Mapping) and str(block.get("text") or "").strip() for block in content)
