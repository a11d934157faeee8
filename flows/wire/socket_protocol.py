"""The messages of the canvas's socket: their rules, limits, close codes, and frames packed into messages. Pure."""

from collections.abc import Iterator
from typing import Any, NamedTuple
from uuid import UUID

from actions.contract.errors import DomainError
from flows.events.events import KEPT_VALUES
from flows.log.frames import Frame
from web.errors import build_not_found
from web.strict_json import GRAPH_LIMITS
from workspaces.access import Permission

MESSAGE_LIMITS = GRAPH_LIMITS
"""A message that starts a run holds the trigger's test data, which is a part of the graph."""
MAX_DIRECT_CHARACTERS = 64 * 1024
"""Of a message that is parsed on the event loop; a longer one would delay all streams."""
MAX_MESSAGE_BYTES = 200_000
MAX_MESSAGE_EVENTS = 200
MAX_FOLLOWED_RUNS = 20
"""Of one socket, whether it follows them because it has started them or because it asked."""
MAX_SOCKETS = 20
"""Of one person in one process: an editor in each of so many tabs."""
MAX_COMMANDS = 60
COMMAND_WINDOW_S = 10.0
MAX_MISTAKES = 5
BAD_MESSAGES, SIGNED_OUT, NO_SUCH_FLOW, TOO_BIG, TOO_MANY, RESTARTING = 4400, 4401, 4404, 4413, 4429, 4503
"""Of the range for applications: Daphne refuses to send the others, and the socket would stay open."""


def pack_frames(run_id: UUID, frames: list[Frame]) -> Iterator[str]:
    """Yield messages that hold the frames in order, none larger than a socket's frame may be.

    The values that nodes received and gave are left out: who wants to see them asks for those of one node.
    """
    part: list[bytes] = []
    size = 0
    for frame in frames:
        if frame.type in KEPT_VALUES:
            continue
        if part and (size + len(frame.data) > MAX_MESSAGE_BYTES or len(part) == MAX_MESSAGE_EVENTS):
            yield _pack_events(run_id, part)
            part, size = [], 0
        part.append(frame.data)
        size += len(frame.data)
    if part:
        yield _pack_events(run_id, part)


def _pack_events(run_id: UUID, events: list[bytes]) -> str:
    return f'{{"type":"events","run":"{run_id}","events":[{b",".join(events).decode()}]}}'


class CommandRule(NamedTuple):
    """What the socket asks of a message before its command is performed."""

    permission: Permission
    """What the member must be allowed to do. Judged before it is looked whether the run exists."""
    fields: frozenset[str]
    """What the message may have beside its `type` and its `ref`."""


COMMAND_RULES = {
    "run.start": CommandRule("run", frozenset({"input", "revision"})),
    "run.follow": CommandRule("view", frozenset({"run", "after"})),
    "run.unfollow": CommandRule("view", frozenset({"run"})),
    "run.cancel": CommandRule("run", frozenset({"run"})),
    "ping": CommandRule("view", frozenset()),
}
"""By the type of the message. A command without a rule cannot be asked for."""


def read_rule(message: dict[str, Any]) -> CommandRule:
    """Return the rule of the message's command.

    Raises DomainError `unknown_message` or `unknown_field`: what is not understood would be ignored silently.
    """
    type = str(message.get("type"))
    if type not in COMMAND_RULES:
        raise DomainError("malformed", "unknown_message", f"There is no message {type[:40]!r}.")
    rule = COMMAND_RULES[type]
    unknown = next((name for name in message if name not in rule.fields | {"type", "ref"}), None)
    if unknown is not None:
        message_text = f"{type} has no field {unknown[:100]!r}."
        raise DomainError("malformed", "unknown_field", message_text, field=unknown[:100])
    return rule


def read_run_id(message: dict[str, Any]) -> UUID:
    try:
        return UUID(message.get("run"))
    except (TypeError, ValueError, AttributeError):
        raise build_not_found() from None
