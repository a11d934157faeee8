"""The answer as it grows: events of the API go in, parts and the whole message come out.

Pure. Events are the API's own JSON, told apart by `type`; types that are not known here are left out, as the
API asks. The order of a typical answer: message_start, then per block content_block_start,
content_block_delta…, content_block_stop, then message_delta with the stop reason, then message_stop.

What the parts say and what the message holds is the same text in the same order. Events for which that cannot be so,
such as text for a block of thinking, raise MessageError.
"""

from collections.abc import Callable, Mapping
from typing import Any

from actions.anthropic.stream.error_body import is_error, is_error_list
from actions.anthropic.stream.message_error import ErrorEvent, ForeignAnswer, MessageError
from actions.anthropic.stream.parts import (
    BlockStart,
    BlockStop,
    Citation,
    MessageStart,
    Part,
    Stop,
    TextDelta,
    ThinkingDelta,
)
from actions.anthropic.stream.usage_counts import UsageCounts
from actions.contract.json_values import NoJsonValue, build_json_value, parse_json_value
from actions.contract.model_calls import CallOutcome

Event = Mapping[str, Any]

# Blocks after whose start the API may be silent for long: the model thinks, or a tool of the API's own is at
# work.
SILENT = frozenset({"thinking", "redacted_thinking", "server_tool_use"})
WRITTEN = ("text", "thinking")
"""Blocks whose content is written piece by piece, under their own name."""
CUT_REASONS = frozenset({"max_tokens", "model_context_window_exceeded", "refusal"})
"""Stop reasons after which a block may be half."""


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
        """The blocks by the API's number, in the order in which they began."""
        self._open: dict[int, list[str]] = {}
        """Of each block that has not ended, the pieces so far."""
        self._open_text: dict[int, list[str]] = {}
        """The pieces of the open block of text that began last: only it may grow, else the order would be lost."""
        self._cut: set[int] = set()
        """Calls of a tool whose input is half."""
        self._delta: Event = {}
        self.started = False
        """Whether the API has begun to answer."""

    @property
    def content(self) -> list[dict[str, Any]]:
        """The blocks that are complete, in their order, each as the API expects it back in the history."""
        return [block for index, block in self._blocks.items() if index not in self._open and index not in self._cut]

    @property
    def content_so_far(self) -> list[dict[str, Any]]:
        """The same, with what has come of a text that is not complete."""
        blocks = []
        for index, block in self._blocks.items():
            pieces = self._open.get(index)
            if pieces is None and index not in self._cut:
                blocks.append(block)
            elif pieces is not None and block["type"] == "text" and any(pieces):
                blocks.append({**block, "text": "".join(pieces)})
        return blocks

    @property
    def text(self) -> str:
        return self._join_blocks("text")

    @property
    def thinking(self) -> str:
        return self._join_blocks("thinking")

    def apply(self, event: Event) -> Part | None:
        """Take one event and return the part it makes, or None; raise MessageError when it fits nothing
        before it, and ErrorEvent when it is one. After the end of the answer no event changes anything."""
        try:
            return _EVENTS.get(event["type"], _pass_over)(self, event)
        except (LookupError, TypeError, AttributeError):
            raise _build_misfit(event) from None

    def add_text(self, event: Event) -> str | None:
        """Take one event if it is a piece of text that fits, and return the text; None for any other.

        It is what `apply` does with the one kind of event that comes in hundreds; all others are for `apply`.
        """
        try:
            delta = event["delta"]
            text = delta["text"]
            if event["type"] != "content_block_delta" or delta["type"] != "text_delta" or type(text) is not str:
                return None
            self._open_text[event["index"]].append(text)
        except (LookupError, TypeError):
            return None
        return text

    @property
    def is_writing_text(self) -> bool:
        """Whether pieces of text may follow."""
        return bool(self._open_text)

    def describe_outcome(self) -> CallOutcome:
        """Return what a watcher of the call is told of the answer, as far as it has come."""
        usage = self.usage
        read = (usage.input_tokens, usage.cache_read_input_tokens, usage.cache_creation_input_tokens)
        return CallOutcome(
            response_id=self.id,
            response_model=self.model,
            finish_reason=self.stop.reason if self.stop else None,
            input_tokens=None if usage.input_tokens is None else sum(each or 0 for each in read),
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_input_tokens,
            cache_write_tokens=usage.cache_creation_input_tokens,
        )

    def infer_stop(self) -> Stop | None:
        """End an answer that is complete but for its message_stop, and return its end; None when it is not.

        Complete is an answer whose blocks have ended, with a stop reason and the count of its output.
        """
        is_half = self._open or (self._cut and self._delta.get("stop_reason") not in CUT_REASONS)
        if is_half or not self._delta.get("stop_reason") or self.usage.output_tokens is None:
            return None
        return self._end(is_inferred=True)

    def _join_blocks(self, kind: str) -> str:
        return "".join(
            "".join(self._open[index]) if index in self._open else block.get(kind) or ""
            for index, block in self._blocks.items()
            if block["type"] == kind
        )

    def _apply_message_start(self, event: Event) -> Part | None:
        if self.started:
            return None
        message = event["message"]
        if any(block.get(block["type"]) for block in message.get("content") or ()):
            raise MessageError("message_start holds content already")
        self.started = True
        self.id, self.model = _as_text(message.get("id")), _as_text(message.get("model"))
        if reason := _as_text(message.get("stop_reason")):
            self._delta = {"stop_reason": reason, "stop_sequence": message.get("stop_sequence")}
        self.usage.begin(message.get("usage"))
        return MessageStart(self.id, self.model, UsageCounts(**self.usage.list_counts()))

    def _apply_block_start(self, event: Event) -> Part:
        index, block = event["index"], _build_object(event["content_block"], "content_block_start")
        kind, citations = block["type"], tuple({**citation} for citation in block.get("citations") or ())
        if not self.started or self.stop or index in self._blocks or not isinstance(kind, str):
            raise _build_misfit(event)
        beginning = (block.get(kind) or "") if kind in WRITTEN else ""
        pieces = [beginning + ""]
        self._blocks[index], self._open[index] = block, pieces
        if kind == "text":
            self._open_text = {index: pieces}
        self.silent = kind in SILENT
        return BlockStart(index, kind, beginning, citations)

    def _apply_block_delta(self, event: Event) -> Part | None:
        delta = event["delta"]
        if delta["type"] == "text_delta":
            text = delta["text"]
            if type(text) is not str:
                raise _build_misfit(event)
            self._open_text[event["index"]].append(text)
            return TextDelta(text) if text else None
        handler = _DELTAS.get(delta["type"])
        return handler(self, event, delta) if handler else None

    def _apply_thinking_delta(self, event: Event, delta: Event) -> Part | None:
        text = delta["thinking"]
        self._get_pieces(event, "thinking").append(text + "")
        return ThinkingDelta(text) if text else None

    def _apply_signature_delta(self, event: Event, delta: Event) -> None:
        self._get_pieces(event, "thinking")
        block, signature = self._blocks[event["index"]], delta["signature"]
        block["signature"] = (block.get("signature") or "") if signature is None else signature + ""

    def _apply_input_json_delta(self, event: Event, delta: Event) -> None:
        if self._blocks[event["index"]]["type"] in WRITTEN:
            raise _build_misfit(event)
        self._open[event["index"]].append(delta["partial_json"] + "")

    def _apply_citations_delta(self, event: Event, delta: Event) -> Part:
        self._get_pieces(event, "text")
        block, citation = self._blocks[event["index"]], _build_object(delta["citation"], "citations_delta")
        block["citations"] = [*(block.get("citations") or []), citation]
        return Citation(event["index"], citation)

    def _get_pieces(self, event: Event, kind: str) -> list[str]:
        if self._blocks[event["index"]]["type"] != kind:
            raise _build_misfit(event)
        return self._open[event["index"]]

    def _apply_block_stop(self, event: Event) -> Part | None:
        """End a block. A gateway may say it twice."""
        index = event["index"]
        return None if index in self._blocks and index not in self._open else self._close(index)

    def _close(self, index: int) -> BlockStop:
        whole, block = "".join(self._open.pop(index)), self._blocks[index]
        self._open_text.pop(index, None)
        if block["type"] in WRITTEN:
            block[block["type"]] = whole
        elif whole:
            self._close_call(index, block, whole)
        self.silent = block["type"] == "server_tool_use"
        return BlockStop(index, block)

    def _close_call(self, index: int, block: dict[str, Any], written: str) -> None:
        """Keep the input of a tool. Whether one that cannot be read was cut or is wrong, the stop reason tells."""
        try:
            block["input"] = {**parse_json_value(written)}
        except (ValueError, TypeError):
            self._cut.add(index)

    def _apply_message_delta(self, event: Event) -> None:
        """Take over what is told. A gateway may send several of these, and tell the reason in one of them only: the
        others have null there, or an empty text."""
        delta = {name: value for name, value in (event.get("delta") or {}).items() if value not in (None, "")}
        if self.stop or not self.started or not isinstance(delta.get("stop_reason", ""), str):
            raise _build_misfit(event)
        self._delta = {**self._delta, **delta}
        self.usage.update(event.get("usage"))

    def _raise_error(self, event: Event) -> Part:
        raise ErrorEvent(event)

    def _apply_message_stop(self, event: Event) -> Part:
        if self.stop or not self.started or not self._delta.get("stop_reason"):
            raise _build_misfit(event)
        for index in list(self._open):
            self._close(index)
        return self._end(is_inferred=False)

    def _end(self, is_inferred: bool) -> Stop:
        reason = self._delta["stop_reason"]
        if self._cut and reason not in CUT_REASONS:
            raise MessageError(f"the input of block {min(self._cut)} is no JSON object at its content_block_stop")
        details = self._delta.get("stop_details") or {}
        category = _as_text(details.get("category")) if isinstance(details, Mapping) else None
        self.stop = Stop(reason, _as_text(self._delta.get("stop_sequence")), category, is_inferred)
        return self.stop


