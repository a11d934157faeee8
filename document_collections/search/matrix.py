"""The vectors of a collection in memory, and the search in them. Pure: it is given rows and knows no database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from actions.vectors.embedding import Vectors
from actions.vectors.filters import Mask, Values
from actions.vectors.store import Distance, Query

Scores = NDArray[np.float32]
NAME_FIELD = "document"
MOST_COLUMNS = 20


@dataclass(slots=True)
class Matrix:
    """All that can be found in a collection at one revision. Not changed after it was made.

    `metadata` is kept as JSON, which takes a fraction of the memory of the objects; a filter reads it into columns.
    """

    revision: int
    ids: NDArray[np.int64]
    vectors: Vectors
    metadata: list[str]
    documents: NDArray[np.intp]
    names: list[str]
    lengths: Scores = field(init=False)
    _columns: dict[str, Values] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.lengths = np.linalg.norm(self.vectors, axis=1).astype(np.float32)

    @property
    def bytes(self) -> int:
        return int(self.vectors.nbytes) + 2 * sum(map(len, self.metadata)) + 100 * len(self.metadata)

    def search(self, vector: Vectors, query: Query) -> list[tuple[int, float]]:
        """Return the ids of the best chunks with their scores, best first."""
        scores = self._scores(vector, query.distance)
        found = np.flatnonzero(self._wanted(scores, query))
        order = -scores[found] if query.distance != "euclidean" else scores[found]
        best = found[_smallest(order, query.skip + query.top)][query.skip :]
        return [(int(self.ids[at]), round(float(scores[at]), 6)) for at in best]

    def column(self, name: str) -> Values:
        """Return a field of all chunks; `document` is the name of the chunk's document."""
        if name == NAME_FIELD:
            return Values(self.names, self.documents)
        if name not in self._columns:
            if len(self._columns) >= MOST_COLUMNS:
                self._columns.clear()
            self._columns[name] = self._read(name)
        return self._columns[name]

    def _read(self, name: str) -> Values:
        """Read a field out of the JSON. Many chunks share their metadata, so equal texts are read once."""
        numbers = {text: number for number, text in enumerate(dict.fromkeys(self.metadata))}
        which = np.fromiter((numbers[text] for text in self.metadata), np.intp, len(self.metadata))
        values = [_at(json.loads(text), name) for text in numbers]
        return _without_doubles(Values(values, which))

    def _wanted(self, scores: Scores, query: Query) -> Mask:
        wanted = np.isfinite(scores)
        if query.score_limit is not None:
            least = query.distance != "euclidean"
            wanted &= scores >= query.score_limit if least else scores <= query.score_limit
        if query.filter is not None:
            wanted &= query.filter.mask(self.column, len(self.metadata))
        return wanted

    def _scores(self, vector: Vectors, distance: Distance) -> Scores:
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
class Row:
    """A chunk as it is read for a matrix."""

    id: int
    document: UUID
    name: str
    metadata: str
    vector: bytes


def build(revision: int, dimension: int, rows: Sequence[Row]) -> Matrix:
    vectors = np.frombuffer(b"".join(row.vector for row in rows), "<f4").reshape(len(rows), dimension)
    numbers: dict[UUID, int] = {}
    names: list[str] = []
    for row in rows:
        if row.document not in numbers:
            numbers[row.document] = len(names)
            names.append(row.name)
    documents = np.fromiter((numbers[row.document] for row in rows), np.intp, len(rows))
    ids = np.fromiter((row.id for row in rows), np.int64, len(rows))
    return Matrix(
        revision, ids, vectors.astype(np.float32, copy=False), [row.metadata for row in rows], documents, names
    )


def _smallest(order: Scores, count: int) -> NDArray[np.intp]:
    """Return where the `count` smallest are, in order; of equal ones the first."""
    if count < len(order):
        # All that tie with the last one are kept for the sort, so that the order never hangs on the partition.
        limit = np.partition(order, count - 1)[count - 1]
        near = np.flatnonzero(order <= limit)
        return near[np.argsort(order[near], kind="stable")][:count]
    return np.argsort(order, kind="stable")


def _without_doubles(values: Values) -> Values:
    """Return the same with every value once, so that a test runs once for each."""
    numbers: dict[str, int] = {}
    merged = [numbers.setdefault(json.dumps(value), len(numbers)) for value in values.different]
    return Values([json.loads(text) for text in numbers], np.array(merged, np.intp)[values.which])


def _at(metadata: Any, path: str) -> Any:
    for name in path.split("."):
        metadata = metadata.get(name) if isinstance(metadata, Mapping) else None
    return metadata
