"""What a run may ask of the collections of its workspace. Pure: the host of the run offers the object."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, get_args

from actions.vectors.embedding import EmbedderIdentity, TextEmbedder, Vectors
from actions.vectors.filters import Filter

Distance = Literal["cosine", "euclidean", "inner_product"]
DISTANCES: tuple[Distance, ...] = get_args(Distance)
MAX_RESULTS = 100
MAX_QUERY_CHARACTERS = 20_000
MAX_FILTER_CHARACTERS = 2_000


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched. `score_limit` is the least score, for the Euclidean distance the greatest distance."""

    top: int = 5
    skip: int = 0
    distance: Distance = "cosine"
    score_limit: float | None = None
    filter: Filter | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found. `score` is the similarity, for the Euclidean distance the distance."""

    text: str
    score: float
    document: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk before it is stored."""

    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class VectorStore(Protocol):
    """The collections of one workspace, by name. Every method raises ActionError `unknown_collection`."""

    async def get_embedder(self, collection: str) -> TextEmbedder:
        """Return the collection's own embedder; raises ActionError when only an attached one can be it."""

    async def search(self, collection: str, vector: Vectors, identity: EmbedderIdentity, query: Query) -> list[Hit]:
        """Return the best chunks, best first; raises ActionError `embedder_mismatch`."""

    async def check(self, collection: str, identity: EmbedderIdentity) -> None:
        """Raise ActionError `embedder_mismatch` before anything is paid for."""

    async def save(
        self, collection: str, context: str, pieces: Sequence[Piece], vectors: Vectors, identity: EmbedderIdentity
    ) -> str:
        """Store a document, in place of what the same `context` stored before when that is not empty; return its id."""
