"""Tells what happens in one execution: when each node starts, what it reports, how it ends, how often it ran. Pure."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from actions.contract.errors import ActionError
from actions.contract.steps import Log, Usage, Warn
from flows.engine.control_flow import NodeFailure
from flows.engine.preview import preview
from flows.engine.yields import CurrentMessage
from flows.events.recorder import EventSink
from flows.graph.plan import PlanNode


@dataclass(slots=True)
class NodeVisit:
    """A node that the execution has come to. In a path that repeats, one visit stands for all passes."""

    node: PlanNode
    started_ms: int
    """Since the run began."""
    helpers: list[PlanNode] = field(default_factory=list)
    """The nodes that hang under this one and are not disabled: they start and end with it."""
    count: int = 0
    """How often the node has run."""
    output: Any = None
    """What it put out last."""
    first_message_ms: int | None = None
    """When it streamed its first message, since the run began."""


class Narrator:
    """Writes the events of the nodes of one execution.

    A node in a path that repeats is told once: its start at the first visit, its end when the repeating is over.
    """

    def __init__(self, events: EventSink) -> None:
        self._events = events
        self._visits: dict[str, NodeVisit] = {}
        self._repeated: set[str] = set()
        self._repetition = _Repetition()

    def repeating(self) -> AbstractContextManager[None]:
        """Return the context in which a path runs that repeats. It may be entered again within itself."""
        return self._repetition

    def get_visit(self, node_id: str) -> NodeVisit:
        """Return the visit of a node that was entered."""
        return self._visits[node_id]

    def find_visit(self, node: PlanNode) -> NodeVisit | None:
        """Return the visit of a node that a path which repeats has come to before; None for any other."""
        return self._visits.get(node.id) if self._repetition.depth else None

    async def enter(self, node: PlanNode, helpers: Iterable[PlanNode] = ()) -> NodeVisit:
        """Tell that the node starts, and its helpers with it."""
        visit = self._visits[node.id] = NodeVisit(node, self._events.ms(), list(helpers))
        for starting in (node, *visit.helpers):
            await self._events.record("node.started", node=starting.id)
        return visit

    async def leave(self, visit: NodeVisit) -> None:
        """Count one run of the node; tell its end, and that of the nodes in its paths, unless a path repeats it."""
        visit.count += 1
        if self._repetition.depth:
            self._repeated.add(visit.node.id)
            return
        if self._repeated:
            for node_id in [id for id in self._visits if id in self._repeated]:
                await self._finish(self._visits.pop(node_id))
            self._repeated.clear()
        await self._finish(visit)

    async def skip(self, node: PlanNode) -> None:
        """Tell once that a disabled node is skipped."""
        if node.id not in self._visits:
            self._visits[node.id] = NodeVisit(node, self._events.ms())
            await self._events.record("node.skipped", node=node.id, reason="disabled")

    async def fail(self, visit: NodeVisit, error: ActionError) -> None:
        """Tell that the node failed."""
        await self._events.record(
            "node.failed",
            node=visit.node.id,
            code=error.code,
            message=error.message,
            hint=error.hint,
            duration_ms=self._events.ms() - visit.started_ms,
        )

    async def fail_outer(self, failure: NodeFailure) -> None:
        """Tell that the nodes in whose paths `failure` happened ended with it; the flow goes on elsewhere."""
        error = ActionError("stopped", f"{failure.title} failed in its path.")
        for visit in failure.visits:
            await self.fail(visit, error)

    async def show_message(self, current: CurrentMessage) -> None:
        """Record a streamed message that no step yielded unchanged."""
        message = current.message
        await self._events.record("node.message", node=current.node, index=message["index"], text=message["text"])

    def begin_message(self, visit: NodeVisit) -> None:
        """Note when the node streamed its first message."""
        if visit.first_message_ms is None:
            visit.first_message_ms = self._events.ms()

    async def report(self, visit: NodeVisit, step: Log | Warn | Usage) -> None:
        """Tell what the node's action reports of itself."""
        node = visit.node.id
        match step:
            case Log(message, level):
                await self._events.record("log", node=node, level=level, message=message)
            case Warn(code, message, hint, name):
                fields = {"code": code, "message": message, "hint": hint, "property": name}
                await self._events.record("warning", node=node, **fields)
            case Usage():
                await self._report_usage(visit, step)

    async def _report_usage(self, visit: NodeVisit, step: Usage) -> None:
        counts = {
            "input_tokens": step.input_tokens,
            "output_tokens": step.output_tokens,
            "cache_read_input_tokens": step.cache_read_input_tokens,
            "cache_creation_input_tokens": step.cache_creation_input_tokens,
        }
        self._events.spend(counts, step.stop_reason)  # type: ignore[arg-type]  # built key by key above
        await self._events.record(
            "usage",
            node=visit.node.id,
            model=step.model,
            stop_reason=step.stop_reason,
            first_message_ms=visit.first_message_ms,
            **counts,
        )

    async def _finish(self, visit: NodeVisit) -> None:
        node = visit.node
        values = visit.output if node.declares else {node.result_variable: visit.output}
        outputs = {name: preview(value) for name, value in (values or {}).items() if name}
        duration_ms = self._events.ms() - visit.started_ms
        for helper in visit.helpers:
            await self._record_finish(helper.id, duration_ms, visit.count, {})
        await self._record_finish(node.id, duration_ms, visit.count, outputs)

    async def _record_finish(self, node: str, duration_ms: int, count: int, outputs: dict[str, Any]) -> None:
        await self._events.record("node.finished", node=node, duration_ms=duration_ms, count=count, outputs=outputs)


class _Repetition(AbstractContextManager[None]):
    """Counts how many paths that repeat lie around what runs now. One object, because each message enters it."""

    def __init__(self) -> None:
        self.depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1
