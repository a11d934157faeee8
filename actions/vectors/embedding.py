"""What an embedder is: it turns texts into rows of numbers, near to each other where the texts are. Pure.

numpy is imported only where it computes, here and in all that a server loads before its first call: it takes 13 MB.
"""

import asyncio
import sys
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

from actions.contract.connection import Connection

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Purpose = Literal["document", "query"]
Vectors: TypeAlias = "NDArray[np.float32]"

BUILT_IN = "builtin"
LEXICAL = "lexical-3"
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


@dataclass(frozen=True, slots=True)
class EmbedderMismatch:
    """Why a collection cannot be used by an embedder, and what to do."""

    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class CollectionFacts:
    """What a plan may know of a collection: what a run refuses can be told before it."""

    name: str
    identity: EmbedderIdentity
    """What embeds its documents."""
    is_settled: bool
    """Whether that is decided; else the first embedder that saves into it decides."""
    has_embedder: bool
    """Whether it can embed by itself, so that no embedder has to be attached."""

    def find_mismatch(self, identity: EmbedderIdentity) -> EmbedderMismatch | None:
        """Return why vectors of this embedder cannot be compared with those of the collection, or None."""
        if not self.is_settled or self.identity.is_comparable(identity):
            return None
        message = f"The collection {self.name!r} is embedded by {self.identity}, and this is {identity}."
        return EmbedderMismatch(message, self._suggest_remedy(identity))

    def describe_missing_embedder(self) -> EmbedderMismatch:
        """Return why the collection cannot be used without an attached embedder."""
        message = f"The collection {self.name!r} is embedded by {self.identity}, and no embedder is attached."
        return EmbedderMismatch(message, "Attach a text embedder with that model.")

    def _suggest_remedy(self, identity: EmbedderIdentity) -> str:
        if (identity.kind, identity.model) == (self.identity.kind, self.identity.model):
            return (
                f"Set Dimensions of the attached embedder to {self.identity.dimension}, or choose another collection."
            )
        if self.has_embedder:
            return "Delete the attached embedder: the collection embeds by itself. Or choose another collection."
        return "Attach the embedder that the collection was filled with, or choose another collection."


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


async def load_numpy() -> None:
    """Import numpy in a thread: the first run that needs it holds up no stream of this process meanwhile."""
    if "numpy" not in sys.modules:
        await asyncio.to_thread(import_module, "numpy")


def can_embed(kind: type[Connection]) -> bool:
    return callable(getattr(kind, "build_embedder", None))
