"""The events of a run as a visitor of a chat page reads them: why it failed is told in words for a stranger. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic_core import from_json, to_json

from actions.contract.error_class import Fault
from flows.log.frames import Frame
from flows.wire.sse import ServerSentEvents

WORDS: Mapping[Fault | None, str] = {
    "flow": "This chat has a problem. Whoever looks after it can see which one.",
    "connection": "This chat has a problem. Whoever looks after it can see which one.",
    "vendor": "The model did not answer.",
    "server": "The server could not finish the answer.",
    None: "The answer could not be finished.",
}
"""What is said of a failure, by who can put it right. What the visitor can put right is said as it is."""


class VisitorEvents(ServerSentEvents):
    """Server-sent events. The error of a flow may name connections and models, which are not for strangers."""

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return super().encode(hide_reason(frame) for frame in frames)


def hide_reason(frame: Frame) -> Frame:
    """Return the frame; one that ends a failed run without the details of the failure."""
    if frame.type != "run.failed":
        return frame
    event = from_json(frame.data)
    return frame._replace(data=to_json({**event, **describe_failure(event), "node": None, "usage": None}))


def describe_failure(error: Mapping[str, Any]) -> dict[str, Any]:
    """Return the message and the hint of an error for a visitor."""
    fault = error.get("fault")
    if fault == "caller":
        return {"message": error["message"], "hint": error["hint"]}
    hint = "Try again in a moment." if error.get("retryable") else None
    return {"message": WORDS.get(fault, WORDS[None]), "hint": hint}
