"""How the server and the evaluating process talk: JSON behind its length in four bytes. Pure."""

from typing import Any, BinaryIO

from pydantic_core import from_json, to_json

LENGTH_BYTES = 4
MEGABYTE = 1024 * 1024
READY = {"ready": True}
"""What the process says when it begins to read."""
OUT_OF_MEMORY = "out_of_memory"
"""The code of an answer to what needs too much memory."""
MAX_MEMORY_MB = 40
"""Of the process that evaluates, above what it has when it begins."""
MAX_RESULT_MB = 8
"""Of a result as JSON: an image of 5 MB may be put into a list."""


def build_frame(message: dict[str, Any]) -> bytes:
    """Return the bytes of a message."""
    body = to_json(message)
    return len(body).to_bytes(LENGTH_BYTES) + body


def read_frame(stream: BinaryIO) -> dict[str, Any]:
    """Return the next message; raises EOFError when the other side has ended."""
    head = stream.read(LENGTH_BYTES)
    length = int.from_bytes(head)
    body = stream.read(length) if len(head) == LENGTH_BYTES else b""
    if not body or len(body) < length:
        raise EOFError
    message: dict[str, Any] = from_json(body)
    return message
