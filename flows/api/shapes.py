"""Flows, runs and what the server says of a graph, as JSON. Pure: types only."""

from typing import Annotated, Literal, NotRequired

from pydantic import Discriminator
from typing_extensions import TypeAliasType

from actions.chat.completion_trigger import ChatInput
from actions.contract.error_class import Fault
from actions.contract.errors import Severity
from actions.contract.shapes import FieldDescription, Json
from actions.contract.steps import FinishKind
from flows.caller_kinds import CallerKind
from flows.events import events
from flows.events.fold import NodeError, NodeStatus, RunState, RunStatus
from flows.graph.document import Graph
from web.shapes import DateTimeText, Refusal, Shape, UsedBy
from workspaces.environments import Environment

RunEvent = TypeAliasType("RunEvent", Annotated[events.RunEvent, Discriminator("type")])


FlowInput = TypeAliasType("FlowInput", ChatInput | dict[str, Json])
"""What starts a run: a chat trigger takes the first, an HTTP trigger what its schema says."""


class Problem(Shape):
    """What is wrong with a graph, and where: at a node and its property, at an edge, or with the whole."""

    code: str
    message: str
    node: str | None
    edge: str | None
    property: str | None
    severity: Severity
    hint: str | None
    column: int | None


class ScopeVariable(Shape):
    """A variable; `node` provides it and `title` is that node's title."""

    name: str
    type: str
    title: str
    node: str
    fields: list[FieldDescription]


class StreamingProof(Shape):
    streams: bool
    text: str
    node: str | None


class Analysis(Shape):
    """What compiling the graph tells. `scope` has by node the places in `variables` of those that it may read."""

    runnable: bool
    problems: list[Problem]
    variables: list[ScopeVariable]
    scope: dict[str, list[int]]
    streaming: StreamingProof
    simulators: list[str]


class PublishedVersions(Shape):
    """By environment, the number of the version that calls run there; null where none is published."""

    test: int | None
    production: int | None


class FlowHead(Shape):
    """A flow. `revision` is the number of its newest version, which is its draft.

    `address` names it in addresses and to clients that ask for a model; `aliases` are the names before.
    """

    id: str
    address: str
    aliases: list[str]
    name: str
    description: str
    revision: int
    published: PublishedVersions
    created_at: DateTimeText
    updated_at: DateTimeText


class Flow(FlowHead):
    graph: Graph
    analysis: Analysis


class LastRun(Shape):
    id: str
    status: RunStatus
    started_at: DateTimeText


class HourOfRuns(Shape):
    runs: int
    failed: int


class FlowRow(FlowHead):
    """A flow with the figures of the last 24 hours: `hours` oldest first, `first_item_ms` their median.

    `used_by` are the flows that call it.
    """

    node_count: int
    last_run: LastRun | None
    runs_24h: int
    hours: list[HourOfRuns]
    first_item_ms: int | None
    used_by: list[UsedBy]


class FlowList(Shape):
    flows: list[FlowRow]


class GraphSaved(Shape):
    revision: int
    analysis: Analysis


class RunFailure(Shape):
    code: str
    message: str


class RunHead(Shape):
    """A run. `revision` is the number of the version that it executes, `environment` that in which it was started."""

    id: str
    flow: str
    revision: int
    environment: Environment
    status: RunStatus
    started_at: DateTimeText
    finished_at: DateTimeText | None
    duration_ms: int | None
    first_item_ms: int | None
    items: int
    error: RunFailure | None
    log_expired_at: DateTimeText | None


Wait = Literal["worker", "turn"]


class RunRow(RunHead):
    """A run in a list. `caller` says who has started it: a member, an API key, a visitor of a chat page or a schedule.

    `input` is null when it is longer than 65,536 characters of JSON; the run itself has it. `stopped_by` is who
    cancelled the run, when a person or a key did. `waits_for` says what a run that has not begun waits for: a worker
    that takes it, or its turn in its session.
    """

    caller: CallerKind | None
    waits_for: Wait | None
    input: Json
    stopped_by: NotRequired[str]


class Yields(Shape):
    """Every value that the run has yielded, a text or any JSON, in order; None when it was not kept.

    Values beyond a size are left out, and `yielded_left_out` says how many.
    """

    yielded: list[Json] | None
    yielded_left_out: int


class RunList(Shape):
    runs: list[RunRow]


class Run(RunHead, Yields):
    """A run; `caller`, `input` and `stopped_by` are for members of the workspace only.

    When its log has expired, `state` is what was kept.
    """

    input: NotRequired[Json]
    caller: NotRequired[CallerKind | None]
    stopped_by: NotRequired[str]
    state: RunState


class Session(Shape):
    """A conversation of the caller with a flow.

    `name` is the one that the caller gave it, else empty; `question` is the beginning of what was asked first.
    """

    session_id: str
    name: str
    question: str
    runs: int
    last_run: LastRun


class SessionList(Shape):
    sessions: list[Session]


class RunLinks(Shape):
    state: str
    events: str
    cancel: str


class RunSubmitted(Shape):
    run: str
    links: RunLinks


class RunOutcome(Yields):
    run: str
    status: RunStatus
    text: str
    items: int
    result: Json
    finish_reason: str | None
    finish_kind: FinishKind | None
    usage: events.Usage | None
    duration_ms: int | None
    first_item_ms: int | None


class RunRefusal(Refusal):
    """Why a run did not complete: who can put it right, and whether, and after how long, to start it again.

    All three are null in runs older than these facts.
    """

    fault: NotRequired[Fault | None]
    retryable: NotRequired[bool | None]
    retry_after_s: NotRequired[int | None]


class FailedRunOutcome(RunOutcome):
    """The refusal, and what the run gave until it ended."""

    error: RunRefusal


RunAnswer = TypeAliasType("RunAnswer", RunOutcome | FailedRunOutcome)
"""The answer of a run whose status was sent before its end: the second when it did not complete."""


class RunStopped(Shape):
    run: str
    status: RunStatus


class StreamTicket(Shape):
    """`events` is the address that an EventSource opens, once, before `expires_at`."""

    ticket: str
    expires_at: str
    events: str


class EventPage(Shape):
    """`next` is the cursor for the page after this one; `ended` says that there will be none."""

    events: list[RunEvent]
    next: int
    ended: bool


class ReadValue(Shape):
    """A value of a run. `is_kept` is false when it is not known any more.

    With `cut_bytes`, the size of its JSON, it was too large: `value` is the beginning of that JSON.
    """

    name: str
    is_kept: bool
    value: Json
    cut_bytes: int | None


class ReceivedValue(ReadValue):
    """The value of a property. One that was `bound` was evaluated in the run, from what is `written` in the flow.

    Of a connection, `value` is its id.
    """

    title: str
    source: Literal["bound", "fixed", "default", "connection"]
    written: Json


class NodeMessages(Shape):
    """What the node streamed in all its passes, as one text."""

    count: int
    text: str


class PassRange(Shape):
    """Passes of a node that follow one another: the numbers of the first and the last."""

    first: int
    last: int


class NodeValues(Shape):
    """What a node received and gave in one pass of it, and of which passes that is known.

    `state` is null when the run has not come to the node. `is_in_version` is false when the version that ran has no
    such node. `gave` has the variables that the node has set.
    """

    run: str
    node: str
    revision: int
    is_in_version: bool
    state: NodeStatus | None
    error: NodeError | None
    pass_count: int
    kept_passes: list[PassRange]
    pass_number: int | None
    received: list[ReceivedValue]
    gave: list[ReadValue]
    messages: NodeMessages | None
