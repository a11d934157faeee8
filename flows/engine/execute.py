"""`execute`: runs a plan in one task and records what happens. Pure: no Django, no channels, no HTTP.

The engine drives each action's generator and acts on its steps. It holds no queue and starts no task, so
cancelling the caller's task cancels everything, innermost first, and closes every generator on the way.
"""

import asyncio
import logging
from collections.abc import Generator, Mapping
from typing import Any, cast

from actions.contract import steps
from actions.contract.action import NEXT, ActionContext, BranchBroken
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import BeginAnswer, CallFlow, Emit, Log, Result, Return, RunBranch, Step, Usage, Warn
from flows.engine.called_flow import call_flow
from flows.engine.control_flow import BreakLoop, ContinueLoop, NodeFailure, RaisedByCaller, ReturnFromFlow
from flows.engine.node_visits import Narrator, NodeVisit, describe_error
from flows.engine.property_values import PropertyValues
from flows.engine.resources import RunResources
from flows.engine.step_driver import Steps, close_steps, resume_async, resume_plain
from flows.engine.yields import CurrentMessage, RunItems, YieldSink
from flows.events.recorder import EventRecorder, EventSink
from flows.graph.plan import Plan, PlanNode

logger = logging.getLogger(__name__)

NEXT_BRANCH = NEXT.name


async def execute(plan: Plan, input: Mapping[str, Any], resources: RunResources, recorder: EventRecorder) -> None:
    """Run `plan` to its end and record exactly one terminal event: completed or failed.

    When the task is cancelled, CancelledError passes through and no terminal event is recorded: the owner
    of the task knows why it stopped, and records that.
    """
    result = None
    try:
        await Execution(plan, input, resources, recorder, RunItems(recorder)).run_path(plan.entry)
    except ReturnFromFlow as returned:
        result = returned.value
    except NodeFailure as failure:
        await recorder.end("run.failed", node=failure.node, **describe_error(failure))
        return
    await recorder.complete(result)


