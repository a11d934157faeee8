"""Writes vectors into the index, and asks it which chunks are near a vector. Sync."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from actions.vectors.embedding import Vectors
from document_collections.models import Collection
from document_collections.vector_index.tables import give_up
from web.database import is_postgres

# The chunk may be deleted meanwhile. Its row is locked, so that the index gets no row without it.
INSERT = """
INSERT INTO vectors_index (chunk_id, collection_id, dimension, embedding)
SELECT chunk.id, %s, %s, given.embedding::halfvec
FROM unnest(%s::bigint[], %s::text[]) AS given (id, embedding) JOIN vectors_chunk AS chunk ON chunk.id = given.id
FOR KEY SHARE OF chunk
ON CONFLICT (chunk_id) DO UPDATE
SET collection_id = excluded.collection_id, dimension = excluded.dimension, embedding = excluded.embedding
"""
DELETE = """
DELETE FROM vectors_index AS indexed USING vectors_chunk AS chunk
WHERE chunk.document_id = %s AND indexed.chunk_id = chunk.id
"""
HOLD_COLLECTION = "SELECT has_vector_index FROM vectors_collection WHERE id = %s FOR KEY SHARE"
LIST_CHUNKS = """
SELECT id FROM vectors_chunk WHERE document_id = %s AND position >= %s AND position < %s ORDER BY position
"""
FIND_NEAREST = """
SELECT chunk_id FROM vectors_index WHERE collection_id = %s AND dimension = {dimension}
ORDER BY (embedding::halfvec({dimension})) <=> %s::halfvec({dimension}) LIMIT %s
"""
MAX_CANDIDATES = 1_000
"""How many chunks pgvector looks at in each search: the most that it can, because less finds less."""
# PostgreSQL takes reading all long vectors for cheap, because it counts only the pages of the rows without them.
USE_INDEX = f"SELECT set_config('hnsw.ef_search', '{MAX_CANDIDATES}', true), set_config('enable_seqscan', 'off', true)"


def add_rows(collection_id: UUID, chunk_ids: Sequence[int], vectors: Vectors) -> None:
    """Put the chunks' vectors into the index. `vectors` has one row for each chunk, in the same order.

    A vector whose length is no number, or 0, points nowhere: it is left out, and no search by angle finds it.
    """
    import numpy as np

    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1)
    places: list[int] = np.flatnonzero(np.isfinite(lengths) & (lengths > 0)).tolist()
    units = (vectors[places] / lengths[places][:, None]).astype(np.float32)
    ids = [chunk_ids[at] for at in places]
    texts = [json.dumps(unit) for unit in units.tolist()]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [collection_id, vectors.shape[1], ids, texts])


def hold_index(collection_id: UUID) -> bool:
    """Return whether the collection has an index, and let nobody complete one until this transaction has ended."""
    if not is_postgres():
        return False
    with connection.cursor() as cursor:
        cursor.execute(HOLD_COLLECTION, [collection_id])
        found = cursor.fetchone()
    return bool(found and found[0])


def index_new_chunks(collection_id: UUID, document_id: UUID, first_position: int, vectors: Vectors) -> None:
    """Put the chunks that this transaction has stored into the index. Without the extension, the index is given up."""
    positions = (document_id, first_position, first_position + len(vectors))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LIST_CHUNKS, positions)
            add_rows(collection_id, [id for (id,) in cursor.fetchall()], vectors)
    except DatabaseError as error:
        give_up(collection_id, error)


def delete_rows(document_id: UUID) -> None:
    """Take the chunks of a document out of the index, before they are deleted."""
    if not is_postgres():
        return
    found = Collection.objects.filter(documents=document_id, has_vector_index=True).values_list("pk", flat=True).first()
    if found is not None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(DELETE, [document_id])
        except DatabaseError as error:
            give_up(found, error)


def find_nearest(collection: Collection, vector: Vectors, count: int) -> list[int] | None:
    """Return the ids of the `count` chunks with the smallest angles to the vector; None when the index has gone.

    Nearly all of them are right, and there are `MAX_CANDIDATES` at most. Chunks of documents that no search finds are
    among them.
    """
    import numpy as np

    length = float(np.linalg.norm(vector.astype(np.float64)))
    if not 0 < length < float("inf"):
        return None
    unit: list[Any] = (vector / length).tolist()
    statement = FIND_NEAREST.format(dimension=int(collection.dimension or 0))
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(USE_INDEX)
            cursor.execute(statement, [collection.pk, json.dumps(unit), count])
            return [id for (id,) in cursor.fetchall()]
    except DatabaseError as error:
        give_up(collection.pk, error)
        return None
