"""`execute`: runs a plan in one task and records what happens. Pure: no Django, no channels, no HTTP.

The engine drives each action's generator and acts on its steps. It holds no queue and starts no task, so
cancelling the caller's task cancels everything, innermost first, and closes every generator on the way.
"""

import asyncio
import logging
from collections.abc import Generator, Mapping
from contextlib import suppress
from typing import Any, cast

from actions.contract import steps
from actions.contract.action import NEXT, ActionContext, BranchBroken
from actions.contract.errors import ActionError
from actions.contract.records import MessageChunk
from actions.contract.steps import (
    BeginAnswer,
    CallFlow,
    Emit,
    EmitPart,
    Log,
    PartKind,
    PathStep,
    Result,
    Return,
    RunBranch,
    RunBranchForEach,
    Step,
    Usage,
    Warn,
)
from expressions.errors import LargeEvaluation
from flows.engine.called_flow import call_flow
from flows.engine.control_flow import BreakLoop, ContinueLoop, NodeFailure, RaisedByCaller, ReturnFromFlow
from flows.engine.kept_values import KeptValues
from flows.engine.message_path import PushedPath, enter_task
from flows.engine.node_visits import Narrator, NodeVisit, describe_error
from flows.engine.property_values import PropertyValues
from flows.engine.resources import RunResources
from flows.engine.secret_values import hide_in_error
from flows.engine.step_driver import Steps, close_steps, resume_async, resume_plain
from flows.engine.yields import CurrentMessage, RunItems, YieldSink
from flows.events.recorder import EventRecorder, EventSink
from flows.graph.env_reads import ENV
from flows.graph.plan import Plan, PlanNode
from flows.limits.pass_meter import PassMeter
from flows.limits.run_limit_error import RunLimitError, build_seconds_error

logger = logging.getLogger(__name__)

NEXT_BRANCH = NEXT.name


async def execute(plan: Plan, input: Mapping[str, Any], resources: RunResources, recorder: EventRecorder) -> None:
    """Run `plan` to its end and record exactly one terminal event: completed or failed.

    When the task is cancelled, CancelledError passes through and no terminal event is recorded: the owner
    of the task knows why it stopped, and records that.
    """
    limits, items = resources.limits, RunItems(recorder, plan.caller_kinds, resources.env.secrets)
    execution = Execution(plan, input, resources, recorder, items, PassMeter(limits.passes))
    try:
        await recorder.complete(await _run_in_time(execution, plan.entry, limits.seconds))
    except NodeFailure as failure:
        await recorder.end("run.failed", node=failure.node, **describe_error(failure))
    except RunLimitError as error:
        await recorder.end("run.failed", node=await execution.fail_where_left(error), **describe_error(error))


