"""Writes large JSON in pieces, so that it holds up nothing else when a thread does it. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic_core import to_json

MAX_DEPTH = 4
"""Below it, a value is written at once."""
PIECE_CHARACTERS = 64 * 1024
"""Of a text that is written at once."""


def iterate_json(value: Any, depth: int = 0) -> Iterator[bytes]:
    """Yield the value as JSON. Others go on between two fields, two items of a list, and two parts of a long text."""
    if isinstance(value, str) and len(value) > PIECE_CHARACTERS:
        yield b'"'
        for start in range(0, len(value), PIECE_CHARACTERS):
            yield to_json(value[start : start + PIECE_CHARACTERS])[1:-1]
        yield b'"'
    elif depth < MAX_DEPTH and isinstance(value, Mapping):
        yield b"{"
        for index, (name, item) in enumerate(value.items()):
            yield b"%b%b:" % (b"," if index else b"", to_json(str(name)))
            yield from iterate_json(item, depth + 1)
        yield b"}"
    elif depth < MAX_DEPTH and isinstance(value, list | tuple):
        yield b"["
        for index, item in enumerate(value):
            if index:
                yield b","
            yield from iterate_json(item, depth + 1)
        yield b"]"
    else:
        yield to_json(value, inf_nan_mode="null")
