"""Where what a flow yields goes: to the caller of the run, as items of its log. Pure."""

from dataclasses import dataclass
from typing import Any, Protocol

from actions.contract.records import MessageChunk
from flows.events.recorder import EventSink


@dataclass(slots=True)
class Delivery:
    """The message whose path is running, and whether it has been yielded as it came."""

    node: str
    message: MessageChunk
    yielded: bool = False

    def carries(self, value: Any) -> bool:
        return not self.yielded and (value is self.message or value == self.message["text"])


class Outlet(Protocol):
    async def give(self, node: str, value: Any, delivery: Delivery | None) -> None:
        """Give away `value`, which `node` yields; mark the delivery when it is the message as it came."""


class Items:
    """The caller of the run. A streamed message that is yielded as it came is told by its item alone."""

    def __init__(self, reports: EventSink) -> None:
        self._reports = reports
        self._given = 0

    async def give(self, node: str, value: Any, delivery: Delivery | None) -> None:
        source = message = None
        if delivery and delivery.carries(value):
            delivery.yielded = True
            source, message = delivery.node, delivery.message["index"]
        text = value if isinstance(value, str) else value["text"] if isinstance(value, MessageChunk) else None
        content = {"value": value} if text is None else {"text": text}
        index = self._given
        self._given += 1
        await self._reports.record("item", index=index, node=node, source=source, message=message, **content)
