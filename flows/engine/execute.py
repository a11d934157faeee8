"""`execute`: runs a plan in one task and records what happens. Pure: no Django, no channels, no HTTP.

The engine drives each action's generator and acts on its steps. It holds no queue and starts no task, so
cancelling the caller's task cancels everything, innermost first, and closes every generator on the way.
"""

import asyncio
import logging
from collections.abc import Generator, Mapping
from typing import Any, cast

from actions.contract.action import ActionContext, BranchBroken
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import (
    Break,
    CallFlow,
    ContinueLoop,
    Emit,
    Log,
    Result,
    Return,
    RunBranch,
    Step,
    Usage,
    Warn,
)
from flows.engine.called_flow import call
from flows.engine.control_flow import LeftLoop, NextPass, NodeFailure, Outside, Returned
from flows.engine.node_visits import Pass, Passes
from flows.engine.property_values import NodeValues
from flows.engine.resources import Host
from flows.engine.step_driver import Steps, close, resumed, sent
from flows.engine.yields import Delivery, Items, Outlet
from flows.events.recorder import EventRecorder, EventSink
from flows.graph.plan import Plan, PlanNode

logger = logging.getLogger(__name__)


async def execute(plan: Plan, input: Mapping[str, Any], host: Host, recorder: EventRecorder) -> None:
    """Run `plan` to its end and record exactly one terminal event: completed or failed.

    When the task is cancelled, CancelledError passes through and no terminal event is recorded: the owner
    of the task knows why it stopped, and records that.
    """
    result = None
    try:
        await Execution(plan, input, host, recorder, Items(recorder)).path(plan.entry)
    except Returned as returned:
        result = returned.value
    except NodeFailure as failure:
        failed = {"code": failure.code, "message": failure.message, "hint": failure.hint, "node": failure.node}
        await recorder.end("run.failed", **failed)
        return
    await recorder.end("run.completed", result=result, finish_reason=recorder.finish_reason)


