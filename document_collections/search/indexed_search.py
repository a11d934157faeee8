"""Searches a collection that has an index in PostgreSQL: only the chunks that the index names are read and compared."""

from dataclasses import replace
from typing import TYPE_CHECKING

from actions.vectors.embedding import Vectors
from actions.vectors.store import Query
from document_collections.models import Collection
from document_collections.search.matrix_cache import read_matrix
from document_collections.vector_index.rows import MAX_CANDIDATES, find_nearest

if TYPE_CHECKING:
    from document_collections.search.matrix import Matrix

CANDIDATES_PER_RESULT = 4
MIN_CANDIDATES = 64
"""More than are wanted, because the index rounds, and a filter takes some away."""


def search_index(collection: Collection, vector: Vectors, query: Query) -> list[tuple[int, float]] | None:
    """Return the ids of the best chunks with their scores, as `Matrix.search` does.

    None when all chunks have to be compared: for a distance that the index does not know, or when too few of the
    chunks that it names pass the filter. Sync.
    """
    wanted = query.skip + query.top
    if query.distance != "cosine" or not collection.has_vector_index or wanted * CANDIDATES_PER_RESULT > MAX_CANDIDATES:
        return None
    for count in (max(MIN_CANDIDATES, wanted * CANDIDATES_PER_RESULT), MAX_CANDIDATES):
        nearest = find_nearest(collection, vector, count)
        if nearest is None:
            return None
        matrix = read_matrix(collection, nearest)
        found = matrix.search(vector, replace(query, top=wanted, skip=0))
        if len(found) == wanted or _reaches_limit(matrix, vector, query):
            return found[query.skip :]
    return None


def _reaches_limit(matrix: "Matrix", vector: Vectors, query: Query) -> bool:
    """Return whether a chunk is too far away to be found: so are all that the index has not named."""
    least = 0.0 if query.score_limit is None else query.score_limit
    return bool((matrix.compute_scores(vector, query.distance) < least).any())
