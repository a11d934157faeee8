"""What an action may ask of the engine while it runs. Values only: the engine alone acts on them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from actions.contract.records import MessageChunk

LogLevel = Literal["info", "warning", "error"]
FinishKind = Literal["stop", "length", "content_filter", "tool_calls", "left", "other"]
"""Why an answer ended, in words that are the same for every vendor. `left`: the flow went on before the end."""
PartKind = Literal["thinking", "source", "data", "tool"]
"""What a flow may yield beside the text of its answer."""
LEFT_REASON = "break"
"""The stop reason of an answer that the flow left before the vendor had one."""


@dataclass(slots=True)
class RunBranch:
    """Run the path behind the branch `name` to its end before the next step is taken.

    With a `value`, it is bound to the branch's variable first, and shown live as a streamed message.
    An error of the path is thrown into the action at this `yield`, so that an action may catch it.
    """

    name: str
    value: Any = None


class MessagePath(Protocol):
    """The path behind a branch, for one message after the other."""

    def begin(self, message: MessageChunk) -> bool:
        """Run the path of one message, from within the read of a socket; return whether it came to its end.

        False: it waits for something, or ended with an error. Then `finish` comes before the next message.
        """

    async def finish(self) -> None:
        """Run what `begin` began to its end, in the run's task; raise the error that it ended with."""


class MessageSource(Protocol):
    """What brings messages by itself."""

    async def push_to(self, path: MessagePath) -> None:
        """Run `path` for each message, at the moment at which it comes and in their order; return after the last.

        What `path.finish` raises passes through.
        """


@dataclass(slots=True)
class RunBranchForEach:
    """Run the path behind the branch `name` for each message of `source`, as RunBranch would, before the next step.

    A path that waits for nothing runs within the read that brought its message, which costs a fraction of a step.
    """

    name: str
    source: MessageSource


@dataclass(slots=True)
class Result:
    """The action's output: bound to the variable that the action's `output` names."""

    value: Any


@dataclass(slots=True)
class Emit:
    """Yield `value` to the caller of the flow, now."""

    value: Any


@dataclass(slots=True)
class EmitPart:
    """Yield `value` to the caller of the flow, now, as something beside the text of its answer.

    A `thinking` is a text; a `source` has `url`, `source`, `title` and `cited_text`, each a text or None; a `tool` has
    `id`, `name`, `input` and `output`; `data` is any value.
    """

    kind: "PartKind"
    value: Any


@dataclass(slots=True)
class Return:
    """End the flow here with `value`; every running action is closed on the way out."""

    value: Any


@dataclass(slots=True)
class Break:
    """End the innermost path that repeats, and the action that repeats it. The action's Continue follows."""


@dataclass(slots=True)
class ContinueLoop:
    """End this pass of the innermost path that repeats. The action goes on with the next message or item."""


@dataclass(slots=True)
class CallFlow:
    """Run another flow of the workspace to its end, within this run.

    What it yields goes to the caller when `branch` is None, and else through that branch, one by one. The `yield`
    gives back what the flow returned. A failure of the flow is thrown into the action.
    """

    flow: str
    input: Mapping[str, Any]
    branch: str | None = None


@dataclass(slots=True)
class Log:
    """A line of the run's log. Callers do not see it."""

    message: str
    level: LogLevel = "info"


@dataclass(slots=True)
class Warn:
    """A sentence for the builder about something that is not as asked. The run goes on.

    `code` is stable and for programs; `property` names the field that the sentence is about.
    """

    code: str
    message: str
    hint: str | None = None
    property: str | None = None


@dataclass(slots=True)
class Usage:
    """What one call of a model cost. A count is None when the vendor did not tell it, never a guess."""

    model: str
    stop_reason: str | None
    """The vendor's own word; None when the call did not come to its end."""
    input_tokens: int | None
    output_tokens: int | None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    ephemeral_5m_input_tokens: int | None = None
    """Of the tokens written to the cache: those kept for 5 minutes."""
    ephemeral_1h_input_tokens: int | None = None
    """Of the tokens written to the cache: those kept for 1 hour."""
    web_search_requests: int | None = None
    """Searches of the web that the vendor made, which it bills one by one."""
    finish_kind: FinishKind | None = None
    message_id: str | None = None
    """The id that the vendor gave to the answer."""


@dataclass(slots=True)
class BeginAnswer:
    """A model has begun to answer. The node's next `Usage` ends that answer.

    `usage` is what is known by now. It counts when no `Usage` follows, because the run is cancelled or goes on without
    the answer.
    """

    usage: Usage


PathStep = RunBranch | RunBranchForEach
"""A step that runs a path behind the action."""
Step = PathStep | Result | Emit | EmitPart | Return | Break | ContinueLoop | CallFlow | Log | Warn | BeginAnswer | Usage
