"""Runs a flow that a node of another flow calls, within the same run and task. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

from actions.contract.action import InputError
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import CallFlow, PartKind
from flows.engine.control_flow import ControlFlow, NodeFailure, RaisedByCaller, ReturnFromFlow
from flows.engine.input_check import check_input
from flows.engine.message_path import enter_task
from flows.engine.resources import CallableFlow, RunResources
from flows.engine.yields import CurrentMessage, YieldSink
from flows.events.recorder import EventSink
from flows.graph.plan import Plan

MAX_CALL_DEPTH = 8
"""How many flows may run inside one another."""


class CallingExecution(Protocol):
    """The execution that calls a flow."""

    resources: RunResources
    events: EventSink
    depth: int
    """How many flows lie around this one."""

    async def run_called_plan(self, plan: Plan, input: Mapping[str, Any], events: EventSink, yields: YieldSink) -> None:
        """Run a plan one level below; raises what ends it."""

    async def receive_yield(self, node: str, value: Any, branch: str | None) -> None:
        """Take one yield of the called flow at the calling node: run its `branch` for it, or forward it."""

    async def receive_part(self, node: str, kind: PartKind, value: Any, branch: str | None) -> None:
        """Take one part that the called flow yields, in the same way."""


async def call_flow(caller: CallingExecution, node: str, step: CallFlow) -> Any:
    """Run the flow that `step` names, called by the node of the id `node`, and return its result.

    The called flow waits while the caller handles what it yielded. Raises ActionError when it cannot run, or failed.
    """
    flow = _find_flow(caller, step.flow)
    yields, events = _CallerYields(caller, node, step.branch), ForwardedEvents(caller.events, node)
    try:
        await caller.run_called_plan(flow.plan, await _parse_input(flow, step.input), events, yields)
    except ReturnFromFlow as returned:
        return returned.value
    except RaisedByCaller as raised:
        raise raised.cause from None
    except NodeFailure as failure:
        message = f"In flow {flow.name!r}, {failure.title}: {failure.message}"
        raise failure.rephrase(message, hint=failure.hint) from failure
    return None


def _find_flow(caller: CallingExecution, flow_id: str) -> CallableFlow:
    flow = caller.resources.flows.get(flow_id)
    if flow is None:
        raise ActionError("unknown_flow", "The flow to run does not exist in the workspace.", "Choose another.")
    if caller.depth >= MAX_CALL_DEPTH:
        message = f"{MAX_CALL_DEPTH} flows run inside one another, which is the limit."
        raise ActionError("calls_too_deep", message, f"Does {flow.name!r} call itself without an end?")
    return flow


async def _parse_input(flow: CallableFlow, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        if schema := flow.plan.input_schema:
            await enter_task()
            await check_input(schema, payload)
        return flow.plan.parse_input(payload)
    except InputError as error:
        raise ActionError("invalid_input", f"{flow.name!r} does not take this: {error.message}", error.hint) from None


class _CallerYields:
    """Hands what the called flow yields to the calling node. What goes wrong there is not the called flow's fault."""

    def __init__(self, caller: CallingExecution, node: str, branch: str | None) -> None:
        self._caller, self._node, self._branch = caller, node, branch
        self._message_count = 0

    async def yield_value(self, node: str, value: Any, current: CurrentMessage | None) -> None:
        if current and current.is_carried_by(value):
            current.is_yielded = True
        try:
            await self._caller.receive_yield(self._node, self._as_message(value), self._branch)
        except (ControlFlow, NodeFailure) as cause:
            raise RaisedByCaller(cause) from None

    async def yield_part(self, node: str, kind: PartKind, value: Any) -> None:
        try:
            await self._caller.receive_part(self._node, kind, value, self._branch)
        except (ControlFlow, NodeFailure) as cause:
            raise RaisedByCaller(cause) from None

    def _as_message(self, value: Any) -> Any:
        """Return a text as a message chunk, so that the calling node shows it live; its index counts the texts."""
        if not isinstance(value, str | MessageChunk):
            return value
        self._message_count += 1
        return MessageChunk(text=value if isinstance(value, str) else value["text"], index=self._message_count - 1)


class ForwardedEvents:
    """Records the events of a called flow as those of the node that called it. Its nodes are on another canvas."""

    def __init__(self, events: EventSink, node: str) -> None:
        self._events = events
        self._node = node

    def ms(self) -> int:
        return self._events.ms()

    async def begin_answer(self, **fields: Any) -> int:
        return await self._events.begin_answer(**{**fields, "node": self._node})

    async def end_answer(self, answer: int | None, **fields: Any) -> None:
        await self._events.end_answer(answer, **{**fields, "node": self._node})

    async def record(self, type: str, **fields: Any) -> None:
        if not type.startswith("node."):
            await self._events.record(type, **{**fields, "node": self._node})
