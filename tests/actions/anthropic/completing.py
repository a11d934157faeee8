"""Runs *Streaming chat completion* against a scripted server: what was sent, and what the steps say."""

from contextvars import ContextVar
from typing import Any, Literal

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.properties import StreamingChatCompletionProperties
from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.action import ActionContext
from actions.contract.records import MessageChunk, Record
from actions.contract.steps import Result, RunBranch, RunBranchForEach, Step, Warn
from tests.actions.anthropic.conftest import Connect
from tests.actions.anthropic.upstream import (
    streamed,
    upstream,
)

CONTEXT = ActionContext("run", "node", {})


NEEDED = {"model_id": "claude-opus-4-6", "user_prompt": "Hi", "max_completion_tokens": 100}


PLAIN = {
    "model": "claude-opus-4-6",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hi"}],
    "stream": True,
}


CACHED = {"cache_control": {"type": "ephemeral"}}


HISTORY = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}]


def build_properties(connection: AnthropicConnection, **given: Any) -> StreamingChatCompletionProperties:
    return StreamingChatCompletionProperties.model_validate({**NEEDED, "connection": connection, **given})


Way = Literal["pushed", "held", "pulled"]
"""How the messages of a stream reach their paths: at once, by a path that waits each time, or one step for each."""
WAYS: tuple[Way, ...] = ("pushed", "held", "pulled")
way: ContextVar[Way] = ContextVar("way", default="pushed")


class CollectingPath:
    """A path that adds a RunBranch for each message to the steps."""

    def __init__(self, name: str, steps: list[Step]) -> None:
        self._name, self._steps = name, steps
        self._held: list[MessageChunk] = []

    def begin(self, message: MessageChunk) -> bool:
        assert not self._held, "the next message came before the path of the last one was finished"
        if way.get() == "held":
            self._held.append(message)
            return False
        self._steps.append(RunBranch(self._name, message))
        return True

    async def finish(self) -> None:
        self._steps.append(RunBranch(self._name, self._held.pop()))


async def collect(connection: AnthropicConnection, steps: list[Step], **given: Any) -> None:
    """Add the steps of the action to `steps`, with a RunBranch for each message, however it came."""
    run_steps = StreamingChatCompletion().run(build_properties(connection, **given), CONTEXT)
    async for step in run_steps:
        if not isinstance(step, RunBranchForEach):
            steps.append(step)
        elif way.get() != "pulled":
            await step.source.push_to(CollectingPath(step.name, steps))


async def run(connection: AnthropicConnection, **given: Any) -> list[Step]:
    steps: list[Step] = []
    await collect(connection, steps, **given)
    return steps


async def send_request(
    connect: Connect, version: str = "2026-10-21", answer: str = "ok", **given: Any
) -> tuple[dict[str, Any], list[Step]]:
    """Return the body that reaches the API, and the steps of the run."""
    async with upstream(streamed(answer)) as server:
        steps = await run(connect(server.url, api_version=version), **given)
    assert server.requests[0].headers["anthropic-version"] == version
    return server.requests[0].body, steps


def get_texts(steps: list[Step]) -> list[str]:
    return [step.value["text"] for step in steps if isinstance(step, RunBranch)]


def get_result(steps: list[Step]) -> Record:
    assert isinstance(steps[-1], Result)
    assert isinstance(steps[-1].value, Record)
    return steps[-1].value


def get_warnings(steps: list[Step]) -> list[tuple[str, str | None]]:
    return [(step.code, step.property) for step in steps if isinstance(step, Warn)]
