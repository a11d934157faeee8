"""Tells what happens in one execution: when each node starts, what it reports, how it ends, how often it ran. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from actions.contract.action import ActionContext
from actions.contract.errors import ActionError
from actions.contract.steps import BeginAnswer, Log, Usage, Warn
from flows.engine.control_flow import NodeFailure
from flows.engine.kept_values import MAX_MESSAGE_PASSES, MAX_PASSES, KeptValues
from flows.engine.preview import preview
from flows.engine.property_values import PropertyValues
from flows.engine.yields import CurrentMessage
from flows.events.events import COUNTS
from flows.events.recorder import EventSink
from flows.graph.plan import PlanNode


class OpenAnswer(NamedTuple):
    """An answer of a model that has begun."""

    number: int
    """What its end is told by."""
    usage: Usage
    """What was known of its cost at its start."""


@dataclass(slots=True)
class NodeVisit:
    """A node that the execution has come to. In a path that repeats, one visit stands for all passes."""

    node: PlanNode
    started_ms: int
    """Since the run began."""
    properties: PropertyValues = field(init=False)
    context: ActionContext = field(init=False)
    """What the node's action is given. The engine sets both when the node is entered."""
    helpers: list[PlanNode] = field(default_factory=list)
    """The nodes that hang under this one and are not disabled: they start and end with it."""
    count: int = 0
    """How often the node has run."""
    output: Any = None
    """What it put out last."""
    first_message_ms: int | None = None
    """When it streamed its first message, since the run began."""
    answer: OpenAnswer | None = None
    """The model's answer that has begun here and not ended."""
    keeps: bool = False
    """Whether what the node receives and gives in this pass is kept."""
    max_kept_passes: int = MAX_PASSES
    """Of so many first passes it is kept."""
    values: list[tuple[str, PropertyValues]] = field(default_factory=list)
    """What the node and its helpers receive, each with its id, where that is kept."""
    received_pass: int = 0
    """The last pass of which it is kept what the node received."""
    given_pass: int = 0
    """The last pass of which it is kept what the node gave."""


