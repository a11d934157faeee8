"""What events that make no answer raise. Pure."""

from collections.abc import Mapping
from typing import Any


class MessageError(ValueError):
    """The events do not add up to a message. The text ends the sentence "The answer cannot be read: …"."""


class ErrorEvent(Exception):
    """The API gave up, and said why in an event."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        super().__init__("The API sent an error event.")
        self.event = event
