"""The answer as it grows: events of the API go in, parts and the whole message come out.

Pure. Events are the API's own JSON, told apart by `type`; types that are not known here are left out, as the
API asks. The order of a typical answer: message_start, then per block content_block_start,
content_block_delta…, content_block_stop, then message_delta with the stop reason, then message_stop.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.anthropic.stream.parts import BlockStart, BlockStop, Citation, Part, Stop, TextDelta, ThinkingDelta

Event = Mapping[str, Any]

# Blocks after whose start the API may be silent for long: the model thinks, or a tool of the API's own is at
# work.
SILENT = frozenset({"thinking", "redacted_thinking", "server_tool_use"})


class MessageError(ValueError):
    """The events do not add up to a message."""


class ErrorEvent(Exception):
    """The API gave up, and said why in an event."""

    def __init__(self, event: Event) -> None:
        super().__init__("The API sent an error event.")
        self.event = event


@dataclass(slots=True)
class UsageCounts:
    """Tokens of one call. None is unknown: the API tells the output only at the end."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None

    def update(self, told: Mapping[str, Any]) -> None:
        """Take over the counts that are told; they are cumulative."""
        for name in self.__slots__:
            if isinstance(told.get(name), int):
                setattr(self, name, told[name])


class ApiMessage:
    """One answer. `apply` takes the events in their order; the rest may be read at any time, also after a
    failure."""

    def __init__(self, silent: bool = False) -> None:
        self.id: str | None = None
        self.model: str | None = None
        self.usage = UsageCounts()
        self.stop: Stop | None = None
        self.silent = silent
        """Whether silence is natural now, because the model thinks or a tool of the API's own is at work."""
        self._blocks: dict[int, dict[str, Any]] = {}
        self._open: dict[int, list[str]] = {}
        self._delta: Event = {}
        self._started = False

    @property
    def content(self) -> list[dict[str, Any]]:
        """The blocks that are complete, in their order, each as the API expects it back in the history."""
        return [block for index, block in sorted(self._blocks.items()) if index not in self._open]

    @property
    def text(self) -> str:
        return self._join_blocks("text")

    @property
    def thinking(self) -> str:
        return self._join_blocks("thinking")

    def apply(self, event: Event) -> Part | None:
        """Take one event and return the part it makes, or None; raise MessageError when it fits nothing
        before it, and ErrorEvent when it is one."""
        handler = _EVENTS.get(event["type"])
        return handler(self, event) if handler else None

    def _join_blocks(self, kind: str) -> str:
        return "".join(
            "".join(self._open[index]) if index in self._open else block.get(kind) or ""
            for index, block in sorted(self._blocks.items())
            if block["type"] == kind
        )

    def _apply_message_start(self, event: Event) -> None:
        if self._started:
            return
        message = event["message"]
        self._started = True
        self.id, self.model = message.get("id"), message.get("model")
        usage = {**(message.get("usage") or {})}
        usage.pop("output_tokens", None)  # a first estimate: billed is what message_delta tells
        if not any(usage.get(name) for name in UsageCounts.__slots__):
            usage = {}  # a gateway that counts only at the end says 0 here
        self.usage.update(usage)

    def _apply_block_start(self, event: Event) -> Part:
        index, block = event["index"], dict(event["content_block"])
        if not self._started or index in self._blocks:
            raise MessageError("A block begins twice, or before the message.")
        self._blocks[index] = block
        beginning = block.get(block["type"])
        self._open[index] = [beginning] if isinstance(beginning, str) else []
        self.silent = block["type"] in SILENT
        return BlockStart(index, block["type"])

    def _apply_block_delta(self, event: Event) -> Part | None:
        delta = event["delta"]
        if delta["type"] == "text_delta":
            text: str = delta["text"]
            self._get_pieces(event).append(text)
            return TextDelta(text) if text else None
        handler = _DELTAS.get(delta["type"])
        return handler(self, event, delta) if handler else None

    def _get_pieces(self, event: Event) -> list[str]:
        try:
            return self._open[event["index"]]
        except KeyError:
            raise MessageError("A delta came for a block that is not open.") from None

    def _apply_thinking_delta(self, event: Event, delta: Event) -> Part | None:
        text: str = delta["thinking"]
        self._get_pieces(event).append(text)
        return ThinkingDelta(text) if text else None

    def _apply_signature_delta(self, event: Event, delta: Event) -> None:
        self._get_pieces(event)
        self._blocks[event["index"]]["signature"] = delta["signature"]

    def _apply_input_json_delta(self, event: Event, delta: Event) -> None:
        self._get_pieces(event).append(delta["partial_json"])

    def _apply_citations_delta(self, event: Event, delta: Event) -> Part:
        self._get_pieces(event)
        block = self._blocks[event["index"]]
        block["citations"] = [*(block.get("citations") or []), delta["citation"]]
        return Citation(event["index"], delta["citation"])

    def _apply_block_stop(self, event: Event) -> Part:
        self._get_pieces(event)
        return self._close(event["index"])

    def _close(self, index: int) -> BlockStop:
        block, whole = self._blocks[index], "".join(self._open.pop(index))
        if block["type"] in ("text", "thinking"):
            block[block["type"]] = whole
        elif "input" in block and whole:
            block["input"] = json.loads(whole)
        self.silent = block["type"] == "server_tool_use"
        return BlockStop(index, block)

    def _apply_message_delta(self, event: Event) -> None:
        self._delta = {**self._delta, **event["delta"]}
        self.usage.update(event.get("usage") or {})

    def _raise_error(self, event: Event) -> Part:
        raise ErrorEvent(event)

    def _apply_message_stop(self, event: Event) -> Part:
        reason = self._delta.get("stop_reason")
        if not self._started or not reason:
            raise MessageError("The message stopped without a reason.")
        for index in sorted(self._open):
            self._close(index)
        details = self._delta.get("stop_details") or {}
        self.stop = Stop(reason, self._delta.get("stop_sequence"), details.get("category"))
        return self.stop


_EVENTS: dict[str, Callable[[ApiMessage, Event], Part | None]] = {
    "content_block_delta": ApiMessage._apply_block_delta,
    "content_block_start": ApiMessage._apply_block_start,
    "content_block_stop": ApiMessage._apply_block_stop,
    "message_start": ApiMessage._apply_message_start,
    "message_delta": ApiMessage._apply_message_delta,
    "message_stop": ApiMessage._apply_message_stop,
    "error": ApiMessage._raise_error,
}
_DELTAS: dict[str, Callable[[ApiMessage, Event, Event], Part | None]] = {
    "thinking_delta": ApiMessage._apply_thinking_delta,
    "signature_delta": ApiMessage._apply_signature_delta,
    "input_json_delta": ApiMessage._apply_input_json_delta,
    "citations_delta": ApiMessage._apply_citations_delta,
}
