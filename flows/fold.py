"""`fold(events)`: the state of a run, from its events alone. The browser has the same function.

Golden runs in `tests/runs/` hold both to the same result. Pure: no Django, no I/O.
"""

from collections.abc import Iterable
from typing import Any, Literal, TypedDict, assert_never

from flows.events import Item, RunEvent, Terminal, Usage, UsageReported

RunStatus = Literal["waiting", "running", "completed", "failed", "cancelled", "interrupted"]
NodeStatus = Literal["running", "done", "failed", "skipped", "cancelled", "interrupted"]
COUNTS = ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")


class NodeError(TypedDict):
    code: str
    message: str
    hint: str | None


class RunError(NodeError):
    node: str | None


class NodeState(TypedDict):
    state: NodeStatus
    started_ms: int
    duration_ms: int | None
    count: int
    messages: int
    first_message_ms: int | None
    text: str
    outputs: dict[str, Any]
    error: NodeError | None


class LogLine(TypedDict):
    ms: int
    node: str
    level: str
    message: str


class WarningLine(TypedDict):
    ms: int
    node: str
    code: str
    message: str
    hint: str | None
    property: str | None


class RunState(TypedDict):
    status: RunStatus
    seq: int
    simulator: bool
    started_at: str | None
    duration_ms: int | None
    first_item_ms: int | None
    items: int
    text: str
    result: Any
    finish_reason: str | None
    error: RunError | None
    usage: Usage | None
    nodes: dict[str, NodeState]
    logs: list[LogLine]
    warnings: list[WarningLine]


def initial_state() -> RunState:
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
    state = state or initial_state()
    for event in events:
        if event["seq"] > state["seq"]:
            state["seq"] = event["seq"]
            _apply(state, event)
    return state


def _apply(state: RunState, event: RunEvent) -> None:  # one arm for each event, in the order of a run
    match event["type"]:
        case "run.started":
            state.update(status="running", started_at=event["at"], simulator=event["simulator"])
        case "node.started":
            state["nodes"][event["node"]] = _node(event["ms"])
        case "node.message":
            _add_message(state, event["node"], event["ms"], event["text"])
        case "item":
            _add_item(state, event)
        case "node.finished":
            node = _of(state, event["node"], event["ms"])
            node.update(state="done", duration_ms=event["duration_ms"], count=event["count"], outputs=event["outputs"])
        case "node.skipped":
            state["nodes"][event["node"]] = _node(event["ms"], "skipped", 0)
        case "node.failed":
            error: NodeError = {"code": event["code"], "message": event["message"], "hint": event["hint"]}
            _of(state, event["node"], event["ms"]).update(state="failed", duration_ms=event["duration_ms"], error=error)
        case "log":
            line: LogLine = {key: event[key] for key in ("ms", "node", "level", "message")}  # type: ignore[assignment, misc, literal-required]  # the keys are those of LogLine
            state["logs"].append(line)
        case "warning":
            keys = ("ms", "node", "code", "message", "hint", "property")
            state["warnings"].append({key: event[key] for key in keys})  # type: ignore[arg-type, misc, literal-required]  # the keys are those of WarningLine
        case "usage":
            _add_usage(state, event)
        case "run.completed" | "run.failed" | "run.cancelled" | "run.interrupted":
            _end(state, event)
        case _:
            assert_never(event["type"])


def _node(ms: int, status: NodeStatus = "running", duration_ms: int | None = None) -> NodeState:
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


def _of(state: RunState, node: str, ms: int) -> NodeState:
    return state["nodes"].setdefault(node, _node(ms))


def _add_message(state: RunState, node_id: str, ms: int, text: str) -> None:
    node = _of(state, node_id, ms)
    node["messages"] += 1
    node["text"] += text
    if node["first_message_ms"] is None:
        node["first_message_ms"] = ms


def _add_item(state: RunState, event: Item) -> None:
    text = event.get("text", "")
    state["items"] += 1
    state["text"] += text
    if state["first_item_ms"] is None:
        state["first_item_ms"] = event["ms"]
    if event["source"] is not None:
        _add_message(state, event["source"], event["ms"], text)
    _of(state, event["node"], event["ms"])["count"] += 1


def _add_usage(state: RunState, event: UsageReported) -> None:
    sum_ = state["usage"] or {key: None for key in COUNTS}
    added = {key: _plus(sum_[key], event[key]) for key in COUNTS}  # type: ignore[literal-required]  # COUNTS are the keys of Usage
    state["usage"] = added  # type: ignore[typeddict-item]  # the same keys


def _plus(left: int | None, right: int | None) -> int | None:
    return left if right is None else right + (left or 0)


def _end(state: RunState, event: Terminal) -> None:
    state["duration_ms"] = event["ms"]
    state["usage"] = event["usage"]
    if event["type"] == "run.completed":
        state.update(status="completed", result=event["result"], finish_reason=event["finish_reason"])
    elif event["type"] == "run.failed":
        keys = ("code", "message", "hint", "node")
        state.update(status="failed", error={key: event[key] for key in keys})  # type: ignore[typeddict-item, literal-required, misc]  # the keys of RunError
    elif event["type"] == "run.cancelled":
        state.update(status="cancelled", error=_stopped("cancelled", event["reason"]))
    else:
        state.update(status="interrupted", error=_stopped("interrupted", event["reason"]))
    _end_nodes(state, event["ms"])


def _stopped(code: str, reason: str) -> RunError:
    return {"code": code, "message": reason, "hint": None, "node": None}


def _end_nodes(state: RunState, ms: int) -> None:
    endings: dict[RunStatus, NodeStatus] = {"completed": "done", "interrupted": "interrupted"}
    for node in state["nodes"].values():
        if node["state"] == "running":
            node["state"] = endings.get(state["status"], "cancelled")
            node["duration_ms"] = ms - node["started_ms"]
