"""What the server and the worker say to each other of one document. Values only: it is loaded in both processes."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

CHUNKS_PER_FRAME = 64
"""The server stores a frame in one transaction, which must be short."""


@dataclass(frozen=True, slots=True)
class Job:
    """One document, and how to embed it."""

    path: str
    """Where the file is."""
    name: str
    """The file's name as a person sees it; every chunk has it as its `source`."""
    media_type: str
    """One of the media types in `uploads.MEDIA_TYPES`."""
    model: str
    """The embedding model."""
    dimension: int | None
    """The numbers in a vector; None for as many as the model gives."""
    connection: Mapping[str, Any] | None
    """The embedder's connection: its kind, and its values with its secrets. None for the built-in embedder."""
    private_hosts: list[str]
    """The private hosts that this server may call."""
    done: int = 0
    """How many chunks were sent in earlier turns. The worker goes on behind them."""

    def encode(self) -> bytes:
        """Return the job as the line that the worker reads."""
        return json.dumps(asdict(self)).encode() + b"\n"