class Execution:
    """One execution of a plan: its variables, its visits of nodes, and the message whose path is running.

    A called flow is an execution of its own, one level deeper in the same task.
    """

    def __init__(
        self,
        plan: Plan,
        input: Mapping[str, Any],
        resources: RunResources,
        events: EventSink,
        yields: YieldSink,
        depth: int = 0,
    ) -> None:
        self.resources = resources
        self.events = events
        self.depth = depth
        self._nodes = plan.nodes
        self._input = input
        self._yields = yields
        self._variables: dict[str, Any] = {}
        self._values: dict[str, PropertyValues] = {}
        self._contexts: dict[str, ActionContext] = {}
        self._narrator = Narrator(events)
        self._current: CurrentMessage | None = None

    async def run_path(self, start: str | None) -> None:
        """Run the path that begins at the node of the id `start` to its end, node after node.

        Raises ControlFlow when a step leaves the path early, and NodeFailure when a node fails.
        """
        node_id = start
        while node_id is not None:
            node = self._nodes[node_id]
            await (self._narrator.skip(node) if node.disabled else self._run_node(node))
            node_id = node.branches.get(NEXT_BRANCH)

    async def run_called_plan(self, plan: Plan, input: Mapping[str, Any], events: EventSink, yields: YieldSink) -> None:
        """Run the plan of a flow that a node of this one calls; raises as `run_path` does."""
        await Execution(plan, input, self.resources, events, yields, self.depth + 1).run_path(plan.entry)

    async def receive_yield(self, node: str, value: Any, branch: str | None) -> None:
        """Take one yield of a called flow at the calling node: run its `branch` for it, or yield it on."""
        visit = self._narrator.get_visit(node)
        await self._run_branch(visit, RunBranch(branch, value)) if branch else await self._forward(visit, value)

    async def _run_node(self, node: PlanNode) -> None:
        visit = self._narrator.find_visit(node) or await self._narrator.enter(node, self._get_helpers(node))
        try:
            await self._run_action(node, visit)
        except NodeFailure as failure:
            failure.visits.append(visit)
            raise
        except (BreakLoop, ContinueLoop):
            await self._narrator.leave(visit)
            raise
        except ActionError as error:
            await self._fail(visit, error)
        except Exception as error:  # a fault in an action must end its run, not the server
            if isinstance(error, ReturnFromFlow | RaisedByCaller):
                raise
            logger.exception("action_failed_unexpectedly", extra={"run": self.resources.run_id, "node": node.id})
            hint = "The server's log has the details under this run's id."
            await self._fail(visit, ActionError("internal_error", f"{node.title} failed unexpectedly.", hint))
        await self._narrator.leave(visit)

    async def _fail(self, visit: NodeVisit, error: ActionError) -> None:
        await self._narrator.fail(visit, error)
        raise NodeFailure(error, visit.node.id, visit.node.title) from error

    async def _run_action(self, node: PlanNode, visit: NodeVisit) -> None:
        values = self._get_values(node)
        context = self._prepare_context(node, values)
        generator = cast(Steps, node.action.run(values.evaluate(), context))
        try:
            await self._drive(visit, generator)
        except BaseException:  # only then: a generator that ended by itself holds nothing open
            await close_steps(generator)
            raise

    async def _drive(self, visit: NodeVisit, generator: Steps) -> None:
        """Take each step of the generator; what fails or breaks in a path is thrown into it at its `yield`."""
        step: Step | None = next(generator, None) if isinstance(generator, Generator) else await anext(generator, None)
        caught: NodeFailure | None = None
        while step is not None:
            answer: Any = None
            thrown: NodeFailure | BranchBroken | None = None
            try:
                answer = await self._take_step(visit, step)
            except NodeFailure as failure:
                thrown = caught = failure
            except (BreakLoop, ContinueLoop) as control_flow:
                if not _repeats(visit.node, step):
                    raise
                thrown = BranchBroken() if isinstance(control_flow, BreakLoop) else None
            if isinstance(generator, Generator):
                step = resume_plain(generator, answer, thrown)
            else:
                step = await resume_async(generator, answer, thrown)
            if caught and not isinstance(step, Log | Warn | BeginAnswer | Usage):  # these may be told on the way out
                await self._narrator.fail_outer(caught)
                caught = None

    async def _take_step(self, visit: NodeVisit, step: Step) -> Any:
        """Act on one step; return what the `yield` gives back to the action."""
        match step:
            case RunBranch():
                await self._run_branch(visit, step)
            case Emit(value):
                await self._yields.yield_value(visit.node.id, value, self._current)
            case Result(value):
                visit.output = value
                self._bind_result(visit.node, value)
            case Return(value):
                raise ReturnFromFlow(value)
            case steps.Break():
                raise BreakLoop
            case steps.ContinueLoop():
                raise ContinueLoop
            case CallFlow():
                return await call_flow(self, visit.node.id, step)
            case _:
                await self._narrator.report(visit, step)
        return None

    async def _run_branch(self, visit: NodeVisit, step: RunBranch) -> None:
        node, value = visit.node, step.value
        if variable := node.message_variables.get(step.name):
            self._variables[variable] = value
        target = node.branches.get(step.name)
        if node.action.streams and isinstance(value, MessageChunk):
            await self._run_message_path(visit, value, target)
        elif target and step.name in node.repeating:
            await asyncio.sleep(0)  # a loop that waits for nothing must not hold up the other runs
            with self._narrator.repeating():
                await self.run_path(target)
        elif target:
            await self.run_path(target)

    async def _run_message_path(self, visit: NodeVisit, message: MessageChunk, target: str | None) -> None:
        """Run the path of one streamed message, then record the message if no step yielded it unchanged."""
        outer, current = self._current, self._begin_message(visit, message)
        self._current = current
        try:
            if target:
                with self._narrator.repeating():
                    await self.run_path(target)
        except (BreakLoop, ContinueLoop):
            if not current.is_yielded:
                await self._narrator.show_message(current)
            raise
        finally:
            self._current = outer
        if not current.is_yielded:
            await self._narrator.show_message(current)

    def _begin_message(self, visit: NodeVisit, message: MessageChunk) -> CurrentMessage:
        if visit.first_message_ms is None:
            self._narrator.begin_message(visit)
        return CurrentMessage(visit.node.id, message)

    def _bind_result(self, node: PlanNode, value: Any) -> None:
        if node.declares:
            self._variables.update(value)
        elif node.result_variable:
            self._variables[node.result_variable] = value

    async def _forward(self, visit: NodeVisit, value: Any) -> None:
        outer, node = self._current, visit.node.id
        self._current = self._begin_message(visit, value) if isinstance(value, MessageChunk) else None
        try:
            await self._yields.yield_value(node, value, self._current)
        finally:
            self._current = outer

    def _get_helpers(self, node: PlanNode) -> list[PlanNode]:
        helpers = (self._nodes[helper] for helper in node.helpers.values())
        return [helper for helper in helpers if not helper.disabled]

    def _prepare_context(self, node: PlanNode, values: PropertyValues) -> ActionContext:
        context = self._contexts.get(node.id)
        if context is None:
            run_id, services = self.resources.run_id, self.resources.services
            context = ActionContext(run_id, node.id, self._input, {}, services, values.evaluate_property)
            self._contexts[node.id] = context
        if node.helpers:
            helpers = ((name, self._nodes[helper]) for name, helper in node.helpers.items())
            context.helpers = {name: self._build_helper(helper) for name, helper in helpers if not helper.disabled}
        return context

    def _build_helper(self, helper: PlanNode) -> Any:
        values = self._get_values(helper)
        return helper.action.provide(values.evaluate(), self._prepare_context(helper, values))

    def _get_values(self, node: PlanNode) -> PropertyValues:
        values = self._values.get(node.id)
        if values is None:
            values = self._values[node.id] = PropertyValues(node, self._variables, self.resources.connections)
        return values


def _repeats(node: PlanNode, step: Step) -> bool:
    """Whether this step runs a path that repeats: a Break or Continue in it is meant for this node."""
    branch = step.name if isinstance(step, RunBranch) else step.branch if isinstance(step, CallFlow) else None
    return branch in node.repeating
