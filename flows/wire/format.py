"""The forms in which a run is sent over HTTP. All are made from the same frames of the log, in their order.

A format is made for one answer, and gives bytes for what it is given; it knows no request and no run.
"""

from collections.abc import Iterable
from typing import ClassVar

from flows.log.frames import Frame


class Format:
    """One way of sending a run."""

    media: ClassVar[str]
    heartbeat: ClassVar[bytes] = b""
    """What is sent when nothing has happened for a while; it means nothing to a reader of the format."""
    come_again: ClassVar[bytes] = b""
    """What ends an answer that is to be asked for again, after its cursor; empty where a format cannot say so."""

    def begin(self) -> bytes:
        """Return what the answer begins with, before anything has happened."""
        return b""

    def encode(self, frames: Iterable[Frame]) -> bytes:
        """Return the frames as one piece of the answer: what one read of the log gave is one write."""
        raise NotImplementedError
