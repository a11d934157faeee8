"""Searching a collection."""

import time

from actions.contract.errors import DomainError
from actions.vectors.embedding import EmbedderIdentity, TextEmbedder, Vectors
from actions.vectors.filters import FilterError, parse_filter
from actions.vectors.store import Distance, Hit, Query
from document_collections.embedders import embedder_of
from document_collections.models import Chunk, Collection
from document_collections.saving import check_embedder
from document_collections.search.matrix_cache import matrix_of
from document_collections.shapes import SearchAnswer
from web.database import in_database


async def try_search(
    collection: Collection, text: str, top: int = 5, filter: str = "", distance: Distance = "cosine"
) -> SearchAnswer:
    """Search as a flow does, with the collection's own embedder; raises DomainError (`invalid` or `upstream`)."""
    began = time.perf_counter()
    try:
        parsed = parse_filter(filter) if filter.strip() else None
    except FilterError as error:
        raise DomainError("invalid", "invalid_filter", f"{error}.", field="filter") from None
    embedder = await in_database(_embedder, collection)
    vector = (await embedder.embed([text], "query"))[0]
    query = Query(top=top, distance=distance, filter=parsed)
    hits = await in_database(_checked_search, collection, embedder, vector, query)
    return {
        "results": [
            {"text": hit.text, "score": hit.score, "document": hit.document, "metadata": dict(hit.metadata)}
            for hit in hits
        ],
        "took_ms": round((time.perf_counter() - began) * 1000, 1),
    }


def search(collection: Collection, vector: Vectors, query: Query) -> list[Hit]:
    """Return the best chunks, best first. Sync; for database threads."""
    found = matrix_of(collection).search(vector, query) if collection.dimension else []
    chunks = Chunk.objects.select_related("document").defer("vector").in_bulk([id for id, _ in found])
    # A chunk that was deleted between the two steps is left out.
    return [
        Hit(chunks[id].text, score, chunks[id].document.name, chunks[id].metadata)
        for id, score in found
        if id in chunks
    ]


def _embedder(collection: Collection) -> TextEmbedder:
    found = embedder_of(collection)
    if found is None:
        message = "Only a flow that fills this collection knows the connection of its embedder."
        raise DomainError("invalid", "embedder_unknown", message, hint="Choose a connection for the collection.")
    return found


def _checked_search(collection: Collection, embedder: TextEmbedder, vector: Vectors, query: Query) -> list[Hit]:
    check_embedder(collection, EmbedderIdentity(embedder.identity.kind, embedder.identity.model, len(vector)))
    return search(collection, vector, query)
