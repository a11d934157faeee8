"""Makes the index of collections that are large enough for one, in short steps. Sync; for threads that may wait."""

import collections
from collections.abc import Iterator
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet, Sum

from actions.vectors.embedding import BUILT_IN
from document_collections.models import Collection, DocumentStatus
from document_collections.vector_index.rows import add_rows
from document_collections.vector_index.tables import (
    MAX_DIMENSION,
    create_index,
    create_table,
    delete_abandoned_rows,
    drop_abandoned_indexes,
    has_extension,
)

MIN_CHUNKS = 5_000
"""A smaller collection is searched in memory, exactly, in about a millisecond."""
CHUNKS_PER_STEP = 25
LIST_MISSING = """
SELECT chunk.id, chunk.vector FROM vectors_chunk AS chunk
JOIN vectors_document AS document ON document.id = chunk.document_id
LEFT JOIN vectors_index AS indexed ON indexed.chunk_id = chunk.id AND indexed.collection_id = document.collection_id
WHERE document.collection_id = %s AND chunk.id > %s AND indexed.chunk_id IS NULL AND length(chunk.vector) = %s
ORDER BY chunk.id LIMIT %s
"""


def list_due() -> QuerySet[Collection]:
    """Return the collections that should have an index and have none.

    Those of the built-in embedder are searched by their words, which needs their texts in memory.
    """
    ready = Sum("documents__done", filter=Q(documents__status=DocumentStatus.READY), default=0)
    rows = Collection.objects.exclude(embedder_kind=BUILT_IN).annotate(ready_chunks=ready)
    return rows.filter(has_vector_index=False, dimension__lte=MAX_DIMENSION, ready_chunks__gte=MIN_CHUNKS)


def tend_indexes() -> Iterator[None]:
    """Build the indexes that are due, where the database has the extension, and drop those that nobody needs.

    Each step takes some tenths of a second at most, and no transaction outlasts it.
    """
    if has_extension():
        create_table()
        delete_abandoned_rows()
        yield
        for row in list_due():
            yield from build_index(row)
        drop_abandoned_indexes()


def build_index(collection: Collection) -> Iterator[None]:
    """Make the index of a collection, in steps. What is done is not done again, if the steps are left in between.

    Others store meanwhile. Only the last step keeps them waiting, for what they have stored since the one before.
    """
    dimension = collection.dimension
    assert dimension is not None, "an empty collection has no index"
    create_table()
    create_index(collection.pk, dimension)
    yield
    yield from _index_missing(collection.pk, dimension)
    with transaction.atomic():
        row = Collection.objects.select_for_update().filter(pk=collection.pk, dimension=dimension)
        if row.first():  # else it was deleted, or its embedder has changed
            collections.deque(_index_missing(collection.pk, dimension), maxlen=0)
            row.update(has_vector_index=True)


def _index_missing(collection_id: UUID, dimension: int) -> Iterator[None]:
    """Put the missing chunks into the index, `CHUNKS_PER_STEP` in each step."""
    import numpy as np

    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(LIST_MISSING, [collection_id, last, dimension * 4, CHUNKS_PER_STEP])
            rows = cursor.fetchall()
        if not rows:
            return
        vectors = np.frombuffer(b"".join(bytes(vector) for _, vector in rows), "<f4").reshape(len(rows), dimension)
        add_rows(collection_id, [id for id, _ in rows], vectors)
        last = rows[-1][0]
        yield
