"""Searches the vectors of a collection in memory. Pure: it is built from rows and knows no database."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from actions.vectors.embedding import Vectors
from actions.vectors.filters import NAME_FIELD, FieldValues, Mask
from actions.vectors.store import Distance, Query

Scores = NDArray[np.float32]
MAX_CACHED_COLUMNS = 20


@dataclass(slots=True)
class Matrix:
    """All chunks that can be found in a collection at one revision. It does not change, except for its cached columns.

    The arrays and `metadata` have one entry for each chunk, in one order.
    """

    revision: int
    """The collection's revision when the rows were read."""
    ids: NDArray[np.int64]
    """The primary keys of the chunks."""
    vectors: Vectors
    """One row for each chunk."""
    metadata: list[str]
    """JSON, which takes a fraction of the memory of the objects; a filter parses it into columns."""
    documents: NDArray[np.intp]
    """By chunk, the position of its document's name in `names`."""
    names: list[str]
    """The names of the documents."""
    texts: list[str] = field(default_factory=list)
    """The folded texts of the chunks, when words are searched; else empty."""
    lengths: Scores = field(init=False)
    """The Euclidean lengths of the vectors."""
    _columns: dict[str, FieldValues] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.lengths = np.linalg.norm(self.vectors, axis=1).astype(np.float32)

    @property
    def bytes(self) -> int:
        """About how much memory the matrix takes."""
        metadata = 2 * sum(map(len, self.metadata)) + 100 * len(self.metadata)
        return int(self.vectors.nbytes) + metadata + sum(map(sys.getsizeof, self.texts))

    def search(self, vector: Vectors, query: Query) -> list[tuple[int, float]]:
        """Return the ids of the best chunks with their scores, best first; of equal scores the earlier chunk first.

        A chunk whose similarity is below 0 has nothing to do with the text. It is found only when the query has a score
        limit that takes it.
        """
        scores = self.compute_scores(vector, query.distance)
        mask = self.select(query) & is_within_limit(scores, query)
        if query.score_limit is None and query.distance != "euclidean":
            mask &= scores >= 0
        return self.pick_best(scores, mask, query)

    def pick_best(self, scores: Scores, mask: Mask, query: Query) -> list[tuple[int, float]]:
        """Return the ids of the best chunks of those in the mask, as `search` does."""
        candidates = np.flatnonzero(mask)
        order = -scores[candidates] if query.distance != "euclidean" else scores[candidates]
        best = candidates[find_smallest(order, query.skip + query.top)][query.skip :]
        return [(int(self.ids[at]), round(float(scores[at]), 6)) for at in best]

    def get_column(self, name: str) -> FieldValues:
        """Return a metadata field of all chunks; the field `document` is the name of the chunk's document."""
        if name == NAME_FIELD:
            return FieldValues(self.names, self.documents)
        if name not in self._columns:
            if len(self._columns) >= MAX_CACHED_COLUMNS:
                self._columns.clear()
            self._columns[name] = self._read_column(name)
        return self._columns[name]

    def _read_column(self, name: str) -> FieldValues:
        """Parse a field out of the JSON. Many chunks share their metadata, so equal texts are parsed once."""
        numbers = {text: number for number, text in enumerate(dict.fromkeys(self.metadata))}
        which = np.fromiter((numbers[text] for text in self.metadata), np.intp, len(self.metadata))
        values = [_get_at_path(json.loads(text), name) for text in numbers]
        return _merge_equal_values(FieldValues(values, which))

    def select(self, query: Query) -> Mask:
        """Return which chunks the filter of the query lets through."""
        count = len(self.metadata)
        return np.ones(count, bool) if query.filter is None else query.filter.mask(self.get_column, count)

    def compute_scores(self, vector: Vectors, distance: Distance) -> Scores:
        """Return the score of every chunk: how similar it is, with the Euclidean distance how far away."""
        products: Scores = self.vectors @ vector
        length = np.float32(np.linalg.norm(vector))
        match distance:
            case "inner_product":
                return products
            case "cosine":
                cosines: Scores = products / np.maximum(self.lengths * length, np.float32(1e-12))
                return cosines
            case "euclidean":
                squares = self.lengths**2 + length**2 - 2 * products
                distances: Scores = np.sqrt(np.maximum(squares, 0))
                return distances
            case _:
                assert_never(distance)


@dataclass(frozen=True, slots=True)
class ChunkRow:
    """A chunk as it is read from the database for a matrix."""

    id: int
    document: UUID
    name: str
    metadata: str
    vector: bytes
    text: str | None = None
    """The folded text, when words are searched."""


def is_within_limit(scores: Scores, query: Query) -> Mask:
    """Return which scores are numbers and within the score limit of the query."""
    mask: Mask = np.isfinite(scores)
    if query.score_limit is not None:
        is_similarity = query.distance != "euclidean"
        mask &= scores >= query.score_limit if is_similarity else scores <= query.score_limit
    return mask


def build_matrix(revision: int, dimension: int, rows: Sequence[ChunkRow]) -> Matrix:
    """Return the matrix of these chunks, in their order. Each vector must have `dimension` numbers."""
    vectors = np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(len(rows), dimension)
    numbers: dict[UUID, int] = {}
    names: list[str] = []
    for row in rows:
        if row.document not in numbers:
            numbers[row.document] = len(names)
            names.append(row.name)
    documents = np.fromiter((numbers[row.document] for row in rows), np.intp, len(rows))
    ids = np.fromiter((row.id for row in rows), np.int64, len(rows))
    texts = [row.text for row in rows if row.text is not None]
    metadata = [row.metadata for row in rows]
    return Matrix(revision, ids, vectors.astype(np.float32, copy=False), metadata, documents, names, texts)


def find_smallest(order: Scores, count: int) -> NDArray[np.intp]:
    """Return the positions of the `count` smallest values, ascending; of equal values the earlier position first."""
    if count < len(order):
        # All values equal to the last one are sorted too, because the partition orders equal values arbitrarily.
        limit = np.partition(order, count - 1)[count - 1]
        nearest = np.flatnonzero(order <= limit)
        return nearest[np.argsort(order[nearest], kind="stable")][:count]
    return np.argsort(order, kind="stable")


def _merge_equal_values(values: FieldValues) -> FieldValues:
    """Return the same column with every value once, so that a filter tests each value once."""
    numbers: dict[str, int] = {}
    merged = [numbers.setdefault(json.dumps(value), len(numbers)) for value in values.different]
    return FieldValues([json.loads(text) for text in numbers], np.array(merged, np.intp)[values.which])


def _get_at_path(metadata: Any, path: str) -> Any:
    for name in path.split("."):
        metadata = metadata.get(name) if isinstance(metadata, Mapping) else None
    return metadata
