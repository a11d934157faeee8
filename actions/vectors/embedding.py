"""What an embedder is: it turns texts into rows of numbers, near to each other where the texts are. Pure."""

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from actions.contract.connection import Connection

Purpose = Literal["document", "query"]
Vectors = NDArray[np.float32]

BUILT_IN = "builtin"
LEXICAL = "lexical-2"
"""Another number for every change of the vectors: a migration of `document_collections` embeds anew what is stored."""
DEFAULT_DIMENSION = 256
MAX_DIMENSION = 4096


@dataclass(frozen=True, slots=True)
class EmbedderIdentity:
    """What made a vector. Vectors can be compared only when the same embedder made them."""

    kind: str
    """`builtin`, or the kind of the connection."""
    model: str
    """The name of the model."""
    dimension: int | None = None
    """How many numbers a vector has; None until a first vector shows it."""

    def __str__(self) -> str:
        name = "the built-in embedder" if self.kind == BUILT_IN else f"{self.model!r} ({self.kind})"
        return f"{name} with {self.dimension} dimensions" if self.dimension else name

    def is_comparable(self, other: "EmbedderIdentity") -> bool:
        """Return whether vectors of the two may be compared, as far as it is known."""
        dimensions = {self.dimension, other.dimension} - {None}
        return (self.kind, self.model) == (other.kind, other.model) and len(dimensions) < 2


class TextEmbedder:
    """Turns texts into vectors. A helper provides one to the action that it hangs under."""

    identity: EmbedderIdentity

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        """Return one float32 row for each text, in their order; raises ActionError when that cannot be done.

        `purpose` tells what is searched from what it is searched by, for models that embed the two differently.
        """
        raise NotImplementedError


@runtime_checkable
class EmbeddingConnection(Protocol):
    """A connection that can embed."""

    def build_embedder(self, model: str, dimension: int | None) -> TextEmbedder: ...


def can_embed(kind: type[Connection]) -> bool:
    return callable(getattr(kind, "build_embedder", None))
