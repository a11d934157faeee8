"""The messages of the canvas's socket: limits, close codes, and frames packed into messages. Pure."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from flows.log.frames import Frame
from web.errors import build_not_found
from web.strict_json import GRAPH_LIMITS

MESSAGE_LIMITS = GRAPH_LIMITS
"""A message that starts a run holds the trigger's test data, which is a part of the graph."""
MAX_DIRECT_CHARACTERS = 64 * 1024
"""Of a message that is parsed on the event loop; a longer one would delay all streams."""
MAX_MESSAGE_BYTES = 200_000
MAX_MESSAGE_EVENTS = 200
MAX_FOLLOWED_RUNS = 20
MAX_COMMANDS = 60
COMMAND_WINDOW_S = 10.0
MAX_MISTAKES = 5
BAD_MESSAGES, SIGNED_OUT, NO_SUCH_FLOW, TOO_BIG, TOO_MANY, RESTARTING = 4400, 4401, 4404, 1009, 4429, 1012


def pack_frames(run_id: UUID, frames: list[Frame]) -> Iterator[str]:
    """Yield messages that hold the frames in order, none larger than a socket's frame may be."""
    part: list[bytes] = []
    size = 0
    for frame in frames:
        if part and (size + len(frame.data) > MAX_MESSAGE_BYTES or len(part) == MAX_MESSAGE_EVENTS):
            yield _pack_events(run_id, part)
            part, size = [], 0
        part.append(frame.data)
        size += len(frame.data)
    if part:
        yield _pack_events(run_id, part)


def _pack_events(run_id: UUID, events: list[bytes]) -> str:
    return f'{{"type":"events","run":"{run_id}","events":[{b",".join(events).decode()}]}}'


def read_run_id(message: dict[str, Any]) -> UUID:
    try:
        return UUID(message.get("run"))
    except (TypeError, ValueError, AttributeError):
        raise build_not_found() from None
