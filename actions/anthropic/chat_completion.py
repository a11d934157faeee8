"""Take a model's answer as a whole."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing
from typing import Any, cast

from actions.anthropic.answer.chunker import Chunker
from actions.anthropic.answer.conversation import HISTORY_REDUCER
from actions.anthropic.answer.response import CHAT_COMPLETION_RESPONSE
from actions.anthropic.properties import ChatCompletionProperties
from actions.anthropic.property_check import find_problems
from actions.anthropic.streaming_chat_completion import stream_answer
from actions.contract.action import Action, ActionContext, Output
from actions.contract.errors import Problem
from actions.contract.steps import PathStep, Step


class ChatCompletion(Action[ChatCompletionProperties]):
    """Get the whole response of an Anthropic model at once."""

    type = "anthropic.chat_completion"
    family = "anthropic"
    attachments = (HISTORY_REDUCER,)
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    width = 244

    async def run(self, properties: ChatCompletionProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield what the streaming action yields, but for its messages.

        The call streams as well: an answer that takes long is not cut by a gateway that waits for a first byte.
        """
        steps = cast("AsyncGenerator[Step, None]", stream_answer(properties, context, Chunker()))
        async with aclosing(steps):
            async for step in steps:
                if not isinstance(step, PathStep):
                    yield step

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        return find_problems(known)
