"""Searches a collection."""

from django.conf import settings

from actions.contract.errors import DomainError
from actions.vectors.embedding import BUILT_IN, EmbedderIdentity, TextEmbedder, Vectors
from actions.vectors.filters import FilterError, parse_filter
from actions.vectors.store import Distance, Hit, Query
from actions.vectors.words import find_matching_words
from document_collections.embedders import get_embedder
from document_collections.models import Chunk, Collection
from document_collections.saving import check_embedder
from document_collections.search.indexed_search import search_index
from document_collections.search.matrix_cache import MatrixCache
from web.database import in_database

# One for the process: all searches share the memory that the administrator has granted.
matrix_cache = MatrixCache(settings.MILLRACE_VECTOR_CACHE_BYTES // settings.MILLRACE_PROCESSES)


async def search_text(
    collection: Collection, text: str, top: int = 5, filter: str = "", distance: Distance = "cosine"
) -> list[Hit]:
    """Search as a flow does, with the collection's own embedder. Return the best chunks, best first.

    Raises DomainError: `invalid` for a filter or an embedder that cannot be used, `upstream` when its API fails.
    """
    try:
        parsed = parse_filter(filter) if filter.strip() else None
    except FilterError as error:
        raise DomainError("invalid", "invalid_filter", f"{error}.", field="filter") from None
    embedder = await in_database(_require_embedder, collection)
    vector = (await embedder.embed([text], "query"))[0]
    query = Query(top=top, distance=distance, filter=parsed, text=text)
    return await in_database(_check_and_search, collection, embedder, vector, query)


def search_collection(collection: Collection, vector: Vectors, query: Query) -> list[Hit]:
    """Return the best chunks, best first. Sync; for database threads."""
    if collection.dimension is None:
        return []
    scores = _score(collection, vector, query)
    chunks = Chunk.objects.select_related("document").defer("vector").in_bulk([id for id, _ in scores])
    # A chunk that was deleted between the two steps is left out.
    return [_build_hit(chunks[id], score, query) for id, score in scores if id in chunks]


def _score(collection: Collection, vector: Vectors, query: Query) -> list[tuple[int, float]]:
    """Return the ids of the best chunks with their scores, best first."""
    from document_collections.search.word_search import search_words  # imports numpy

    if collection.embedder_kind == BUILT_IN and query.text:
        return search_words(matrix_cache.get_matrix(collection), vector, query)
    found = search_index(collection, vector, query)
    return matrix_cache.get_matrix(collection).search(vector, query) if found is None else found


def _build_hit(chunk: Chunk, score: float, query: Query) -> Hit:
    matches = find_matching_words(query.text, chunk.text)
    return Hit(chunk.text, score, chunk.document.name, chunk.metadata, matches)


def _require_embedder(collection: Collection) -> TextEmbedder:
    embedder = get_embedder(collection)
    if embedder is None:
        message = "Only a flow that fills this collection knows the connection of its embedder."
        raise DomainError("invalid", "embedder_unknown", message, hint="Choose a connection for the collection.")
    return embedder


def _check_and_search(collection: Collection, embedder: TextEmbedder, vector: Vectors, query: Query) -> list[Hit]:
    check_embedder(collection, EmbedderIdentity(embedder.identity.kind, embedder.identity.model, len(vector)))
    return search_collection(collection, vector, query)
