"""Writes a run as the events of AG-UI 1.0. Pure."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from pydantic_core import from_json, to_json

from actions.contract.records import render
from flows.events.events import TERMINAL
from flows.log.frames import Frame
from flows.protocols.ag_ui.open_calls import NO_CALLS, OpenCalls
from flows.protocols.encoder import (
    Encoder,
    Mapped,
    YieldedPiece,
    describe_error,
    read_counts,
    read_error,
    read_piece,
    read_result,
    read_text_json,
    write_data,
)

PROTOCOL_VERSION = "1.0"

MessageKind = Literal["text", "thinking"]
CONTENTS: Mapping[MessageKind, str] = {"text": "TEXT_MESSAGE_CONTENT", "thinking": "REASONING_MESSAGE_CONTENT"}


class OpenMessage(NamedTuple):
    """The message that is written."""

    kind: MessageKind
    id: str
    delta_bytes: bytes
    """The beginning of a delta."""


class AgentState(NamedTuple):
    """What the next event depends on."""

    thread: str
    run: str
    """As the caller names it."""
    own_run: str
    """The id of the run, with which the ids of its messages begin: a thread has many runs."""
    begun: int
    """How many messages and calls of tools have begun."""
    message: OpenMessage | None
    calls: OpenCalls
    """The steps of tools that have no output yet."""
    has_yielded: bool


class AgentEvents(Encoder[AgentState]):
    """One yielded text is one delta. A message ends where something else begins that a page draws below it."""

    mapped = (
        Mapped("`threadId`", "`session_id` of the trigger"),
        Mapped("last `user` message", "`prompt`"),
        Mapped("earlier `user` and `assistant` messages", "`history`: their text"),
        Mapped("`system` and `developer` messages", "`instructions`, joined by an empty line"),
        Mapped("`image` and `document` parts of the last message, with `data` or a `url`", "`files`"),
        Mapped("`context`", "`context`: the same list"),
        Mapped("`runId`", "the `runId` of the events; the run's own id is `metadata.run` of `RUN_STARTED`"),
        Mapped("header `Idempotency-Key`", "the same run for the same call"),
        Mapped("`state`, `tools`, `forwardedProps` and all other fields", "ignored"),
        Mapped("`tool`, `reasoning` and `activity` messages; other parts of earlier messages", "ignored"),
        Mapped("`resume`, other parts of the last message", "refused"),
        Mapped("yielded text", "`TEXT_MESSAGE_CONTENT`"),
        Mapped("yielded value that is no text", "`CUSTOM`, named `data`"),
        Mapped("what the flow returns, when it has yielded nothing", "`TEXT_MESSAGE_CONTENT`"),
        Mapped("what the flow returns", "`result` of `RUN_FINISHED`"),
        Mapped("citations", "`CUSTOM`, named `source`, with the fields of a citation"),
        Mapped("why the answer ended", "`metadata.finishReason` of `RUN_FINISHED`"),
        Mapped("usage of all models of the run", "`usage` of `RUN_FINISHED` and `RUN_ERROR`"),
        Mapped("failure before or after the first words, drain", "`RUN_ERROR` with the error's `code`"),
        Mapped("cancel", "`RUN_FINISHED` with the outcome `cancelled`"),
        Mapped("client that leaves", "cancels the run"),
    )

    kinds = {
        "thinking": "`REASONING_MESSAGE_CONTENT`",
        "source": "`CUSTOM`, named `source`",
        "data": "`CUSTOM`, named `data`",
        "tool": "`TOOL_CALL_START`, `_ARGS` and `_END`, and `TOOL_CALL_RESULT` when it has an output",
    }

    def __init__(self, thread: str, run: str) -> None:
        super().__init__(AgentState(thread, run, "", 0, None, NO_CALLS, has_yielded=False))

    @staticmethod
    def encode_frame(state: AgentState, frame: Frame) -> tuple[bytes, AgentState]:
        if frame.type == "item":
            message = state.message
            if message and message.kind == "text" and (text := read_text_json(frame)):
                return b"".join((message.delta_bytes, text, b"}\n\n")), state
            return _write_item(state, frame)
        if frame.type == "run.started":
            own_run = from_json(frame.data)["run"]
            begin = {"type": "RUN_STARTED", **_name_run(state), "protocolVersion": PROTOCOL_VERSION}
            return write_data({**begin, "metadata": {"run": own_run}}), state._replace(own_run=own_run)
        if frame.type in TERMINAL:
            return _write_end(state, frame)
        return b"", state


def _name_run(state: AgentState) -> dict[str, str]:
    return {"threadId": state.thread, "runId": state.run}


def _write_item(state: AgentState, frame: Frame) -> tuple[bytes, AgentState]:
    piece = read_piece(frame)
    if piece.kind is None and not state.has_yielded:
        state = state._replace(has_yielded=True)
    if piece.thinking:
        return _write_text(state, "thinking", piece.thinking)
    if piece.kind == "data":
        return _write_custom("data", piece.value), state
    if piece.kind == "tool":
        return _write_tool(state, piece.value)
    if b'"value":' in frame.data and piece.kind is None and "text" not in (event := from_json(frame.data)):
        return _write_custom("data", event.get("value")), state
    return _write_answer(state, piece)


def _write_answer(state: AgentState, piece: YieldedPiece) -> tuple[bytes, AgentState]:
    written, state = _write_text(state, "text", piece.text)
    return written + b"".join(_write_custom("source", citation) for citation in piece.citations), state


def _write_custom(name: str, value: Any) -> bytes:
    return write_data({"type": "CUSTOM", "name": name, "value": value})


def _write_text(state: AgentState, kind: MessageKind, text: str) -> tuple[bytes, AgentState]:
    if not text:
        return b"", state
    begin, state, message = _open_message(state, kind)
    return b"".join((begin, message.delta_bytes, to_json(text), b"}\n\n")), state


def _open_message(state: AgentState, kind: MessageKind) -> tuple[bytes, AgentState, OpenMessage]:
    """Return the bytes that end a message of another kind and begin one of this kind, when none is open."""
    if state.message and state.message.kind == kind:
        return b"", state, state.message
    closed, state = _close_message(state)
    id, state = _create_id(state)
    delta = {"type": CONTENTS[kind], "messageId": id}
    message = OpenMessage(kind, id, b"data: " + to_json(delta)[:-1] + b',"delta":')
    if kind == "text":
        begin = write_data({"type": "TEXT_MESSAGE_START", "messageId": id, "role": "assistant"})
    else:
        begin = write_data({"type": "REASONING_START", "messageId": id})
        begin += write_data({"type": "REASONING_MESSAGE_START", "messageId": id, "role": "reasoning"})
    return closed + begin, state._replace(message=message), message


def _close_message(state: AgentState) -> tuple[bytes, AgentState]:
    if state.message is None:
        return b"", state
    kind, id, _ = state.message
    state = state._replace(message=None)
    if kind == "text":
        return write_data({"type": "TEXT_MESSAGE_END", "messageId": id}), state
    end = write_data({"type": "REASONING_MESSAGE_END", "messageId": id})
    return end + write_data({"type": "REASONING_END", "messageId": id}), state


def _create_id(state: AgentState) -> tuple[str, AgentState]:
    return f"{state.own_run}-{state.begun}", state._replace(begun=state.begun + 1)


def _write_tool(state: AgentState, step: Mapping[str, Any]) -> tuple[bytes, AgentState]:
    """Return a call that begins, unless the step was told before, and its result when there is one."""
    written, state = _close_message(state)
    call = state.calls.find(step["id"])
    if call is None:
        call, state = _create_id(state)
        written += _write_call(call, step)
        state = state._replace(calls=state.calls.begin(step["id"], call))
    if step["output"] is None:
        return written, state
    result, state = _write_result(state, call, render(step["output"]))
    return written + result, state._replace(calls=state.calls.end(step["id"]))


def _write_call(call: str, step: Mapping[str, Any]) -> bytes:
    given = to_json(step["input"] or {}).decode()
    start = {"type": "TOOL_CALL_START", "toolCallId": call, "toolCallName": step["name"]}
    arguments = {"type": "TOOL_CALL_ARGS", "toolCallId": call, "delta": given}
    return write_data(start) + write_data(arguments) + write_data({"type": "TOOL_CALL_END", "toolCallId": call})


def _write_result(state: AgentState, call: str, content: str) -> tuple[bytes, AgentState]:
    id, state = _create_id(state)
    result = {"type": "TOOL_CALL_RESULT", "messageId": id, "toolCallId": call, "content": content}
    return write_data(result), state


def _answer_calls(state: AgentState) -> tuple[bytes, AgentState]:
    """Return results for the steps that got none: a page would take such a call for one that it is to answer."""
    written = []
    for _, call in state.calls.split():
        result, state = _write_result(state, call, "")
        written.append(result)
    return b"".join(written), state._replace(calls=NO_CALLS)


def _write_end(state: AgentState, frame: Frame) -> tuple[bytes, AgentState]:
    event, text = from_json(frame.data), b""
    if frame.type == "run.completed":
        text, state = _write_text(state, "text", read_result(event, state.has_yielded))
    closed, state = _close_message(state)
    answered, state = _answer_calls(state)
    return text + closed + answered + write_data(_build_end(state, frame, event)), state


def _build_end(state: AgentState, frame: Frame, event: Mapping[str, Any]) -> dict[str, Any]:
    usage = _build_usage(event)
    if frame.type == "run.completed":
        finish = event.get("finish_kind")
        shown = {"result": event["result"]} if event["result"] is not None else {}
        reason = {"metadata": {"finishReason": finish}} if finish else {}
        return {"type": "RUN_FINISHED", **_name_run(state), **shown, **reason, **usage}
    if frame.type == "run.cancelled":
        return {"type": "RUN_FINISHED", **_name_run(state), "outcome": {"type": "cancelled"}, **usage}
    error = read_error(frame)
    return {"type": "RUN_ERROR", "message": describe_error(error), "code": error["code"], **usage}


def _build_usage(event: Mapping[str, Any]) -> dict[str, Any]:
    """Return the field `usage`; nothing when no model was called."""
    if not event.get("usage"):
        return {}
    counts = read_counts(event)
    told = {
        "inputTokens": counts.whole_input,
        "outputTokens": counts.output,
        "totalTokens": counts.whole_input + counts.output,
        "cachedInputTokens": counts.cache_read,
        "cacheWriteInputTokens": counts.cache_write,
    }
    return {"usage": [told]}
