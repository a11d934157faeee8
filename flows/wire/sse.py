"""Server-sent events: each event of the log is one event of the stream."""

from collections.abc import Iterable

from flows.log.frames import Frame
from flows.wire.format import Format


class ServerSentEvents(Format):
    """One event of the log is one event, and its `id` is the cursor to resume from."""

    media = "text/event-stream"
    # Without a blank line behind it, which would end a block without data: some readers give that as an event.
    heartbeat = b": still here\n"
    reconnect = b"event: reconnect\nretry: 2000\ndata: {}\n\n"

    def begin(self) -> bytes:
        # How long a browser waits before it comes back, in milliseconds: the first line of the first event's block.
        return b"retry: 1000\n"

    def encode(self, frames: Iterable[Frame]) -> bytes:
        # The id comes last: some readers take it at once, and would go on after an event that was cut behind its id.
        return b"".join(b"event: %b\ndata: %b\nid: %d\n\n" % (type.encode(), data, seq) for seq, type, data in frames)