class Execution:
    """One execution of a plan: its variables, and which nodes have run."""

    def __init__(
        self, plan: Plan, input: Mapping[str, Any], host: Host, reports: EventSink, outlet: Outlet, depth: int = 0
    ) -> None:
        self.host = host
        self.reports = reports
        self.depth = depth
        self._nodes = plan.nodes
        self._input = input
        self._outlet = outlet
        self._variables: dict[str, Any] = {}
        self._values: dict[str, NodeValues] = {}
        self._contexts: dict[str, ActionContext] = {}
        self._passes = Passes(reports)
        self._delivery: Delivery | None = None

    async def path(self, start: str | None) -> None:
        """Run a path to its end, node after node."""
        node_id = start
        while node_id is not None:
            node = self._nodes[node_id]
            await (self._passes.skip(node) if node.disabled else self._run(node))
            node_id = node.branches.get("continue")

    async def _run(self, node: PlanNode) -> None:
        entered = self._passes.again(node) or await self._passes.enter(node, self._helpers_of(node))
        try:
            await self._act(node, entered)
        except NodeFailure as failure:
            failure.through.append(entered)
            raise
        except (LeftLoop, NextPass):
            await self._passes.leave(entered)
            raise
        except ActionError as error:
            await self._fail(entered, error)
        except Exception as error:  # a fault in an action must end its run, not the server
            if isinstance(error, Returned | Outside):
                raise
            logger.exception("action_failed_unexpectedly", extra={"run": self.host.run_id, "node": node.id})
            hint = "The server's log has the details under this run's id."
            await self._fail(entered, ActionError("internal_error", f"{node.title} failed unexpectedly.", hint))
        await self._passes.leave(entered)

    async def _fail(self, entered: Pass, error: ActionError) -> None:
        await self._passes.fail(entered, error)
        raise NodeFailure(error, entered.node.id, entered.node.title) from error

    async def _act(self, node: PlanNode, entered: Pass) -> None:
        values = self._values_of(node)
        context = self._context(node, values)
        steps = cast(Steps, node.action.run(values.properties(), context))
        try:
            await self._drive(entered, steps)
        except BaseException:  # one that has ended has nothing open
            await close(steps)
            raise

    async def _drive(self, entered: Pass, steps: Steps) -> None:
        """Take each step of the generator; what fails or breaks in a path is thrown into it at its `yield`."""
        step: Step | None = next(steps, None) if isinstance(steps, Generator) else await anext(steps, None)
        caught: NodeFailure | None = None
        while step is not None:
            answer: Any = None
            thrown: NodeFailure | BranchBroken | None = None
            try:
                answer = await self._take(entered, step)
            except NodeFailure as failure:
                thrown = caught = failure
            except (LeftLoop, NextPass) as signal:
                if not _repeats(entered.node, step):
                    raise
                thrown = BranchBroken() if isinstance(signal, LeftLoop) else None
            if isinstance(steps, Generator):
                step = resumed(steps, answer, thrown)
            else:
                step = await sent(steps, answer, thrown)
            if caught and not isinstance(step, Log | Warn | Usage):  # these may be told on the way out
                await self._passes.stop(caught.through, caught)
                caught = None

    async def _take(self, entered: Pass, step: Step) -> Any:
        """Act on one step; return what the `yield` gives back to the action."""
        match step:
            case RunBranch():
                await self._branch(entered, step)
            case Emit(value):
                await self._outlet.give(entered.node.id, value, self._delivery)
            case Result(value):
                entered.output = value
                self._bind(entered.node, value)
            case Return(value):
                raise Returned(value)
            case Break():
                raise LeftLoop
            case ContinueLoop():
                raise NextPass
            case CallFlow():
                return await call(self, entered.node.id, step)
            case _:
                await self._tell(entered, step)
        return None

    async def _tell(self, entered: Pass, step: Log | Warn | Usage) -> None:
        node = entered.node.id
        match step:
            case Log(message, level):
                await self.reports.record("log", node=node, level=level, message=message)
            case Warn(code, message, hint, name):
                await self.reports.record("warning", node=node, code=code, message=message, hint=hint, property=name)
            case Usage():
                await self._report(entered, step)

    async def _branch(self, entered: Pass, step: RunBranch) -> None:
        node, value = entered.node, step.value
        if variable := node.message_variables.get(step.name):
            self._variables[variable] = value
        target = node.branches.get(step.name)
        if node.action.streams and isinstance(value, MessageChunk):
            await self._deliver(entered, value, target)
        elif target:
            await self._path_of(target, repeats=step.name in node.repeating)

    async def _deliver(self, entered: Pass, message: MessageChunk, target: str | None) -> None:
        """Run the path of one streamed message, and show the message if nothing in it was its yield."""
        outer, delivery = self._delivery, self._begin(entered, message)
        self._delivery = delivery
        self._passes.repeating += 1
        try:
            if target:
                await self.path(target)
        except (LeftLoop, NextPass):
            await self._show(delivery)
            raise
        finally:
            self._passes.repeating -= 1
            self._delivery = outer
        await self._show(delivery)

    def _begin(self, entered: Pass, message: MessageChunk) -> Delivery:
        if entered.first_message_ms is None:
            entered.first_message_ms = self.reports.ms()
        return Delivery(entered.node.id, message)

    async def _show(self, delivery: Delivery) -> None:
        if not delivery.yielded:
            message = delivery.message
            await self.reports.record("node.message", node=delivery.node, index=message["index"], text=message["text"])

    async def _path_of(self, target: str, *, repeats: bool) -> None:
        if repeats:  # a loop that waits for nothing must not hold up the other runs
            await asyncio.sleep(0)
        self._passes.repeating += repeats
        try:
            await self.path(target)
        finally:
            self._passes.repeating -= repeats

    async def _report(self, entered: Pass, step: Usage) -> None:
        counts = {
            "input_tokens": step.input_tokens,
            "output_tokens": step.output_tokens,
            "cache_read_input_tokens": step.cache_read_input_tokens,
            "cache_creation_input_tokens": step.cache_creation_input_tokens,
        }
        self.reports.spend(counts, step.stop_reason)  # type: ignore[arg-type]  # built key by key above
        await self.reports.record(
            "usage",
            node=entered.node.id,
            model=step.model,
            stop_reason=step.stop_reason,
            first_message_ms=entered.first_message_ms,
            **counts,
        )

    def _bind(self, node: PlanNode, value: Any) -> None:
        if node.declared:
            self._variables.update(value)
        elif node.result_variable:
            self._variables[node.result_variable] = value

    async def called(self, plan: Plan, input: Mapping[str, Any], reports: EventSink, outlet: Outlet) -> None:
        await Execution(plan, input, self.host, reports, outlet, self.depth + 1).path(plan.entry)

    async def receive(self, node: str, value: Any, branch: str | None) -> None:
        entered = self._passes.of(node)
        await self._branch(entered, RunBranch(branch, value)) if branch else await self._forward(entered, value)

    async def _forward(self, entered: Pass, value: Any) -> None:
        outer, node = self._delivery, entered.node.id
        self._delivery = self._begin(entered, value) if isinstance(value, MessageChunk) else None
        try:
            await self._outlet.give(node, value, self._delivery)
        finally:
            self._delivery = outer

    def _helpers_of(self, node: PlanNode) -> list[PlanNode]:
        helpers = (self._nodes[helper] for helper in node.helpers.values())
        return [helper for helper in helpers if not helper.disabled]

    def _context(self, node: PlanNode, values: NodeValues) -> ActionContext:
        context = self._contexts.get(node.id)
        if context is None:
            context = ActionContext(self.host.run_id, node.id, self._input, {}, self.host.services, values.evaluate)
            self._contexts[node.id] = context
        if node.helpers:
            given = ((name, self._nodes[helper]) for name, helper in node.helpers.items())
            context.helpers = {name: self._provided(helper) for name, helper in given if not helper.disabled}
        return context

    def _provided(self, helper: PlanNode) -> Any:
        values = self._values_of(helper)
        return helper.action.provide(values.properties(), self._context(helper, values))

    def _values_of(self, node: PlanNode) -> NodeValues:
        values = self._values.get(node.id)
        if values is None:
            values = self._values[node.id] = NodeValues(node, self._variables, self.host.connections)
        return values


def _repeats(node: PlanNode, step: Step) -> bool:
    """Whether this step runs a path that repeats: a Break or Continue in it is meant for this node."""
    branch = step.name if isinstance(step, RunBranch) else step.branch if isinstance(step, CallFlow) else None
    return branch in node.repeating
