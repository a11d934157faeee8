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
    """Which of the nearest chunks a search returns."""

    top: int = 5
    """How many chunks at most."""
    skip: int = 0
    """How many of the best chunks are left out."""
    distance: Distance = "cosine"
    """How near two vectors are."""
    score_limit: float | None = None
    """The least score of a chunk; with the Euclidean distance the greatest distance."""
    filter: Filter | None = None
    """Which chunks may be found, by their metadata."""
    text: str = ""
    """What is looked for, in words: a hit tells which it has. With the built-in embedder it has at least one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that a search found."""

    text: str
    score: float
    """How similar it is; with the Euclidean distance how far away."""
    document: str
    """The name of the document that the chunk is from."""
    metadata: Mapping[str, Any]
    """What the chunk carries for filters and prompts."""
    matches: Sequence[str] = ()
    """The words of the text that match the search text, as the text writes them."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A chunk before it is stored."""

    text: str
    metadata: Mapping[str, Any] = field(default_factory=dict)


class VectorStore(Protocol):
    """The collections of one workspace, by id or name. Every method raises ActionError `unknown_collection`."""

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
