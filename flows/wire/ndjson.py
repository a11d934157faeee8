"""Newline-delimited JSON: each event is one line."""

from collections.abc import Iterable

from flows.log.frames import Frame
from flows.wire.format import Format


class JsonLines(Format):
    """One event of the log is one line of JSON; its `seq` is the cursor to resume from."""

    media = "application/x-ndjson"
    heartbeat = b" "

    def encode(self, frames: Iterable[Frame]) -> bytes:
        return b"".join(b"%b\n" % data for _, _, data in frames)
