"""What every wire format has in common. All are made from the same frames of the log, in their order.

A format is made for one answer, and returns bytes for the frames that it is given. It knows no request and no run.
"""

from collections.abc import Iterable, Mapping
from typing import ClassVar

from flows.log.frames import Frame


class Format:
    """One way of sending a run over HTTP."""

    media: ClassVar[str]
    """The media type, as a client asks for it by `Accept`."""
    headers: ClassVar[Mapping[str, str]] = {}
    """More headers of an answer."""
    heartbeat: ClassVar[bytes] = b""
    """Sent when nothing has happened for a while. It means nothing to a reader of the format."""
    tells_end: ClassVar[bool] = True
    """Whether its last bytes say how the run ended. The answer of one that cannot is cut short, unless it is whole."""
    reconnect: ClassVar[bytes] = b""
    """Ends an answer whose client is to ask again, after its cursor. Empty where a format cannot say so."""

    def begin(self) -> bytes:
        """Return the bytes that the answer begins with, before anything has happened. They take the headers along."""
        return b""

    def encode(self, frames: Iterable[Frame]) -> bytes:
        """Return the frames as one piece of the answer: what one read of the log returned is one write."""
        raise NotImplementedError
