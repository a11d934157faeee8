"""Where the values go that a flow yields: to the caller of the run, as items of its log. Pure."""

from dataclasses import dataclass
from typing import Any, Protocol

from actions.contract.records import MessageChunk
from flows.events.recorder import EventSink


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


class RunItems:
    """The caller of the run: each value is an item. A message that is yielded as it came is told by its item alone."""

    def __init__(self, events: EventSink) -> None:
        self._events = events
        self._count = 0

    async def yield_value(self, node: str, value: Any, current: CurrentMessage | None) -> None:
        source = message = None
        if current and current.is_carried_by(value):
            current.is_yielded = True
            value, source, message = current.message, current.node, current.message["index"]
        if isinstance(value, MessageChunk):
            content = {"text": value["text"]}
            if citations := value.get("citations"):
                content["citations"] = citations
        else:
            content = {"text": value} if isinstance(value, str) else {"value": value}
        index = self._count
        self._count += 1
        await self._events.record("item", index=index, node=node, source=source, message=message, **content)
