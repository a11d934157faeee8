"""Stream a model's answer, and run a path for every piece of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from typing import Any

from actions.anthropic.answer.chunker import CHAT_COMPLETION_CHUNK, Chunker
from actions.anthropic.answer.conversation import HISTORY_REDUCER, Conversation
from actions.anthropic.answer.pushed_text import PushedText
from actions.anthropic.answer.response import CHAT_COMPLETION_RESPONSE, build_step, build_usage
from actions.anthropic.properties import ChatCompletionProperties, StreamingChatCompletionProperties
from actions.anthropic.property_check import find_problems
from actions.anthropic.stream.message_stream import open_stream
from actions.contract.action import NEXT, Action, ActionContext, Branch, BranchBroken, Output
from actions.contract.errors import ActionError, Problem
from actions.contract.steps import Result, RunBranch, RunBranchForEach, Step


class StreamingChatCompletion(Action[StreamingChatCompletionProperties]):
    """Stream the response of an Anthropic model, one message at a time."""

    type = "anthropic.streaming_chat_completion"
    family = "anthropic"
    branches = (
        Branch("for_each_message", "For each message", "stream_variable_name", CHAT_COMPLETION_CHUNK, repeats=True),
        NEXT,
    )
    attachments = (HISTORY_REDUCER,)
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    streams = True
    width = 244

    def run(self, properties: StreamingChatCompletionProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Return the steps of `stream_answer`."""
        return stream_answer(properties, context, Chunker(properties.group_messages, properties.group_characters))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        return find_problems(known)


async def stream_answer(
    properties: ChatCompletionProperties, context: ActionContext, chunker: Chunker
) -> AsyncIterator[Step]:
    """Yield a RunBranch for each message as it comes, then usage, warnings and the Result.

    From the first piece of a text on, one RunBranchForEach stands for all messages of it that are still to come.
    When the call fails, what `chunker` holds is yielded before the error is raised. When the path of a message breaks
    off, the call is closed and the Result is what the messages said.
    """
    conversation = Conversation(properties, context.helpers)
    for warning in conversation.get_warnings():
        yield warning
    while conversation.has_call_to_make:
        left = False
        request, version = conversation.build_request(), conversation.api_version
        async with open_stream(properties.connection, request, api_version=version) as stream:
            text = PushedText(stream, chunker)
            try:
                async for part in stream:
                    for chunk in chunker.chunk(part):
                        yield RunBranch("for_each_message", chunk)
                    if (step := build_step(part)) is not None:
                        yield step
                    if stream.can_push_text:
                        yield RunBranchForEach("for_each_message", text)
            except BranchBroken:
                left = True
            except ActionError:
                for chunk in chunker.flush():
                    with suppress(BranchBroken):  # the answer has failed, whatever the path makes of it
                        yield RunBranch("for_each_message", chunk)
                if stream.message.started:
                    yield build_usage(stream.message)
                raise
        yield conversation.add_answer(stream.message, left, chunker.drop_rest())
    for warning in conversation.get_ending_warnings():
        yield warning
    yield Result(await conversation.build_response())