async def _run_in_time(execution: "Execution", entry: str, limit_s: int) -> Any:
    """Run the plan to its end and return its result; raises RunLimitError `limit_seconds` when it takes too long."""
    try:
        async with asyncio.timeout(limit_s):
            await execution.run_path(entry)
    except ReturnFromFlow as returned:
        return returned.value
    except TimeoutError:
        raise build_seconds_error(limit_s) from None
    return None


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
        passes: PassMeter,
        depth: int = 0,
    ) -> None:
        self.resources = resources
        self.events = events
        self.depth = depth
        self._nodes = plan.nodes
        self._input = input
        self._yields = yields
        self._passes = passes
        self._variables: dict[str, Any] = {ENV: resources.env.values}
        self._values: dict[str, PropertyValues] = {}
        self._contexts: dict[str, ActionContext] = {}
        # The nodes of a called flow are on another canvas: nothing is kept of them.
        self._narrator = Narrator(
            events, None if depth else KeptValues(events, resources.connections, resources.env.secrets)
        )
        self._current: CurrentMessage | None = None
        self._left_at: NodeVisit | None = None
        """The innermost visit of this flow that was left without its end: by a limit, a cancel or a Return."""

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
        called = Execution(plan, input, self.resources, events, yields, self._passes, self.depth + 1)
        await called.run_path(plan.entry)

    async def receive_yield(self, node: str, value: Any, branch: str | None) -> None:
        """Take one yield of a called flow at the calling node: run its `branch` for it, or yield it on."""
        visit = self._narrator.get_visit(node)
        await self._run_branch(visit, RunBranch(branch, value)) if branch else await self._forward(visit, value)

    async def receive_part(self, node: str, kind: PartKind, value: Any, branch: str | None) -> None:
        """Take one part that a called flow yields, as `receive_yield` does. A branch is given its value alone."""
        if branch:
            await self.receive_yield(node, value, branch)
        else:
            await self._yields.yield_part(node, kind, value)

    async def fail_where_left(self, error: RunLimitError) -> str | None:
        """Tell that the node failed at which this execution was left; return its id, None when it was at no node."""
        if self._left_at is None:
            return None
        with suppress(RunLimitError):  # the log may be full: then the end of the run alone names the node
            await self._narrator.fail(self._left_at, error)
        return self._left_at.node.id

    async def _run_node(self, node: PlanNode) -> None:
        visit = self._narrator.find_visit(node) or await self._enter(node)
        try:
            await self._run_action(node, visit)
        except NodeFailure as failure:
            failure.visits.append(visit)
            raise
        except (BreakLoop, ContinueLoop):
            await self._narrator.leave(visit)
            raise
        except (RunLimitError, ReturnFromFlow, asyncio.CancelledError):
            self._left_at = self._left_at or visit
            raise
        except RaisedByCaller:
            raise
        except ActionError as error:
            await self._fail(visit, error)
        except Exception:  # a fault in an action must end its run, not the server
            await enter_task()
            logger.exception("action_failed_unexpectedly", extra={"run": self.resources.run_id, "node": node.id})
            hint = "The server's log has the details under this run's id."
            await self._fail(visit, ActionError("internal_error", f"{node.title} failed unexpectedly.", hint))
        await self._narrator.leave(visit)

    async def _enter(self, node: PlanNode) -> NodeVisit:
        helpers = self._get_helpers(node)
        visit = await self._narrator.enter(node, helpers, is_for_message=self._current is not None)
        visit.properties = self._get_values(node)
        visit.context = self._prepare_context(node, visit.properties)
        if visit.keeps:
            visit.values = [(each.id, self._get_values(each)) for each in (node, *visit.helpers)]
        return visit

    async def _fail(self, visit: NodeVisit, error: ActionError) -> None:
        error = hide_in_error(error, self.resources.env.secrets)
        await self._narrator.fail(visit, error)
        raise NodeFailure(error, visit.node.id, visit.node.title) from error

    async def _run_action(self, node: PlanNode, visit: NodeVisit) -> None:
        values, context, action = visit.properties, visit.context, node.action
        if node.helpers:
            await self._provide_helpers(node, context)
        try:
            properties = values.evaluate()  # not `prepare`, because awaiting costs something for each message
        except LargeEvaluation as evaluation:
            properties = await values.evaluate_apart(evaluation)
        if visit.keeps:
            await self._narrator.keep_received(visit)
        if action.has_one_step:
            await self._take_step(visit, action.make_step(properties, context))
        else:
            await self._run_steps(visit, cast(Steps, action.run(properties, context)))

    async def _run_steps(self, visit: NodeVisit, generator: Steps) -> None:
        try:
            await self._drive(visit, generator)
        except BaseException:  # only then: a generator that ended by itself holds nothing open
            await close_steps(generator)
            raise

    async def _drive(self, visit: NodeVisit, generator: Steps) -> None:
        """Take each step of the generator; what fails or breaks in a path is thrown into it at its `yield`."""
        if isinstance(generator, Generator):
            step = next(generator, None)
        else:
            await enter_task()
            step = await anext(generator, None)
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
            case Emit(value):  # the step of most messages
                await self._yields.yield_value(visit.node.id, value, self._current)
            case EmitPart(kind, value):
                await self._yields.yield_part(visit.node.id, kind, value)
            case RunBranch():
                await self._run_branch(visit, step)
            case RunBranchForEach():
                await self._run_branch_for_each(visit, step)
            case Result(value):
                visit.output = value
                self._bind_result(visit.node, value)
                if visit.keeps:
                    await self._narrator.keep_result(visit)
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
        elif step.name in node.repeating:
            self._passes.count()
            await asyncio.sleep(0)  # a loop that waits for nothing must not hold up the other runs
            self._narrator.repetitions += 1
            try:
                await self.run_path(target)
            finally:
                self._narrator.repetitions -= 1
        elif target:
            await self.run_path(target)

    async def _run_branch_for_each(self, visit: NodeVisit, step: RunBranchForEach) -> None:
        variable, target = visit.node.message_variables.get(step.name), visit.node.branches.get(step.name)

        async def run_path(message: MessageChunk) -> None:
            if variable:
                self._variables[variable] = message
            try:
                await self._run_message_path(visit, message, target)
            except ContinueLoop:
                return

        path = PushedPath(run_path)
        try:
            await step.source.push_to(path)
        finally:
            path.close()

    async def _run_message_path(self, visit: NodeVisit, message: MessageChunk, target: str | None) -> None:
        """Run the path of one streamed message, then record the message if no step yielded it unchanged."""
        narrator, outer, current = self._narrator, self._current, self._begin_message(visit, message)
        self._current = current
        narrator.repetitions += 1
        try:
            await self.run_path(target)
        except (BreakLoop, ContinueLoop):
            if not current.is_yielded:
                await narrator.show_message(current)
            raise
        finally:
            narrator.repetitions -= 1
            self._current = outer
        if not current.is_yielded:
            await narrator.show_message(current)

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
        return context

    async def _provide_helpers(self, node: PlanNode, context: ActionContext) -> None:
        helpers = ((name, self._nodes[helper]) for name, helper in node.helpers.items())
        context.helpers = {name: await self._build_helper(helper) for name, helper in helpers if not helper.disabled}

    async def _build_helper(self, helper: PlanNode) -> Any:
        values = self._get_values(helper)
        context = self._prepare_context(helper, values)
        if helper.helpers:
            await self._provide_helpers(helper, context)
        return helper.action.provide(await values.prepare(), context)

    def _get_values(self, node: PlanNode) -> PropertyValues:
        values = self._values.get(node.id)
        if values is None:
            values = self._values[node.id] = PropertyValues(node, self._variables, self.resources.connections)
        return values


def _repeats(node: PlanNode, step: Step) -> bool:
    """Whether this step runs a path that repeats: a Break or Continue in it is meant for this node."""
    branch = step.name if isinstance(step, PathStep) else step.branch if isinstance(step, CallFlow) else None
    return branch in node.repeating
