"""The frames of one answer as bytes, in their order, whether its task pulls them or a commit pushes them."""

from flows.events.events import TERMINAL
from flows.log.frames import Frame
from flows.wire.format import Format
from web.middleware.asgi import PushConnection
from web.middleware.cut_short import CutShort


class AnswerEncoder:
    """Encodes the frames of one answer, and knows whether it is whole."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self._last_type = "nothing"

    def encode(self, frames: list[Frame]) -> bytes:
        self._last_type = frames[-1].type
        return self.format.encode(frames)

    def require_whole(self) -> None:
        """Raise CutShort when the last frames do not end a whole answer."""
        if self._last_type not in TERMINAL or (self._last_type != "run.completed" and not self.format.tells_end):
            raise CutShort(self._last_type)


class AnswerPusher:
    """Sends frames within the commit that stored them: the `Pusher` of an answer's reader."""

    def __init__(self, encoder: AnswerEncoder, connection: PushConnection) -> None:
        self._encoder = encoder
        self._connection = connection
        self.has_room = connection.has_room
        self.wait_for_room = connection.wait_for_room

    def push(self, frames: list[Frame]) -> None:
        if piece := self._encoder.encode(frames):
            self._connection.push(piece)
