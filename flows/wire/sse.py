"""Server-sent events: each event of the log is one event of the stream."""

from collections.abc import Iterable

from flows.log.frames import Frame
from flows.wire.format import Format


class ServerSentEvents(Format):
    """One event of the log is one event, and its `id` is the cursor to resume from."""

    media = "text/event-stream"
    heartbeat = b": still here\n\n"
    reconnect = b"event: reconnect\nretry: 2000\ndata: {}\n\n"

    def begin(self) -> bytes:
        return b"retry: 1000\n\n"  # how long a browser waits before it comes back, in milliseconds

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(b"id: %d\nevent: %b\ndata: %b\n\n" % (seq, type.encode(), data) for seq, type, data in frames)
