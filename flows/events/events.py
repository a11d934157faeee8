"""What can happen in a run, in the words of the log. Pure: an event is JSON and knows no database.

Every event carries `seq` (1, 2, 3 … within its run), `type` and `ms` since the run began. `PUBLIC` types reach
the callers of a flow; the rest is the trace, for members of the workspace.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import ConfigDict, Discriminator, TypeAdapter, with_config
from pydantic_core import PydanticSerializationError, to_json
from typing_extensions import TypedDict

from actions.contract.error_class import Fault
from actions.contract.json_values import replace_bad_texts
from actions.contract.shapes import Json
from actions.contract.steps import FinishKind, PartKind

STRICT = ConfigDict(extra="forbid")
LogLevel = Literal["info", "warning", "error"]


@with_config(STRICT)
class Usage(TypedDict):
    """What all model calls of a run cost. None: the vendor did not tell.

    `ephemeral_5m_input_tokens` and `ephemeral_1h_input_tokens` are parts of `cache_creation_input_tokens`. The counts
    that may be absent are so in runs older than these counts.
    """

    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None
    ephemeral_5m_input_tokens: NotRequired[int | None]
    ephemeral_1h_input_tokens: NotRequired[int | None]
    web_search_requests: NotRequired[int | None]


@with_config(STRICT)
class Citation(TypedDict):
    """A source of what a message says: a page has a url, a search result a source, a document a title."""

    url: str | None
    source: str | None
    title: str | None
    cited_text: str | None


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
    citations: NotRequired[list[Citation]]


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
class ValuePlace(TypedDict):
    """Where a value is kept: in which event, and where in it. Without a node it is in the input of the run.

    `path` begins with the name of the property or the variable; in the input it begins with a field of that.
    """

    node: str | None
    side: Literal["received", "gave"]
    pass_number: int
    path: list[str | int]


@with_config(STRICT)
class KeptValue(TypedDict):
    """A value that is kept, or where the same one is.

    With `cut_bytes`, which is the size of its JSON, `value` is the beginning of that JSON: it was too large.
    """

    value: NotRequired[Json]
    cut_bytes: NotRequired[int]
    same_as: NotRequired[ValuePlace]


@with_config(STRICT)
class NodeReceived(TypedDict):
    """The values that the bound properties of a node had in one pass, by the name of the property."""

    type: Literal["node.received"]
    seq: int
    ms: int
    node: str
    pass_number: int
    values: dict[str, KeptValue]


@with_config(STRICT)
class NodeGave(TypedDict):
    """The variables that a node set in one pass, by name, where the node's end does not tell them whole."""

    type: Literal["node.gave"]
    seq: int
    ms: int
    node: str
    pass_number: int
    values: dict[str, KeptValue]


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
    fault: NotRequired[Fault]
    retryable: NotRequired[bool]
    retry_after_s: NotRequired[int | None]


@with_config(STRICT)
class Item(TypedDict):
    """What the flow yields: `text`, or `value` for anything that is not text.

    When it is a streamed message as it came, `source` names the node that streamed it and `message` its index.
    `citations` are the sources of a message that has some. What is no text has a `kind`, and its content is `value`:
    of a thinking the text, of a source the fields of a citation, of a tool `id`, `name`, `input` and `output`.
    """

    type: Literal["item"]
    seq: int
    ms: int
    index: int
    node: str
    source: str | None
    message: int | None
    text: NotRequired[str]
    kind: NotRequired[PartKind]
    value: NotRequired[Json]
    citations: NotRequired[list[Citation]]


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
class AnswerStarted(TypedDict):
    """A model begins to answer at a node. The `usage` event with the same `message_id` ends that answer.

    The counts are those that the vendor tells at the start; the ones of `usage` replace them.
    """

    type: Literal["answer.started"]
    seq: int
    ms: int
    node: str
    message_id: str | None
    model: str
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None
    ephemeral_5m_input_tokens: int | None
    ephemeral_1h_input_tokens: int | None
    web_search_requests: int | None


