"""An answer that is one JSON document instead of a stream: the events that say the same. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from actions.anthropic.stream.error_body import is_error, is_error_list
from actions.anthropic.stream.message_error import ForeignAnswer, MessageError
from actions.contract.json_values import parse_json_value

JSON = "application/json"


class JsonDecoder:
    """Keeps the bytes of an answer that is one JSON document, and gives its events when it is whole."""

    def __init__(self) -> None:
        self._held = bytearray()

    def decode(self, data: bytes) -> Iterator[dict[str, Any]]:
        """Keep `data`, and yield nothing."""
        self._held += data
        return iter(())

    def finish(self) -> Iterator[dict[str, Any]]:
        """Return the events of the document. Raises MessageError."""
        return read_json_answer(bytes(self._held))


def read_json_answer(text: bytes) -> Iterator[dict[str, Any]]:
    """Return the events of a stream that would bring this message, or this error. Raises MessageError."""
    try:
        document = parse_json_value(text)
    except ValueError:
        raise MessageError("it is no whole JSON") from None
    if is_error_list(document):
        document = document[0]
    if not isinstance(document, Mapping):
        raise ForeignAnswer(JSON)
    if document.get("type") == "message" and isinstance(document.get("content"), list):
        return _split_message(document)
    if is_error(document):
        return iter(({**document, "type": "error"},))
    if str(document.get("type")).endswith("_error"):
        return iter(({"type": "error", "error": document},))
    raise ForeignAnswer(JSON)


def _split_message(message: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield {"type": "message_start", "message": {**message, "content": []}}
    for index, block in enumerate(message["content"]):
        yield {"type": "content_block_start", "index": index, "content_block": block}
        yield {"type": "content_block_stop", "index": index}
    reasons = {name: message.get(name) for name in ("stop_reason", "stop_sequence", "stop_details")}
    yield {"type": "message_delta", "delta": reasons, "usage": message.get("usage")}
    yield {"type": "message_stop"}
