"""Graphs in a line of Python, and actions that do what a test scripts."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from actions.anthropic.answer.response import CHAT_COMPLETION_RESPONSE
from actions.contract.action import NEXT, Action, ActionContext, AnyAction, Branch, Output
from actions.contract.connection import ConnectionFacts
from actions.contract.errors import ActionError
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VariableName
from actions.contract.records import MESSAGE, MessageChunk
from actions.contract.registry import get_actions
from actions.contract.steps import BeginAnswer, MessagePath, Result, RunBranch, RunBranchForEach, Step, Usage
from flows.engine.execute import execute
from flows.engine.resources import RunResources
from flows.events.events import RunEvent, run_event
from flows.events.recorder import EventRecorder
from flows.graph.compile import Analysis, compile_plan
from flows.graph.document import Graph


class StreamProperties(ActionProperties):
    chunks: list[str] = prop("What is streamed.", default=[])
    fail_after: int | None = prop("Fail after so many chunks.", default=None)
    begins: int = prop("How often an answer begins: all but the last are given up.", default=0)
    source: str = prop("The address of a source that the last chunk names.", default="")
    stream_variable_name: VariableName = prop("Variable of each message.", default="message")
    result_variable_name: VariableName = prop("Variable of the answer.", default="response")


class PushedMessages:
    """Pushes messages as a socket does: each from a callback of the event loop, outside of any task."""

    def __init__(self, messages: Sequence[MessageChunk]) -> None:
        self._messages = messages

    async def push_to(self, path: MessagePath) -> None:
        loop = asyncio.get_running_loop()
        for message in self._messages:
            read: asyncio.Future[bool] = loop.create_future()
            loop.call_soon(self._read, path, message, read)
            if not await read:
                await path.finish()

    @staticmethod
    def _read(path: MessagePath, message: MessageChunk, read: asyncio.Future[bool]) -> None:
        assert asyncio.current_task() is None
        read.set_result(path.begin(message))


class Stream(Action[StreamProperties]):
    """Stream chunks as a model would."""

    type = "test.stream"
    family = "test"
    branches = (Branch("for_each_message", "For each message", "stream_variable_name", MESSAGE, repeats=True), NEXT)
    output = Output(CHAT_COMPLETION_RESPONSE, name="result_variable_name")
    streams = True
    closed: ClassVar[list[str]] = []
    pushes: ClassVar[bool] = False
    """Whether the messages are pushed, and not each one a step."""

    async def run(self, properties: StreamProperties, context: ActionContext) -> AsyncIterator[Step]:
        try:
            for number in range(properties.begins):
                yield BeginAnswer(Usage("scripted", None, 5, None, message_id=f"msg_{number}"))
            chunks = properties.chunks[: properties.fail_after]
            messages = [self._build_message(properties, index, chunk) for index, chunk in enumerate(chunks)]
            if self.pushes:
                yield RunBranchForEach("for_each_message", PushedMessages(messages))
            else:
                for message in messages:
                    yield RunBranch("for_each_message", message)
            if len(chunks) < len(properties.chunks):
                raise ActionError("upstream_truncated", "The answer ended early.", "Try again.")
            message_id = f"msg_{properties.begins - 1}" if properties.begins else None
            yield Usage("scripted", "end_turn", 5, len(properties.chunks), finish_kind="stop", message_id=message_id)
            yield Result({"text": "".join(properties.chunks)})
        finally:
            self.closed.append(context.node_id)

    @staticmethod
    def _build_message(properties: StreamProperties, index: int, chunk: str) -> MessageChunk:
        message = MessageChunk(text=chunk, index=index)
        if properties.source and index == len(properties.chunks) - 1:
            source = {"url": properties.source, "source": None, "title": "A page", "cited_text": "Said there."}
            message["citations"] = [source]
        return message


class RescueProperties(ActionProperties):
    pass


class Rescue(Action[RescueProperties]):
    """Run a path and catch what fails in it. A plain generator, as `Stream` is an async one."""

    type = "test.rescue"
    family = "test"
    branches = (Branch("try", "Try"), Branch("catch", "Catch"), NEXT)
    closed: ClassVar[list[str]] = []

    def run(self, properties: RescueProperties, context: ActionContext) -> Iterator[Step]:
        try:
            yield RunBranch("try")
        except ActionError:
            yield RunBranch("catch")
        finally:
            self.closed.append(context.node_id)


RESOURCES = RunResources(run_id="r")
REGISTRY: dict[str, AnyAction] = {**get_actions(), Stream.type: Stream, Rescue.type: Rescue}


def node(id: str, action: str, **properties: Any) -> dict[str, Any]:
    return {"id": id, "action": action, "properties": properties, "position": {"x": 0, "y": 0}}


def trigger() -> dict[str, Any]:
    return node("trigger", "chat.completion_trigger")


def path(*steps: str) -> list[dict[str, Any]]:
    """Return edges from `a`, `b:branch`, `c`…: each step leads to the next, by Continue unless it names a branch."""
    edges = []
    for left, right in itertools.pairwise(steps):
        source, _, port = left.partition(":")
        target = right.partition(":")[0]
        name = f"{source}-{port or 'continue'}-{target}"
        ends = {"source": source, "source_port": port or "continue", "target": target, "target_port": "in"}
        edges.append({"id": name, "kind": "execution", **ends})
    return edges


def graph(nodes: list[dict[str, Any]], edges: list[dict[str, Any]]) -> dict[str, Any]:
    return {"schema": 1, "nodes": nodes, "edges": edges, "notes": []}


def analyse(document: Mapping[str, Any], kinds: Mapping[str, str] | None = None) -> Analysis:
    """Compile the graph; `kinds` maps the ids of connections that it may use to their kinds."""
    facts = {id: ConnectionFacts(id, id, kind, {}, True, False) for id, kind in (kinds or {}).items()}
    return compile_plan(Graph.model_validate(document), REGISTRY, facts)


async def run(
    document: Mapping[str, Any],
    prompt: str = "Hello",
    resources: RunResources = RESOURCES,
    kinds: Mapping[str, str] | None = None,
) -> list[RunEvent]:
    """Return the events of a run of the graph; each has been checked against the declared union."""
    events: list[RunEvent] = []

    async def sink(event: RunEvent) -> None:
        events.append(run_event.validate_python(event, strict=True))

    analysis = analyse(document, kinds)
    assert analysis.plan is not None, analysis.problems
    recorder = EventRecorder(sink)
    await recorder.record("run.started", run="r", flow="f", revision=1, at="2026-01-01T00:00:00Z", simulator=False)
    await execute(analysis.plan, {"prompt": prompt, "session_id": "", "context": None}, resources, recorder)
    return events


def kinds(events: Sequence[Any]) -> list[str]:
    """Return each event as `type` or `type node`."""
    return [f"{event['type']} {event['node']}" if event.get("node") else event["type"] for event in events]
