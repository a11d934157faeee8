"""`execute`: runs a plan in one task and records what happens. Pure: no Django, no channels, no HTTP.

The engine drives each action's generator and acts on its steps. It holds no queue and starts no task, so
cancelling the caller's task cancels everything, innermost first, and closes every generator on the way.
"""

import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, cast

from pydantic import ValidationError

from actions.connection_kinds import Connection
from actions.contract import ActionContext
from actions.describe import property_title
from actions.errors import ActionError
from actions.properties import ActionProperties
from actions.records import Message
from actions.steps import Emit, Log, Result, Return, RunBranch, Step, Usage, Warn
from flows.events import Usage as UsageTotal
from flows.expressions import ExpressionError
from flows.fold import add_usage
from flows.plan import Plan, PlanNode
from flows.preview import preview
from flows.recorder import Recorder
from flows.values import property_message

logger = logging.getLogger(__name__)


class NodeFailure(ActionError):
    """An action's error on its way out, with the node where it happened."""

    def __init__(self, error: ActionError, node: str) -> None:
        super().__init__(error.code, error.message, error.hint)
        self.node = node


class _Returned(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


@dataclass(slots=True)
class _Pass:
    """How often and since when a node has run; what it last put out."""

    started_ms: int
    count: int = 0
    output: Any = None
    first_message_ms: int | None = None


@dataclass(slots=True)
class _Delivery:
    """The message whose path is running, and whether it has been yielded as it came."""

    node: str
    message: Message
    yielded: bool = False


async def execute(
    plan: Plan,
    input: Mapping[str, Any],
    connections: Mapping[str, Connection],
    recorder: Recorder,
    run_id: str = "",
) -> None:
    """Run `plan` to its end and record exactly one terminal event: completed or failed.

    When the task is cancelled, CancelledError passes through and no terminal event is recorded: the owner
    of the task knows why it stopped, and records that.
    """
    execution = _Execution(plan, input, connections, recorder, run_id)
    try:
        await execution.path(plan.entry)
    except _Returned as returned:
        await _complete(recorder, returned.value)
    except NodeFailure as failure:
        await recorder.end(
            "run.failed", code=failure.code, message=failure.message, hint=failure.hint, node=failure.node
        )
    else:
        await _complete(recorder, None)


async def _complete(recorder: Recorder, result: Any) -> None:
    await recorder.end("run.completed", result=result, finish_reason=recorder.finish_reason)


class _Execution:
    """One run of a plan: its variables, and which nodes have run."""

    def __init__(
        self,
        plan: Plan,
        input: Mapping[str, Any],
        connections: Mapping[str, Connection],
        recorder: Recorder,
        run_id: str,
    ) -> None:
        self._plan = plan
        self._input = input
        self._connections = connections
        self._recorder = recorder
        self._run_id = run_id
        self._variables: dict[str, Any] = {}
        self._passes: dict[str, _Pass] = {}
        self._repeated: set[str] = set()
        self._repeats = 0
        self._items = 0
        self._delivery: _Delivery | None = None
        self._fixed: dict[str, ActionProperties] = {}

    async def path(self, start: str | None) -> None:
        """Run a path to its end, node after node."""
        node_id = start
        while node_id is not None:
            node = self._plan.nodes[node_id]
            await (self._skip(node) if node.disabled else self._run(node))
            node_id = node.branches.get("continue")

    async def _skip(self, node: PlanNode) -> None:
        if node.id not in self._passes:
            self._passes[node.id] = _Pass(self._recorder.ms())
            await self._recorder.record("node.skipped", node=node.id, reason="disabled")

    async def _run(self, node: PlanNode) -> None:
        entered = await self._enter(node)
        try:
            properties = self._properties(node)
            context = ActionContext(self._run_id, node.id, self._input)
            steps = cast(AsyncGenerator[Step, None], node.action.run(properties, context))
            async with aclosing(steps):
                await self._drive(node, steps)
        except (NodeFailure, _Returned):
            raise
        except ActionError as error:
            await self._fail(node, entered, error)
        except Exception:  # a fault in an action must end its run, not the server
            logger.exception("action_failed_unexpectedly", extra={"run": self._run_id, "node": node.id})
            message, hint = (
                f"{node.title} failed unexpectedly.",
                "The server's log has the details under this run's id.",
            )
            await self._fail(node, entered, ActionError("internal_error", message, hint))
        await self._leave(node, entered)

    async def _enter(self, node: PlanNode) -> _Pass:
        """A node in a repeated path tells its start once, and its end when the repeating is over."""
        entered = self._passes.get(node.id)
        if entered is None or not self._repeats:
            entered = self._passes[node.id] = _Pass(self._recorder.ms())
            await self._recorder.record("node.started", node=node.id)
        return entered

    async def _leave(self, node: PlanNode, entered: _Pass) -> None:
        entered.count += 1
        if self._repeats:
            self._repeated.add(node.id)
            return
        for inner in [id for id in self._passes if id in self._repeated]:
            await self._finish(self._plan.nodes[inner], self._passes.pop(inner))
        self._repeated.clear()
        await self._finish(node, entered)

    async def _finish(self, node: PlanNode, entered: _Pass) -> None:
        outputs = {node.result_variable: preview(entered.output)} if node.result_variable else {}
        duration = self._recorder.ms() - entered.started_ms
        await self._recorder.record(
            "node.finished", node=node.id, duration_ms=duration, count=entered.count, outputs=outputs
        )

    async def _fail(self, node: PlanNode, entered: _Pass, error: ActionError) -> None:
        duration = self._recorder.ms() - entered.started_ms
        await self._recorder.record(
            "node.failed",
            node=node.id,
            code=error.code,
            message=error.message,
            hint=error.hint,
            duration_ms=duration,
        )
        raise NodeFailure(error, node.id) from error

    async def _drive(self, node: PlanNode, steps: AsyncGenerator[Step, None]) -> None:
        """Take each step of the generator; what fails in a path is thrown into it at its `yield`."""
        step = await anext(steps, None)
        while step is not None:
            try:
                await self._take(node, step)
            except NodeFailure as failure:
                try:
                    step = await steps.athrow(failure)
                except StopAsyncIteration:  # the action caught it and ended
                    return
            else:
                step = await anext(steps, None)

    async def _take(self, node: PlanNode, step: Step) -> None:
        match step:
            case RunBranch():
                await self._branch(node, step)
            case Emit(value):
                await self._emit(node, value)
            case Result(value):
                self._passes[node.id].output = value
                if node.result_variable:
                    self._variables[node.result_variable] = value
            case Return(value):
                raise _Returned(value)
            case Log(message, level):
                await self._recorder.record("log", node=node.id, level=level, message=message)
            case Warn(code, message, hint, property):
                await self._recorder.record(
                    "warning", node=node.id, code=code, message=message, hint=hint, property=property
                )
            case Usage():
                await self._report(node, step)

    async def _branch(self, node: PlanNode, step: RunBranch) -> None:
        variable = node.message_variables.get(step.name)
        if variable:
            self._variables[variable] = step.value
        target = node.branches.get(step.name)
        if isinstance(step.value, Message):
            await self._deliver(node, step.value, target)
        elif target:
            await self._repeat(node, step.name, target)

    async def _deliver(self, node: PlanNode, message: Message, target: str | None) -> None:
        """Run the path of one streamed message, and show the message if nothing in it was its yield."""
        outer, delivery = self._delivery, _Delivery(node.id, message)
        entered = self._passes[node.id]
        if entered.first_message_ms is None:
            entered.first_message_ms = self._recorder.ms()
        self._delivery = delivery
        try:
            if target:
                await self._repeat(node, None, target)
        finally:
            self._delivery = outer
        if not delivery.yielded:
            await self._recorder.record("node.message", node=node.id, index=message["index"], text=message["text"])

    async def _repeat(self, node: PlanNode, branch: str | None, target: str) -> None:
        repeats = branch is None or branch in node.repeating
        self._repeats += repeats
        try:
            await self.path(target)
        finally:
            self._repeats -= repeats

    async def _emit(self, node: PlanNode, value: Any) -> None:
        delivery = self._delivery
        verbatim = (
            delivery and not delivery.yielded and (value is delivery.message or value == delivery.message["text"])
        )
        source = message = None
        if delivery and verbatim:
            delivery.yielded = True
            source, message = delivery.node, delivery.message["index"]
        content = (
            {"text": value}
            if isinstance(value, str)
            else {"text": value["text"]}
            if isinstance(value, Message)
            else {"value": value}
        )
        index = self._items
        self._items += 1
        await self._recorder.record("item", index=index, node=node.id, source=source, message=message, **content)

    async def _report(self, node: PlanNode, step: Usage) -> None:
        counts: UsageTotal = {
            "input_tokens": step.input_tokens,
            "output_tokens": step.output_tokens,
            "cache_read_input_tokens": step.cache_read_input_tokens,
            "cache_creation_input_tokens": step.cache_creation_input_tokens,
        }
        self._recorder.usage = add_usage(self._recorder.usage, counts)
        self._recorder.finish_reason = step.stop_reason
        first = self._passes[node.id].first_message_ms
        await self._recorder.record(
            "usage",
            node=node.id,
            model=step.model,
            stop_reason=step.stop_reason,
            first_message_ms=first,
            **counts,
        )

    def _properties(self, node: PlanNode) -> ActionProperties:
        """Return the node's properties; those that are bound are evaluated now, and checked again."""
        ready = self._fixed.get(node.id)
        if ready is not None:
            return ready
        values = dict(node.fixed)
        for name, connection_id in node.connections.items():
            values[name] = self._connections[connection_id]
        for name, binding in node.bound.items():
            values[name] = self._evaluate(node, name, binding)
        properties = self._validated(node, values)
        if not node.bound:
            self._fixed[node.id] = properties
        return properties

    def _evaluate(self, node: PlanNode, name: str, binding: Any) -> Any:
        try:
            return binding.evaluate(self._variables)
        except ExpressionError as error:
            title = property_title(name, type(node.action).Properties.model_fields[name])
            raise ActionError(error.code, f"{title}: {error.message}", error.hint) from None

    def _validated(self, node: PlanNode, values: dict[str, Any]) -> ActionProperties:
        model: type[ActionProperties] = type(node.action).Properties
        try:
            return model.model_validate(values)
        except ValidationError as error:
            name = str(error.errors(include_url=False, include_input=False)[0]["loc"][0])
            title = property_title(name, model.model_fields[name])
            raise ActionError("invalid_value", property_message(title, error)) from None
