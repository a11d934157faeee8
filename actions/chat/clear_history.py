"""Begin a conversation anew."""

from collections.abc import AsyncIterator

from actions.chat.history import ChatHistory, declare_session_id, read_session_id, warn_no_session
from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties
from actions.contract.property_types import Text
from actions.contract.steps import Step


class ClearChatHistoryProperties(ActionProperties):
    session_id: Text | None = declare_session_id()


class ClearChatHistory(Action[ClearChatHistoryProperties]):
    """Forget everything that was said in a conversation."""

    type = "chat.clear_history"
    title = "Clear chat history"
    family = "chat"

    async def run(self, properties: ClearChatHistoryProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield nothing but a warning when there is no session id. A session that does not exist is no error."""
        session_id = read_session_id(properties.session_id)
        if not session_id:
            yield warn_no_session("there is nothing to clear")
            return
        await context.services.get(ChatHistory).clear(session_id)
