"""Stream a model's answer, and run a path for every piece of it."""

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from actions.anthropic.chat_properties import StreamingChatCompletionProperties
from actions.anthropic.checks import code_of, problems_of
from actions.anthropic.client import open_stream
from actions.anthropic.message import Message as Answer
from actions.anthropic.parts import TextDelta
from actions.anthropic.request import Setting, body_of, settings_of
from actions.anthropic.response import CHAT_COMPLETION_RESPONSE, ending_of, response_of, step_of, usage_of
from actions.contract import CONTINUE, Action, ActionContext, Branch, Output
from actions.errors import ActionError, Problem
from actions.records import MESSAGE, Message
from actions.steps import Result, RunBranch, Step, Warn

MOST_CONTINUATIONS = 5


class StreamingChatCompletion(Action[StreamingChatCompletionProperties]):
    """Stream the response of an Anthropic model, one message at a time."""

    type = "anthropic.streaming_chat_completion"
    family = "anthropic"
    branches = (
        Branch("for_each_message", "For each message", "stream_variable_name", MESSAGE, repeats=True),
        CONTINUE,
    )
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    streams = True
    width = 244

    async def run(self, properties: StreamingChatCompletionProperties, context: ActionContext) -> AsyncIterator[Step]:
        """Yield a RunBranch for each piece of text as it comes, then usage, warnings and the Result."""
        settings = list(settings_of(dict(properties), properties.connection.api_version))
        for warning in _warnings(settings):
            yield warning
        request = body_of(properties, settings)
        answers: list[Answer] = []
        index = 0
        while _goes_on(answers):
            async with open_stream(properties.connection, _continued(request, answers)) as stream:
                try:
                    async for part in stream:
                        if isinstance(part, TextDelta):
                            yield RunBranch("for_each_message", Message(text=part.text, index=index))
                            index += 1
                        elif (step := step_of(part)) is not None:
                            yield step
                except ActionError:
                    if stream.message.model is not None:
                        yield usage_of(stream.message)
                    raise
            yield usage_of(stream.message)
            answers.append(stream.message)
        for warning in ending_of(answers[-1]):
            yield warning
        yield Result(response_of(answers))

    @classmethod
    def check(cls, known: Mapping[str, Any]) -> Iterator[Problem]:
        return problems_of(known)


def _warnings(settings: list[Setting]) -> Iterator[Warn]:
    for name, rule, _ in settings:
        if rule.note:
            yield Warn(code_of(name, rule.sent), rule.note, rule.hint, name)


def _goes_on(answers: list[Answer]) -> bool:
    """The API pauses a long turn of its own tools, and goes on when its words are sent back unchanged."""
    if not answers:
        return True
    stop = answers[-1].stop
    return stop is not None and stop.reason == "pause_turn" and len(answers) <= MOST_CONTINUATIONS


def _continued(request: dict[str, Any], answers: list[Answer]) -> dict[str, Any]:
    paused = [{"role": "assistant", "content": answer.content} for answer in answers]
    return {**request, "messages": [*request["messages"], *paused]}
