"""`fold(events)`: the state of a run, from its events alone. The browser has the same function.

Golden runs in `tests/runs/` hold both to the same result. Pure: no Django, no I/O.
"""

from collections.abc import Iterable
from typing import Literal, assert_never

from pydantic import with_config
from typing_extensions import TypedDict

from actions.contract.error_class import Fault
from actions.contract.shapes import Json
from actions.contract.steps import FinishKind
from flows.events.events import (
    STRICT,
    Item,
    Log,
    LogLevel,
    NodeFailed,
    RunEvent,
    RunFailed,
    RunRestarted,
    RunStarted,
    Terminal,
    Usage,
    Warning,
    add_usage,
)

MAX_TEXT_CHARACTERS = 2_000_000
"""Of a text that a state holds. One that is cut ends in `…`; its events have all of it."""

RunStatus = Literal["waiting", "running", "completed", "failed", "cancelled", "interrupted"]
NodeStatus = Literal["running", "done", "failed", "skipped", "cancelled", "interrupted"]


@with_config(STRICT)
class Shape(TypedDict):
    """What the state and its parts hold, and nothing beside it."""


class NodeError(Shape):
    """What went wrong. Who can put it right, and whether to try again, is null in runs older than these facts."""

    code: str
    message: str
    hint: str | None
    fault: Fault | None
    retryable: bool | None
    retry_after_s: int | None


class RunError(NodeError):
    node: str | None


class NodeState(Shape):
    state: NodeStatus
    started_ms: int
    duration_ms: int | None
    count: int
    messages: int
    first_message_ms: int | None
    text: str
    outputs: dict[str, Json]
    error: NodeError | None


class LogLine(Shape):
    ms: int
    node: str
    level: LogLevel
    message: str


class WarningLine(Shape):
    ms: int
    node: str
    code: str
    message: str
    hint: str | None
    property: str | None


class RunState(Shape):
    status: RunStatus
    seq: int
    simulator: bool
    started_at: str | None
    duration_ms: int | None
    first_item_ms: int | None
    items: int
    text: str
    result: Json
    finish_reason: str | None
    finish_kind: FinishKind | None
    error: RunError | None
    usage: Usage | None
    nodes: dict[str, NodeState]
    logs: list[LogLine]
    warnings: list[WarningLine]


def create_state() -> RunState:
    return {
        "status": "waiting",
        "seq": 0,
        "simulator": False,
        "started_at": None,
        "duration_ms": None,
        "first_item_ms": None,
        "items": 0,
        "text": "",
        "result": None,
        "finish_reason": None,
        "finish_kind": None,
        "error": None,
        "usage": None,
        "nodes": {},
        "logs": [],
        "warnings": [],
    }


def fold(events: Iterable[RunEvent], state: RunState | None = None) -> RunState:
    """Return `state` (a new run by default) after `events`; the state given is changed in place.

    Events that the state has already seen are ignored, so that a resumed reader may overlap.
    """
    state = state or create_state()
    texts = _GrowingTexts()
    for event in events:
        if event["seq"] > state["seq"]:
            state["seq"] = event["seq"]
            _apply(state, event, texts)
    texts.join()
    return state


class _GrowingTexts:
    """The pieces of the texts that grow while events are folded, joined once: else each piece would copy a text."""

    def __init__(self) -> None:
        self._pieces: dict[int, tuple[RunState | NodeState, list[str]]] = {}

    def add(self, owner: "RunState | NodeState", text: str) -> None:
        self._pieces.setdefault(id(owner), (owner, []))[1].append(text)

    def clear(self) -> None:
        self._pieces.clear()

    def join(self) -> None:
        """Add the pieces to their texts, of which each is cut where it is too long to be shown whole."""
        for owner, pieces in self._pieces.values():
            text = owner["text"] + "".join(pieces)
            owner["text"] = text if len(text) <= MAX_TEXT_CHARACTERS else text[:MAX_TEXT_CHARACTERS] + "…"