class Narrator:
    """Writes the events of the nodes of one execution.

    A node in a path that repeats is told once: its start at the first visit, its end when the repeating is over. What
    it received and gave is kept of its first passes and of the last one, in `kept` if that is given.
    """

    def __init__(self, events: EventSink, kept: KeptValues | None = None) -> None:
        self._events = events
        self._kept = kept
        self._visits: dict[str, NodeVisit] = {}
        self._repeated: set[str] = set()
        self.repetitions = 0
        """How many paths that repeat lie around what runs now. Whoever runs such a path counts it up and down."""

    def get_visit(self, node_id: str) -> NodeVisit:
        """Return the visit of a node that was entered."""
        return self._visits[node_id]

    def find_visit(self, node: PlanNode) -> NodeVisit | None:
        """Return the visit of a node that a path which repeats has come to before; None for any other."""
        return self._visits.get(node.id) if self.repetitions else None

    async def enter(
        self, node: PlanNode, helpers: Iterable[PlanNode] = (), *, is_for_message: bool = False
    ) -> NodeVisit:
        """Tell that the node starts, and its helpers with it; `is_for_message` in the path of a streamed message."""
        keeps = self._kept is not None and node.action.caller_receives is None
        visit = self._visits[node.id] = NodeVisit(node, self._events.ms(), list(helpers), keeps=keeps)
        if is_for_message:
            visit.max_kept_passes = MAX_MESSAGE_PASSES
        for starting in (node, *visit.helpers):
            await self._events.record("node.started", node=starting.id)
        return visit

    async def leave(self, visit: NodeVisit) -> None:
        """Count one run of the node; tell its end, and that of the nodes in its paths, unless a path repeats it."""
        visit.count += 1
        if self.repetitions:
            self._repeated.add(visit.node.id)
            return
        if self._repeated:
            for node_id in [id for id in self._visits if id in self._repeated]:
                await self._finish(self._visits.pop(node_id))
            self._repeated.clear()
        await self._finish(visit)

    async def keep_received(self, visit: NodeVisit) -> None:
        """Keep what the node and its helpers receive in this pass; no more passes when these are enough."""
        if visit.count >= visit.max_kept_passes:
            visit.keeps = False
        else:
            await self._keep_values(visit, visit.count + 1)

    async def keep_result(self, visit: NodeVisit) -> None:
        """Keep what the node gives in this pass, if a path repeats it: its end will tell only what it gave last."""
        if self._kept and self.repetitions:
            visit.given_pass = visit.count + 1
            await self._kept.keep("gave", visit.node.id, visit.given_pass, _list_variables(visit))

    async def skip(self, node: PlanNode) -> None:
        """Tell once that a disabled node is skipped."""
        if node.id not in self._visits:
            self._visits[node.id] = NodeVisit(node, self._events.ms())
            await self._events.record("node.skipped", node=node.id, reason="disabled")

    async def fail(self, visit: NodeVisit, error: ActionError) -> None:
        """Tell that the node failed, after what it had received."""
        if visit.received_pass <= visit.count:
            await self._keep_values(visit, visit.count + 1)
        await self._events.record(
            "node.failed",
            node=visit.node.id,
            duration_ms=self._events.ms() - visit.started_ms,
            **describe_error(error),
        )

    async def fail_outer(self, failure: NodeFailure) -> None:
        """Tell that the nodes in whose paths `failure` happened ended with it; the flow goes on elsewhere."""
        error = failure.rephrase(f"{failure.title} failed in its path.", "stopped")
        for visit in failure.visits:
            await self.fail(visit, error)

    async def show_message(self, current: CurrentMessage) -> None:
        """Record a streamed message that no step yielded unchanged."""
        message = current.message
        fields = {"index": message["index"], "text": message["text"]}
        if citations := message.get("citations"):
            fields["citations"] = citations
        await self._events.record("node.message", node=current.node, **fields)

    def begin_message(self, visit: NodeVisit) -> None:
        """Note when the node streamed its first message."""
        if visit.first_message_ms is None:
            visit.first_message_ms = self._events.ms()

    async def report(self, visit: NodeVisit, step: Log | Warn | BeginAnswer | Usage) -> None:
        """Tell what the node's action reports of itself."""
        node = visit.node.id
        match step:
            case Log(message, level):
                await self._events.record("log", node=node, level=level, message=message)
            case Warn(code, message, hint, name):
                fields = {"code": code, "message": message, "hint": hint, "property": name}
                await self._events.record("warning", node=node, **fields)
            case BeginAnswer(usage):
                await self._begin_answer(visit, usage)
            case Usage():
                await self._end_answer(visit, step)

    async def _begin_answer(self, visit: NodeVisit, usage: Usage) -> None:
        """Tell that an answer begins. One that is not ended was given up, and what it cost counts."""
        if visit.answer is not None:
            await self._end_answer(visit, visit.answer.usage)
        number = await self._events.begin_answer(node=visit.node.id, **_describe_call(usage))
        visit.answer = OpenAnswer(number, usage)

    async def _end_answer(self, visit: NodeVisit, usage: Usage) -> None:
        answer, visit.answer = visit.answer, None
        await self._events.end_answer(
            answer and answer.number,
            node=visit.node.id,
            **_describe_call(usage),
            stop_reason=usage.stop_reason,
            finish_kind=usage.finish_kind,
            first_message_ms=visit.first_message_ms,
        )

    async def _finish(self, visit: NodeVisit) -> None:
        node = visit.node
        variables = _list_variables(visit)
        shown = self._kept.hide_secrets(variables) if self._kept and variables else variables
        outputs = {name: preview(value) for name, value in shown.items()}
        if self._kept:
            await self._keep_last(self._kept, visit, variables, is_told=shown == outputs)
        duration_ms = self._events.ms() - visit.started_ms
        for helper in visit.helpers:
            await self._record_finish(helper.id, duration_ms, visit.count, {})
        await self._record_finish(node.id, duration_ms, visit.count, outputs)

    async def _keep_last(self, kept: KeptValues, visit: NodeVisit, variables: dict[str, Any], *, is_told: bool) -> None:
        """Keep what is not kept yet of the last pass, unless the end of the node `is_told` with it whole."""
        if visit.node.action.role == "trigger":
            for value in variables.values():
                kept.know_input(value)
            return
        if visit.received_pass < visit.count:
            await self._keep_values(visit, visit.count)
        if visit.given_pass < visit.count and not is_told:
            await kept.keep("gave", visit.node.id, visit.count, variables)

    async def _keep_values(self, visit: NodeVisit, number: int) -> None:
        visit.received_pass = number
        if self._kept:
            for node, values in visit.values:
                await self._kept.keep("received", node, number, values.list_received())

    async def _record_finish(self, node: str, duration_ms: int, count: int, outputs: dict[str, Any]) -> None:
        await self._events.record("node.finished", node=node, duration_ms=duration_ms, count=count, outputs=outputs)


def _list_variables(visit: NodeVisit) -> dict[str, Any]:
    """Return the variables that the node has set last, by name."""
    node = visit.node
    values = visit.output if node.declares else {node.result_variable: visit.output}
    return {name: value for name, value in (values or {}).items() if name}


def describe_error(error: ActionError) -> dict[str, Any]:
    """Return what an event tells of an error: what it is, who can put it right, and whether to try again."""
    return {
        "code": error.code,
        "message": preview(error.message),  # it may quote a whole document
        "hint": preview(error.hint),
        "fault": error.fault,
        "retryable": error.is_retryable,
        "retry_after_s": error.retry_after_s,
    }


def _describe_call(usage: Usage) -> dict[str, Any]:
    counts = {name: getattr(usage, name) for name in COUNTS}
    return {"message_id": usage.message_id, "model": usage.model, **counts}
