"""Stream a model's answer, and run a path for every piece of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from typing import Any

from actions.anthropic.answer.chunker import CHAT_COMPLETION_MESSAGE, Messages
from actions.anthropic.answer.conversation import HISTORY_REDUCER, Turn
from actions.anthropic.answer.response import CHAT_COMPLETION_RESPONSE, step_of, usage_of
from actions.anthropic.properties import ChatCompletionProperties, StreamingChatCompletionProperties
from actions.anthropic.property_check import problems_of
from actions.anthropic.stream.message_stream import open_stream
from actions.contract.action import CONTINUE, Action, ActionContext, Branch, Broken, Output
from actions.contract.errors import ActionError, Problem
from actions.contract.steps import Result, RunBranch, Step


class StreamingChatCompletion(Action[StreamingChatCompletionProperties]):
    """Stream the response of an Anthropic model, one message at a time."""

    type = "anthropic.streaming_chat_completion"
    family = "anthropic"
    branches = (
        Branch("for_each_message", "For each message", "stream_variable_name", CHAT_COMPLETION_MESSAGE, repeats=True),
        CONTINUE,
    )
    attachments = (HISTORY_REDUCER,)
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    streams = True
    width = 244

    def run(self, properties: StreamingChatCompletionProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Return the steps of `answer`."""
        return answer(properties, context, Messages(properties.group_messages, properties.group_characters))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        return problems_of(known)


async def answer(
    properties: ChatCompletionProperties, context: ActionContext, messages: Messages
) -> AsyncIterator[Step]:
    """Yield a RunBranch for each message as it comes, then usage, warnings and the Result.

    When the call fails, what `messages` hold is yielded before the error is raised. When the path of a message breaks
    off, the call is closed and the Result is what had come.
    """
    turn = Turn(properties, context.helpers)
    for warning in turn.warnings():
        yield warning
    while turn.goes_on:
        left = False
        async with open_stream(properties.connection, turn.request()) as stream:
            try:
                async for part in stream:
                    for message in messages.of(part):
                        yield RunBranch("for_each_message", message)
                    if (step := step_of(part)) is not None:
                        yield step
            except Broken:
                left = True
            except ActionError:
                for message in messages.held():
                    with suppress(Broken):  # the answer has failed, whatever the path makes of it
                        yield RunBranch("for_each_message", message)
                if stream.message.model is not None:
                    yield usage_of(stream.message)
                raise
        yield turn.answered(stream.message, left)
    for ending in turn.ending():
        yield ending
    yield Result(turn.response())