def _apply(state: RunState, event: RunEvent, texts: _GrowingTexts) -> None:  # one arm for each event, in one place
    match event["type"]:
        case "run.started" | "run.restarted":
            texts.clear()
            _begin(state, event)
        case "node.started":
            state["nodes"][event["node"]] = _create_node(event["ms"])
        case "node.message":
            _add_message(state, event["node"], event["ms"], event["text"], texts)
        case "item":
            _add_item(state, event, texts)
        case "node.finished":
            node = _get_node(state, event["node"], event["ms"])
            node["state"], node["duration_ms"] = "done", event["duration_ms"]
            node["count"], node["outputs"] = event["count"], event["outputs"]
        case "node.skipped":
            state["nodes"][event["node"]] = _create_node(event["ms"], "skipped", 0)
        case "node.failed":
            node = _get_node(state, event["node"], event["ms"])
            node["state"], node["duration_ms"] = "failed", event["duration_ms"]
            node["error"] = _build_error(event)
        case "log" | "warning":
            _add_line(state, event)
        case "answer.started" | "node.received" | "node.gave":
            pass  # the usage event tells the counts of an answer again; the state holds no value whole
        case "usage":
            state["usage"] = add_usage(state["usage"], event)
        case "run.completed" | "run.failed" | "run.cancelled" | "run.interrupted":
            _end(state, event)
        case _:
            assert_never(event["type"])


def _begin(state: RunState, event: RunStarted | RunRestarted) -> None:
    """Begin, or begin anew: of what was before, only the time of the beginning stays."""
    started_at = state["started_at"] or event["at"]
    state.update(create_state())
    state["status"], state["seq"] = "running", event["seq"]
    state["started_at"], state["simulator"] = started_at, event["simulator"]


def _create_node(ms: int, status: NodeStatus = "running", duration_ms: int | None = None) -> NodeState:
    return {
        "state": status,
        "started_ms": ms,
        "duration_ms": duration_ms,
        "count": 0,
        "messages": 0,
        "first_message_ms": None,
        "text": "",
        "outputs": {},
        "error": None,
    }


def _get_node(state: RunState, node: str, ms: int) -> NodeState:
    return state["nodes"].setdefault(node, _create_node(ms))


def _add_message(state: RunState, node_id: str, ms: int, text: str, texts: _GrowingTexts) -> None:
    node = _get_node(state, node_id, ms)
    node["messages"] += 1
    texts.add(node, text)
    if node["first_message_ms"] is None:
        node["first_message_ms"] = ms


def _add_item(state: RunState, event: Item, texts: _GrowingTexts) -> None:
    text = event.get("text", "")
    state["items"] += 1
    texts.add(state, text)
    if state["first_item_ms"] is None:
        state["first_item_ms"] = event["ms"]
    if event["source"] is not None:
        _add_message(state, event["source"], event["ms"], text, texts)
    _get_node(state, event["node"], event["ms"])["count"] += 1


def _add_line(state: RunState, event: Log | Warning) -> None:
    if event["type"] == "log":
        state["logs"].append(
            {"ms": event["ms"], "node": event["node"], "level": event["level"], "message": event["message"]}
        )
        return
    state["warnings"].append(
        {
            "ms": event["ms"],
            "node": event["node"],
            "code": event["code"],
            "message": event["message"],
            "hint": event["hint"],
            "property": event["property"],
        }
    )


def _end(state: RunState, event: Terminal) -> None:
    state["duration_ms"] = event["ms"]
    state["usage"] = event["usage"]
    match event["type"]:
        case "run.completed":
            state["status"] = "completed"
            state["result"], state["finish_reason"] = event["result"], event["finish_reason"]
            state["finish_kind"] = event.get("finish_kind")
        case "run.failed":
            state["status"] = "failed"
            state["error"] = {**_build_error(event), "node": event["node"]}
        case "run.cancelled":
            state["status"], state["error"] = "cancelled", _build_stop_error("cancelled", event["reason"])
        case "run.interrupted":
            state["status"], state["error"] = "interrupted", _build_stop_error("interrupted", event["reason"])
    _end_nodes(state, event["ms"])


def _build_error(event: NodeFailed | RunFailed) -> NodeError:
    return {
        "code": event["code"],
        "message": event["message"],
        "hint": event["hint"],
        "fault": event.get("fault"),
        "retryable": event.get("retryable"),
        "retry_after_s": event.get("retry_after_s"),
    }


def _build_stop_error(status: Literal["cancelled", "interrupted"], reason: str) -> RunError:
    """Return the error of a run that was stopped: by somebody, or because this server was."""
    is_lost = status == "interrupted"
    none: NodeError = {
        "code": status,
        "message": reason,
        "hint": None,
        "fault": "server" if is_lost else None,
        "retryable": is_lost,
        "retry_after_s": None,
    }
    return {**none, "node": None}


def _end_nodes(state: RunState, ms: int) -> None:
    endings: dict[RunStatus, NodeStatus] = {"completed": "done", "interrupted": "interrupted"}
    for node in state["nodes"].values():
        if node["state"] == "running":
            node["state"] = endings.get(state["status"], "cancelled")
            node["duration_ms"] = ms - node["started_ms"]