def _pass_over(message: ApiMessage, event: Event) -> None:
    """Leave out an event of a type that is not known here; raise ErrorEvent for an error under its own name."""
    if is_error(event):
        raise ErrorEvent(event)
    if event["type"].endswith("_error"):
        raise ErrorEvent({"error": event})


def _build_object(value: Any, name: str) -> dict[str, Any]:
    """Return an object of an event as a flow can carry it. It is copied: what it holds may be changed."""
    try:
        built: dict[str, Any] = build_json_value({**value})
    except NoJsonValue as error:
        raise MessageError(f"a {name} holds what a flow cannot carry: {error}") from None
    return built


def _as_text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _build_misfit(event: Any) -> Exception:
    """Return the error of an event that fits nothing before it. It repeats no text of the event but known words."""
    if not isinstance(event, Mapping):
        return ErrorEvent(event[0]) if is_error_list(event) else MessageError("an event is no object")
    if is_error(event) and "type" not in event:
        return ErrorEvent(event)
    if str(event.get("object")).startswith("chat.completion"):
        return ForeignAnswer("text/event-stream")
    name = event.get("type")
    if not isinstance(name, str) or name not in _EVENTS:
        return MessageError("an event has no type")
    delta, index = event.get("delta"), event.get("index")
    kind = delta.get("type") if isinstance(delta, Mapping) else None
    what = f"{name} ({kind})" if isinstance(kind, str) and (kind in _DELTAS or kind == "text_delta") else name
    where = f" for block {index}" if type(index) is int else ""
    return MessageError(f"{what}{where} does not fit what came before it")


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
