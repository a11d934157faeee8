"""A flow that is called from a node of another, within the same run and task. Pure."""

from collections.abc import Mapping
from typing import Any, Protocol

from actions.contract.action import InputError
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import CallFlow
from flows.engine.control_flow import NodeFailure, Outside, Returned, Signal
from flows.engine.resources import CallableFlow, Host
from flows.engine.yields import Delivery, Outlet
from flows.events.events import Usage
from flows.events.recorder import EventSink
from flows.graph.plan import Plan

MOST_CALLS = 8
"""How many flows may be under way inside one another."""


class Caller(Protocol):
    """The execution that calls, at the node that called."""

    host: Host
    reports: EventSink
    depth: int

    async def called(self, plan: Plan, input: Mapping[str, Any], reports: EventSink, outlet: Outlet) -> None:
        """Run a plan one level below; raises what ends it."""

    async def receive(self, node: str, value: Any, branch: str | None) -> None:
        """Take one yield of the called flow: forward it, or run the node's branch for it."""


async def call(caller: Caller, node: str, step: CallFlow) -> Any:
    """Run the flow that `step` names and return its result; raises ActionError when it cannot run, or failed.

    The called flow waits while the caller does something with what it yielded.
    """
    flow = _callable(caller, step.flow)
    outlet, reports = _ToCaller(caller, node, step.branch), _Through(caller.reports, node)
    try:
        await caller.called(flow.plan, _input_for(flow, step.input), reports, outlet)
    except Returned as returned:
        return returned.value
    except Outside as outside:
        raise outside.cause from None
    except NodeFailure as failure:
        message = f"In flow {flow.name!r}, {failure.title}: {failure.message}"
        raise ActionError(failure.code, message, failure.hint) from failure
    return None


def _callable(caller: Caller, flow_id: str) -> CallableFlow:
    flow = caller.host.flows.get(flow_id)
    if flow is None:
        raise ActionError("unknown_flow", "The flow to run does not exist in the workspace.", "Choose another.")
    if caller.depth >= MOST_CALLS:
        message = f"{MOST_CALLS} flows are under way inside one another, which is the limit."
        raise ActionError("calls_too_deep", message, f"Does {flow.name!r} call itself without an end?")
    return flow


def _input_for(flow: CallableFlow, payload: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return flow.plan.parse_input(payload)
    except InputError as error:
        raise ActionError("invalid_input", f"{flow.name!r} does not take this: {error.message}", error.hint) from None


class _ToCaller:
    """The outlet of a called flow. What the caller does with a yield is no business of the flow that yielded."""

    def __init__(self, caller: Caller, node: str, branch: str | None) -> None:
        self._caller, self._node, self._branch = caller, node, branch
        self._texts = 0

    async def give(self, node: str, value: Any, delivery: Delivery | None) -> None:
        if delivery and delivery.carries(value):
            delivery.yielded = True
        try:
            await self._caller.receive(self._node, self._as_message(value), self._branch)
        except (Signal, NodeFailure) as cause:
            raise Outside(cause) from None

    def _as_message(self, value: Any) -> Any:
        """A text is shown live at the node that called, as a model's is; its place is that among the texts."""
        if not isinstance(value, str | MessageChunk):
            return value
        self._texts += 1
        return MessageChunk(text=value if isinstance(value, str) else value["text"], index=self._texts - 1)


class _Through:
    """Tells of a called flow in the name of the node that called it. Its nodes are on another canvas."""

    def __init__(self, reports: EventSink, node: str) -> None:
        self._reports = reports
        self._node = node

    def ms(self) -> int:
        return self._reports.ms()

    def spend(self, usage: Usage, stop_reason: str | None) -> None:
        self._reports.spend(usage, stop_reason)

    async def record(self, type: str, **fields: Any) -> None:
        if not type.startswith("node."):
            await self._reports.record(type, **{**fields, "node": self._node})
