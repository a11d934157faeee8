"""Runs *Streaming chat completion* against a scripted server: what was sent, and what the steps say."""

from typing import Any

from actions.anthropic.connection import AnthropicConnection
from actions.anthropic.properties import StreamingChatCompletionProperties
from actions.anthropic.streaming_chat_completion import StreamingChatCompletion
from actions.contract.action import ActionContext
from actions.contract.records import Record
from actions.contract.steps import Result, RunBranch, Step, Warn
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


async def run(connection: AnthropicConnection, **given: Any) -> list[Step]:
    action = StreamingChatCompletion()
    return [step async for step in action.run(build_properties(connection, **given), CONTEXT)]


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
