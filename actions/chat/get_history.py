"""Read what was said before."""

from collections.abc import AsyncIterator

from actions.chat.history import ChatHistory, declare_session_id, read_session_id, warn_no_session
from actions.contract.action import Action, ActionContext, Output
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import Text, VariableName
from actions.contract.records import LIST
from actions.contract.steps import Result, Step


class GetChatHistoryProperties(ActionProperties):
    session_id: Text | None = declare_session_id()
    limit: int = prop("How many messages at most, the newest ones.", default=100, ge=1, le=1000, unit="messages")
    result_variable_name: VariableName = prop(
        "Variable that receives the messages, oldest first.", default="history", port=False
    )


class GetChatHistory(Action[GetChatHistoryProperties]):
    """Read the earlier messages of a conversation."""

    type = "chat.get_history"
    title = "Get chat history"
    family = "chat"
    output = Output(LIST, name="result_variable_name")

    async def run(self, properties: GetChatHistoryProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield the list of messages; an empty one, with a warning, when there is no session id."""
        session_id = read_session_id(properties.session_id)
        if not session_id:
            yield warn_no_session("there are no earlier messages")
            yield Result([])
            return
        yield Result(await context.services.get(ChatHistory).load(session_id, properties.limit))
