"""What events that make no answer raise. Pure."""

from collections.abc import Mapping
from typing import Any


class MessageError(ValueError):
    """The events do not add up to a message. The text ends the sentence "The answer cannot be read: …"."""


class ForeignAnswer(MessageError):
    """The answer is of another kind: the server may not offer the Messages API at all. `media_type` tells which."""

    def __init__(self, media_type: str) -> None:
        super().__init__("it is no answer of the Messages API")
        self.media_type = media_type


class ErrorEvent(Exception):
    """The API gave up, and said why in an event."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        super().__init__("The API sent an error event.")
        self.event = event
