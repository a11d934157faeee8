"""Where the values go that a flow yields: to the caller of the run, as items of its log. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from actions.contract.properties import CallerKinds
from actions.contract.records import MessageChunk, render
from actions.contract.steps import PartKind
from flows.engine.secret_values import hide_texts
from flows.events.recorder import EventSink

PARTS: Mapping[CallerKinds, frozenset[PartKind]] = {
    "all": frozenset(("thinking", "source", "data", "tool")),
    "answer": frozenset(("source", "data")),
    "text": frozenset(),
}
"""What callers receive beside the text of an answer."""
MAX_HELD_BACK_CHARACTERS = 1_000
"""Of a value that callers do not receive: its beginning is a line of the run's log."""


@dataclass(slots=True)
class CurrentMessage:
    """The streamed message whose path is running."""

    node: str
    """The id of the node that streamed it."""
    message: MessageChunk
    is_yielded: bool = False
    """Whether a step yielded the message unchanged: then it is recorded as an `item`, and not as `node.message`."""

    def is_carried_by(self, value: Any) -> bool:
        """Whether `value` is the message as it came, not yielded yet."""
        return not self.is_yielded and (value is self.message or value == self.message["text"])


class YieldSink(Protocol):
    """Takes what one flow yields."""

    async def yield_value(self, node: str, value: Any, current: CurrentMessage | None) -> None:
        """Take `value`, which the node of this id yields; mark `current` when the value is that message as it came.

        Returns when the value is taken, so that a slow taker slows the flow.
        """

    async def yield_part(self, node: str, kind: PartKind, value: Any) -> None:
        """Take a value that is no text of the answer, as `yield_value` does."""


class RunItems:
    """The caller of the run: each value is an item. A message that is yielded as it came is told by its item alone."""

    def __init__(self, events: EventSink, kinds: CallerKinds = "all", secrets: Iterable[str] = ()) -> None:
        """`secrets` are texts to hide in what is cut: the beginning of one is not found any more."""
        self._events = events
        self._secrets = secrets
        self._parts = PARTS[kinds]
        self._count = 0

    async def yield_value(self, node: str, value: Any, current: CurrentMessage | None) -> None:
        source = message = None
        if current is not None and current.is_carried_by(value):
            current.is_yielded = True
            value, source = current.message, current.node
            message = value["index"]
        index = self._count
        self._count = index + 1
        content = _describe_value(value)
        await self._events.record("item", index=index, node=node, source=source, message=message, **content)

    async def yield_part(self, node: str, kind: PartKind, value: Any) -> None:
        if kind not in self._parts:
            shown = hide_texts(render(value), self._secrets)[:MAX_HELD_BACK_CHARACTERS]
            message = f"The trigger keeps this from callers ({kind}): {shown}"
            await self._events.record("log", node=node, level="info", message=message)
            return
        index = self._count
        self._count = index + 1
        await self._events.record("item", index=index, node=node, source=None, message=None, kind=kind, value=value)


def _describe_value(value: Any) -> dict[str, Any]:
    if isinstance(value, MessageChunk):
        if "citations" in value and (citations := value["citations"]):
            return {"text": value["text"], "citations": citations}
        return {"text": value["text"]}
    return {"text": value} if isinstance(value, str) else {"value": value}
