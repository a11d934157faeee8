"""The table of the vectors that are indexed, and the index of each collection: made, found, dropped. Sync.

The table is no model, because its type is there only where the extension is. No foreign key leads to the chunks: where
the extension's file has gone, they could not be deleted any more. A row without its chunk does no harm.
"""

import logging
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from document_collections.models import Collection
from web.database import hold_lock, is_postgres

logger = logging.getLogger(__name__)

MAX_DIMENSION = 4_000
"""Of vectors in half precision, which pgvector can index."""
MIN_VERSION = (0, 7)
"""Of pgvector: the first with vectors in half precision, whose index is half as large."""
LOST = ("0A", "42", "58", "XX")
"""The classes of PostgreSQL's errors when the extension has gone: its type, its table, or the file with its code."""
VERSION = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
HAS_TABLE = """
SELECT EXISTS (SELECT FROM pg_attribute
               WHERE attrelid = to_regclass('vectors_index') AND attname = 'embedding' AND NOT attisdropped)
"""
CREATE_TABLE = """
DROP TABLE IF EXISTS vectors_index;
CREATE TABLE vectors_index (
    chunk_id bigint PRIMARY KEY,
    collection_id uuid NOT NULL,
    dimension integer NOT NULL,
    embedding halfvec NOT NULL
)
"""
CREATE_INDEX = """
CREATE INDEX IF NOT EXISTS {name} ON vectors_index USING hnsw ((embedding::halfvec({dimension})) halfvec_cosine_ops)
WHERE collection_id = '{collection}' AND dimension = {dimension}
"""
DELETE_ABANDONED = """
DELETE FROM vectors_index AS indexed WHERE NOT EXISTS (SELECT FROM vectors_chunk WHERE id = indexed.chunk_id)
"""
LIST_INDEXES = "SELECT indexname FROM pg_indexes WHERE tablename = 'vectors_index' AND indexname ~ '_[0-9]+$'"


def has_extension() -> bool:
    """Return whether this database has pgvector, in a version that can be used."""
    if not is_postgres():
        return False
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        found = cursor.fetchone()
    return found is not None and tuple(map(int, found[0].split(".")[:2])) >= MIN_VERSION


def create_extension() -> bool:
    """Create the extension if the database has none; return whether it is there. Its user may lack the right to."""
    if not is_postgres():
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS vector")
    except DatabaseError as error:
        logger.warning("vector_extension_not_created", extra={"reason": str(error).partition("\n")[0]})
    return has_extension()


def create_table() -> None:
    """Create the table where it is missing, or has lost its vectors with the extension: then no index is complete."""
    with transaction.atomic(), connection.cursor() as cursor:
        hold_lock("vectors_index")
        cursor.execute(HAS_TABLE)
        if not cursor.fetchone()[0]:
            cursor.execute(CREATE_TABLE)
            Collection.objects.filter(has_vector_index=True).update(has_vector_index=False)


def delete_abandoned_rows() -> None:
    """Delete the rows of chunks that are gone, such as those of a deleted workspace."""
    with connection.cursor() as cursor:
        cursor.execute(DELETE_ABANDONED)


def create_index(collection_id: UUID, dimension: int) -> None:
    """Create the index of a collection, which is empty at first, in place of one with another dimension."""
    _drop_other_indexes(collection_id, keep=dimension)
    name, places = _name_index(collection_id, dimension), {"dimension": int(dimension), "collection": collection_id}
    with connection.cursor() as cursor:
        cursor.execute(CREATE_INDEX.format(name=name, **places))


def _drop_other_indexes(collection_id: UUID, keep: int) -> None:
    """Drop the indexes of a collection that have another dimension than `keep`."""
    own, kept = _name_index(collection_id), _name_index(collection_id, keep)
    _drop([name for name in list_indexes() if name.startswith(own) and name != kept])


def drop_abandoned_indexes() -> None:
    """Drop the indexes of collections that are gone."""
    known = {_name_index(id) for id in Collection.objects.values_list("pk", flat=True)}
    _drop([name for name in list_indexes() if name.rpartition("_")[0] not in known])


def list_indexes() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(LIST_INDEXES)
        return [name for (name,) in cursor.fetchall()]


def give_up(collection_id: UUID, error: DatabaseError) -> None:
    """Note that the collection has no index any more, so that searches read its chunks, when the extension has gone.

    Raises the error again when it says something else, such as that the database is away.
    """
    state = getattr(error.__cause__, "sqlstate", None) or ""
    if not state.startswith(LOST):
        raise error
    reason = str(error).partition("\n")[0]
    logger.warning("vector_index_lost", extra={"collection": str(collection_id), "reason": reason})
    Collection.objects.filter(pk=collection_id).update(has_vector_index=False)


def _drop(names: list[str]) -> None:
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute(f"DROP INDEX IF EXISTS {connection.ops.quote_name(name)}")


def _name_index(collection_id: UUID, dimension: int | None = None) -> str:
    name = f"vectors_index_{collection_id.hex}"
    return name if dimension is None else f"{name}_{dimension}"
