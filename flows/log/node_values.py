"""What one node of a run received and gave, read from the events of the run. Pure, over frames."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic_core import to_json

from flows.events.events import KEPT_VALUES, Item, KeptValue, RunEvent, ValuePlace, run_event
from flows.events.fold import NodeState, RunState, create_state, fold
from flows.log.frames import Frame

Side = Literal["received", "gave"]


@dataclass(slots=True)
class FoundValue:
    """A value of a node as the log has it."""

    value: Any
    cut_bytes: int | None = None
    """Its size, when it was too large to be kept: `value` is then the beginning of its JSON."""


@dataclass(slots=True)
class NodeValues:
    """What the events of a run tell of one node."""

    node: str
    input: Mapping[str, Any]
    """The input of the run."""
    run: RunState = field(default_factory=create_state)
    """The state of the run, as far as events of this node and of the run itself tell it."""
    items: list[Item] = field(default_factory=list)
    """What the node yielded, in order: one for each pass."""
    _kept: dict[tuple[str, str, int], dict[str, KeptValue]] = field(default_factory=dict)

    @property
    def state(self) -> NodeState | None:
        """The node's own state; None when the run has not come to it."""
        return self.run["nodes"].get(self.node)

    @property
    def pass_count(self) -> int:
        """How many passes the node has begun."""
        if self.state is None or self.state["state"] == "skipped":
            return 0
        return max(1, self.state["count"], *self.list_kept_passes())

    def list_kept_passes(self) -> list[int]:
        """Return the numbers of the passes whose values are kept in events of their own, in order."""
        return sorted({number for node, _, number in self._kept if node == self.node})

    def find(self, side: Side, number: int) -> dict[str, FoundValue] | None:
        """Return the values of one side and pass, by name; None when no event of their own keeps them."""
        kept = self._kept.get((self.node, side, number))
        return None if kept is None else {name: self._resolve(value) for name, value in kept.items()}

    def find_received_by_caller(self, number: int) -> FoundValue | None:
        """Return what the node gave the caller in a pass: the item it yielded, else the result of the run."""
        if number <= len(self.items):
            return FoundValue(_read_item(self.items[number - 1]))
        is_result = self.run["status"] == "completed" and not self.items
        return FoundValue(self.run["result"]) if is_result else None

    def add(self, frames: Iterable[Frame]) -> None:
        """Take the events of the run; those that tell nothing of the node are not even parsed."""
        fold(self._take_events(frames), self.run)

    def _take_events(self, frames: Iterable[Frame]) -> Iterator[RunEvent]:
        """Yield what belongs to the state of the run; the values are kept aside."""
        name = to_json(self.node)
        marks = (b'"node":' + name, b'"source":' + name)
        for frame in frames:
            if frame.type in KEPT_VALUES:
                self._keep(frame)
            elif frame.type.startswith("run.") or any(mark in frame.data for mark in marks):
                yield self._take_event(frame)

    def _keep(self, frame: Frame) -> None:
        event = run_event.validate_json(frame.data)
        if event["type"] == "node.received":
            self._kept[(event["node"], "received", event["pass_number"])] = event["values"]
        elif event["type"] == "node.gave":
            self._kept[(event["node"], "gave", event["pass_number"])] = event["values"]

    def _take_event(self, frame: Frame) -> RunEvent:
        event = run_event.validate_json(frame.data)
        if event["type"] == "run.restarted":  # what was before does not count
            self._kept.clear()
            self.items.clear()
        if event["type"] == "item" and event["node"] == self.node:
            self.items.append(event)
        return event

    def _resolve(self, kept: KeptValue) -> FoundValue:
        place = kept.get("same_as")
        if place is None:
            return FoundValue(kept.get("value"), kept.get("cut_bytes"))
        return self._follow(place)

    def _follow(self, place: ValuePlace) -> FoundValue:
        value: Any = self.input
        path = place["path"]
        if place["node"] is not None:
            value = self._kept[(place["node"], place["side"], place["pass_number"])][str(path[0])]["value"]
            path = path[1:]
        for step in path:
            value = value[step]
        return FoundValue(value)


def _read_item(item: Item) -> Any:
    """Return the value that was yielded: a message as it came has its text and its index again."""
    if item["source"] is None:
        return item.get("text", item.get("value"))
    citations = item.get("citations")
    return {"text": item.get("text", ""), "index": item["message"], **({"citations": citations} if citations else {})}
