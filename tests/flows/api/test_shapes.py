"""Whatever its shape, a path streams: a chunk is with the caller before the model writes the next one.

The model of these flows writes a chunk only when the caller has the one before. A path that held one back would
never get the next, and the test would run into its time limit.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from actions.contract.action import NEXT, Action, ActionContext, Branch
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import VariableName
from actions.contract.records import MESSAGE, MessageChunk
from actions.contract.steps import RunBranch, Step
from flows.engine.execute import execute
from flows.engine.resources import CallableFlow, RunResources
from flows.events.events import RunEvent
from flows.events.recorder import EventRecorder
from tests.flows.scripted import REGISTRY, analyse, graph, node, path, trigger

CHUNKS = 5


@dataclass
class Caller:
    """Who reads the flow: keeps what came, and lets the model write on."""

    received: list[str] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, event: RunEvent) -> None:
        if event["type"] == "item":
            self.received.append(event.get("text", ""))
            self.news.set()

    async def has(self, text: str) -> None:
        while text not in "".join(self.received):
            self.news.clear()
            await self.news.wait()


class WaitingModelProperties(ActionProperties):
    name: str = prop("Begins each chunk.", default="a")
    stream_variable_name: VariableName = prop("Variable of each message.", default="message")


class WaitingModel(Action[WaitingModelProperties]):
    """Write a chunk when the caller has the one before."""

    type = "test.waiting_model"
    family = "test"
    branches = (Branch("for_each_message", "For each message", "stream_variable_name", MESSAGE, repeats=True), NEXT)
    streams = True
    caller: ClassVar[Caller]

    async def run(self, properties: WaitingModelProperties, context: ActionContext) -> AsyncIterator[Step]:
        for index in range(CHUNKS):
            text = f"[{properties.name}{index}]"
            yield RunBranch("for_each_message", MessageChunk(text=text, index=index))
            await self.caller.has(text)


REGISTRY[WaitingModel.type] = WaitingModel
TRUE = {"expression": "1 == 1"}
ONE_PASS = {"expression": "passes < 1"}


def model(id: str = "model", **properties: Any) -> dict[str, Any]:
    return node(id, "test.waiting_model", **properties)


def give(id: str = "give", value: str = "{{ message }}") -> dict[str, Any]:
    return node(id, "control.yield_return", value=value)


def flow(nodes: list[dict[str, Any]], *paths: list[dict[str, Any]]) -> dict[str, Any]:
    return graph([trigger(), *nodes], [edge for each in paths for edge in each])


STREAMED = path("model:for_each_message", "give")
COUNTED = node("count", "data.set_variable", name="passes", value={"expression": "passes + 1"})
PASSES = node("passes", "data.declare_variables", variables={"passes": 0})
SHAPES: dict[str, dict[str, Any]] = {
    "plain": flow([model(), give()], path("trigger", "model"), STREAMED),
    "changed before its yield": flow([model(), give(value="<{{ message }}>")], path("trigger", "model"), STREAMED),
    "if around the model": flow(
        [node("if", "control.if", condition=TRUE), model(), give()], path("trigger", "if:then", "model"), STREAMED
    ),
    "if around the yield": flow(
        [model(), node("if", "control.if", condition=TRUE), give()],
        path("trigger", "model:for_each_message", "if:then", "give"),
    ),
    "switch around the model": flow(
        [node("switch", "control.switch", value="x", cases=["w", "x"]), model(), give()],
        path("trigger", "switch:case_2", "model"),
        STREAMED,
    ),
    "two models, one after the other": flow(
        [model(), give(), model("second", name="b"), give("give2")],
        path("trigger", "model", "second"),
        STREAMED,
        path("second:for_each_message", "give2"),
    ),
    "a model for each message of another": flow(
        [
            model(name="o"),
            give(),
            model("inner", name="i-", stream_variable_name="inner"),
            give("give2", "{{ inner }}"),
        ],
        path("trigger", "model:for_each_message", "give", "inner:for_each_message", "give2"),
    ),
    "for each": flow(
        [node("each", "control.for_each", items=["p", "q"]), model(), give()],
        path("trigger", "each:for_each_item", "model"),
        STREAMED,
    ),
    "while": flow(
        [PASSES, node("while", "control.while", condition=ONE_PASS), model(), give(), COUNTED],
        path("trigger", "passes", "while:do", "model", "count"),
        STREAMED,
    ),
    "try": flow([node("try", "control.try_catch"), model(), give()], path("trigger", "try:try", "model"), STREAMED),
    "catch": flow(
        [node("try", "control.try_catch"), node("throw", "control.throw", message="no"), model(), give()],
        path("trigger", "try:try", "throw"),
        path("try:catch", "model"),
        STREAMED,
    ),
    "three actions for each message": flow(
        [model(), node("set", "data.set_variable", name="x", value="{{ message }}"), PASSES, give(value="{{ x }}")],
        path("trigger", "model:for_each_message", "set", "passes", "give"),
    ),
    "another flow, forwarded": flow([node("call", "control.run_flow", flow="plain")], path("trigger", "call")),
    "another flow, consumed": flow(
        [node("call", "control.run_flow", flow="plain", yields="consume"), give(value="({{ item }})")],
        path("trigger", "call:for_each_item", "give"),
    ),
    "a flow in a flow": flow(
        [node("call", "control.run_flow", flow="another flow, forwarded")], path("trigger", "call")
    ),
    "another flow in a loop in try": flow(
        [
            node("try", "control.try_catch"),
            node("each", "control.for_each", items=[1]),
            node("call", "control.run_flow", flow="try"),
        ],
        path("trigger", "try:try", "each:for_each_item", "call"),
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
async def test_a_chunk_is_with_the_caller_before_the_next_is_written(shape: str) -> None:
    caller = WaitingModel.caller = Caller()
    flows = {name: CallableFlow(name, plan) for name, each in SHAPES.items() if (plan := analyse(each).plan)}
    plan = flows[shape].plan
    request = {"prompt": "Hello", "session_id": "", "context": None}
    async with asyncio.timeout(60):
        await execute(plan, request, RunResources(flows=flows), EventRecorder(caller.hear))
    assert len(caller.received) >= CHUNKS


@pytest.mark.parametrize("shape", SHAPES)
def test_the_compiler_says_that_it_streams(shape: str) -> None:
    assert analyse(SHAPES[shape]).streaming.streams