@with_config(STRICT)
class UsageReported(TypedDict):
    """An answer of a model has ended, or was left: why, and what it cost.

    `stop_reason` is the vendor's word, null when the answer did not come to its end; `finish_kind` says the same in
    words that are alike for every vendor.
    """

    type: Literal["usage"]
    seq: int
    ms: int
    node: str
    message_id: NotRequired[str | None]
    model: str
    stop_reason: str | None
    finish_kind: NotRequired[FinishKind | None]
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None
    cache_creation_input_tokens: int | None
    ephemeral_5m_input_tokens: NotRequired[int | None]
    ephemeral_1h_input_tokens: NotRequired[int | None]
    web_search_requests: NotRequired[int | None]
    first_message_ms: int | None


@with_config(STRICT)
class RunCompleted(TypedDict):
    """`finish_reason` is the last model's own word, `finish_kind` the same in words alike for every vendor."""

    type: Literal["run.completed"]
    seq: int
    ms: int
    result: Json
    finish_reason: str | None
    finish_kind: NotRequired[FinishKind | None]
    usage: Usage | None


@with_config(STRICT)
class RunFailed(TypedDict):
    """`fault` says who can put it right; `retryable`, whether the same run may succeed when it is started again,
    after `retry_after_s` seconds where the vendor asks for a pause."""

    type: Literal["run.failed"]
    seq: int
    ms: int
    code: str
    message: str
    hint: str | None
    node: str | None
    fault: NotRequired[Fault]
    retryable: NotRequired[bool]
    retry_after_s: NotRequired[int | None]
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
    | NodeReceived
    | NodeGave
    | NodeSkipped
    | NodeFailed
    | Item
    | Log
    | Warning
    | AnswerStarted
    | UsageReported
    | Terminal
)

TERMINAL = frozenset({"run.completed", "run.failed", "run.cancelled", "run.interrupted"})
PUBLIC = TERMINAL | {"run.started", "run.restarted", "item"}
KEPT_VALUES = frozenset({"node.received", "node.gave"})
"""Events that hold values for who asks for them. They are large, and the socket of the canvas does not send them."""

COUNTS = (
    "input_tokens",
    "output_tokens",
    "cache_read_input_tokens",
    "cache_creation_input_tokens",
    "ephemeral_5m_input_tokens",
    "ephemeral_1h_input_tokens",
    "web_search_requests",
)
"""The names of the counts of a `Usage`."""

run_event: TypeAdapter[RunEvent] = TypeAdapter(Annotated[RunEvent, Discriminator("type")])


def encode_value(value: Any) -> bytes:
    """Return a value of a flow as one line of strict JSON.

    Such values are JSON already, by `actions.contract.json_values`. For one that is not, a lone surrogate becomes
    U+FFFD, and a number that JSON has not becomes null: a browser that cannot read one event shows no run.
    """
    try:
        return to_json(value, inf_nan_mode="null")
    except PydanticSerializationError:
        return to_json(replace_bad_texts(value), inf_nan_mode="null")


encode: Callable[[RunEvent], bytes] = encode_value
"""Returns an event as one line of JSON. The same function: each chunk is encoded."""


def pick_counts(holder: Mapping[str, Any]) -> Usage:
    """Return the counts within an event or a usage; a count that is absent there is None."""
    return cast(Usage, {name: holder.get(name) for name in COUNTS})


def add_usage(total: Usage | None, more: Mapping[str, Any]) -> Usage:
    """Return the sum of two usages; a count is None only when neither tells it."""
    if total is None:
        return pick_counts(more)
    return cast(Usage, {name: _add(total.get(name), more.get(name)) for name in COUNTS})


def _add(left: Any, right: Any) -> int | None:
    return cast("int | None", left if right is None else right + (left or 0))
