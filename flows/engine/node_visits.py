"""What is told of the nodes of a run: when each starts, how it ends, how often it ran. Pure.

A node in a path that repeats tells its start once, and its end when the repeating is over.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from actions.contract.errors import ActionError
from flows.engine.control_flow import NodeFailure
from flows.engine.preview import preview
from flows.events.recorder import EventSink
from flows.graph.plan import PlanNode


@dataclass(slots=True)
class Pass:
    """A node that has been entered: since when and how often it has run, and what it last put out."""

    node: PlanNode
    started_ms: int
    helpers: list[PlanNode] = field(default_factory=list)
    count: int = 0
    output: Any = None
    first_message_ms: int | None = None


class Passes:
    """The nodes of one execution. `repeating` counts the paths that repeat around what runs now."""

    def __init__(self, reports: EventSink) -> None:
        self._reports = reports
        self._entered: dict[str, Pass] = {}
        self._repeated: set[str] = set()
        self.repeating = 0

    def of(self, node: str) -> Pass:
        return self._entered[node]

    def again(self, node: PlanNode) -> Pass | None:
        """Return the pass of a node that a path which repeats has come to before: nothing is told of that."""
        return self._entered.get(node.id) if self.repeating else None

    async def enter(self, node: PlanNode, helpers: Iterable[PlanNode] = ()) -> Pass:
        entered = self._entered[node.id] = Pass(node, self._reports.ms(), list(helpers))
        for started in (node, *entered.helpers):
            await self._reports.record("node.started", node=started.id)
        return entered

    async def leave(self, entered: Pass) -> None:
        entered.count += 1
        if self.repeating:
            self._repeated.add(entered.node.id)
            return
        if self._repeated:
            for inner in [id for id in self._entered if id in self._repeated]:
                await self._finish(self._entered.pop(inner))
            self._repeated.clear()
        await self._finish(entered)

    async def skip(self, node: PlanNode) -> None:
        if node.id not in self._entered:
            self._entered[node.id] = Pass(node, self._reports.ms())
            await self._reports.record("node.skipped", node=node.id, reason="disabled")

    async def fail(self, entered: Pass, error: ActionError) -> None:
        await self._reports.record(
            "node.failed",
            node=entered.node.id,
            code=error.code,
            message=error.message,
            hint=error.hint,
            duration_ms=self._reports.ms() - entered.started_ms,
        )

    async def stop(self, entered: Iterable[Pass], failure: NodeFailure) -> None:
        """Tell that these nodes ended because a node in their paths failed, and the flow goes on elsewhere."""
        error = ActionError("stopped", f"{failure.title} failed in its path.")
        for outer in entered:
            await self.fail(outer, error)

    async def _finish(self, entered: Pass) -> None:
        node = entered.node
        named = entered.output if node.declared else {node.result_variable: entered.output}
        outputs = {name: preview(value) for name, value in (named or {}).items() if name}
        duration = self._reports.ms() - entered.started_ms
        for helper in entered.helpers:
            await self._tell_end(helper.id, duration, entered.count, {})
        await self._tell_end(node.id, duration, entered.count, outputs)

    async def _tell_end(self, node: str, duration_ms: int, count: int, outputs: dict[str, Any]) -> None:
        await self._reports.record("node.finished", node=node, duration_ms=duration_ms, count=count, outputs=outputs)
