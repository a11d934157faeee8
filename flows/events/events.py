"""What can happen in a run, in the words of the log. Pure: an event is JSON and knows no database.

Every event carries `seq` (1, 2, 3 … within its run), `type` and `ms` since the run began. `PUBLIC` types reach
the callers of a flow; the rest is the trace, for members of the workspace.
"""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, Discriminator, TypeAdapter, with_config
from pydantic_core import PydanticSerializationError, to_json
from typing_extensions import TypedDict

from actions.contract.json_values import replace_bad_characters
from actions.contract.shapes import Json

STRICT = ConfigDict(extra="forbid")
LogLevel = Literal["info", "warning", "error"]


@with_config(STRICT)
class Usage(TypedDict):
    """Tokens of all model calls of a run. None: the vendor did not tell."""

    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None


@with_config(STRICT)
class RunStarted(TypedDict):
    type: Literal["run.started"]
    seq: int
    ms: int
    run: str
    flow: str
    revision: int
    at: str
    simulator: bool


@with_config(STRICT)
class RunRestarted(TypedDict):
    """The server was lost before anything had come of the run, and it begins anew: what is above does not count."""

    type: Literal["run.restarted"]
    seq: int
    ms: int
    run: str
    flow: str
    revision: int
    at: str
    simulator: bool
    reason: str


@with_config(STRICT)
class NodeStarted(TypedDict):
    type: Literal["node.started"]
    seq: int
    ms: int
    node: str


@with_config(STRICT)
class NodeMessage(TypedDict):
    """A streamed message that nothing yielded as it is; a yielded one is told by its `item` alone."""

    type: Literal["node.message"]
    seq: int
    ms: int
    node: str
    index: int
    text: str


@with_config(STRICT)
class NodeFinished(TypedDict):
    type: Literal["node.finished"]
    seq: int
    ms: int
    node: str
    duration_ms: int
    count: int
    outputs: dict[str, Json]


@with_config(STRICT)
class NodeSkipped(TypedDict):
    type: Literal["node.skipped"]
    seq: int
    ms: int
    node: str
    reason: Literal["disabled"]


@with_config(STRICT)
class NodeFailed(TypedDict):
    type: Literal["node.failed"]
    seq: int
    ms: int
    node: str
    code: str
    message: str
    hint: str | None
    duration_ms: int


@with_config(STRICT)
class Item(TypedDict):
    """What the flow yields: `text`, or `value` for anything that is not text.

    When it is a streamed message as it came, `source` names the node that streamed it and `message` its index.
    """

    type: Literal["item"]
    seq: int
    ms: int
    index: int
    node: str
    source: str | None
    message: int | None
    text: NotRequired[str]
    value: NotRequired[Json]


@with_config(STRICT)
class Log(TypedDict):
    type: Literal["log"]
    seq: int
    ms: int
    node: str
    level: LogLevel
    message: str


@with_config(STRICT)
class Warning(TypedDict):
    type: Literal["warning"]
    seq: int
    ms: int
    node: str
    code: str
    message: str
    hint: str | None
    property: str | None


@with_config(STRICT)
class UsageReported(TypedDict):
    type: Literal["usage"]
    seq: int
    ms: int
    node: str
    model: str
    stop_reason: str | None
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None
    first_message_ms: int | None


@with_config(STRICT)
class RunCompleted(TypedDict):
    type: Literal["run.completed"]
    seq: int
    ms: int
    result: Json
    finish_reason: str | None
    usage: Usage | None


@with_config(STRICT)
class RunFailed(TypedDict):
    type: Literal["run.failed"]
    seq: int
    ms: int
    code: str
    message: str
    hint: str | None
    node: str | None
    usage: Usage | None


@with_config(STRICT)
class RunCancelled(TypedDict):
    type: Literal["run.cancelled"]
    seq: int
    ms: int
    reason: str
    usage: Usage | None


@with_config(STRICT)
class RunInterrupted(TypedDict):
    type: Literal["run.interrupted"]
    seq: int
    ms: int
    reason: str
    usage: Usage | None


Terminal = RunCompleted | RunFailed | RunCancelled | RunInterrupted
RunEvent = (
    RunStarted
    | RunRestarted
    | NodeStarted
    | NodeMessage
    | NodeFinished
    | NodeSkipped
    | NodeFailed
    | Item
    | Log
    | Warning
    | UsageReported
    | Terminal
)

TERMINAL = frozenset({"run.completed", "run.failed", "run.cancelled", "run.interrupted"})
PUBLIC = TERMINAL | {"run.started", "run.restarted", "item"}

run_event: TypeAdapter[RunEvent] = TypeAdapter(Annotated[RunEvent, Discriminator("type")])


def encode(event: RunEvent) -> bytes:
    """Return the event as one line of strict JSON, whatever an action has put into it.

    The values of a flow are JSON already, by `actions.contract.json_values`. For one that is not, a lone surrogate
    becomes U+FFFD, and a number that JSON has not becomes null: a browser that cannot read one event shows no run.
    """
    try:
        return to_json(event, inf_nan_mode="null")
    except PydanticSerializationError:
        return to_json(_replace_bad_texts(event), inf_nan_mode="null")


def _replace_bad_texts(value: Any) -> Any:
    if isinstance(value, str):
        return replace_bad_characters(value)
    if isinstance(value, dict):
        return {_replace_bad_texts(key): _replace_bad_texts(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_replace_bad_texts(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def add_usage(total: Usage | None, more: Usage | UsageReported) -> Usage:
    """Return the sum of two usages; a count is None only when neither tells it."""
    return {
        "input_tokens": _add(total and total["input_tokens"], more["input_tokens"]),
        "output_tokens": _add(total and total["output_tokens"], more["output_tokens"]),
        "cache_read_input_tokens": _add(total and total["cache_read_input_tokens"], more["cache_read_input_tokens"]),
        "cache_creation_input_tokens": _add(
            total and total["cache_creation_input_tokens"], more["cache_creation_input_tokens"]
        ),
    }


def _add(left: int | None, right: int | None) -> int | None:
    return left if right is None else right + (left or 0)
