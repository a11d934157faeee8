"""Inserts and deletes the rows of chunks, a few at a time, each time in one statement that is a transaction of its own.

A statement runs without Python's lock. While it holds the lock of the database, it waits for nothing else, so other
writers wait for a short time only. Sync.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from actions.vectors.embedding import Vectors
from actions.vectors.store import Piece

CHUNKS_PER_DELETE = 250
COLUMNS = "(document_id, position, text, metadata, vector)"
INSERT = f"INSERT INTO vectors_chunk {COLUMNS} VALUES "  # noqa: S608  (a constant)
DELETE = "DELETE FROM vectors_chunk WHERE id IN (SELECT id FROM vectors_chunk WHERE document_id = %s LIMIT %s)"


def insert_chunks(document_id: UUID, first_position: int, pieces: Sequence[Piece], vectors: Vectors) -> int:
    """Store chunks with rising positions; return their bytes. Raises IntegrityError when the document is gone.

    `vectors` has one row for each piece, in the same order.
    """
    import numpy as np

    key = _get_key(document_id)
    rows = np.ascontiguousarray(vectors, "<f4")
    values: list[Any] = []
    size = rows.nbytes
    for index, piece in enumerate(pieces):
        metadata = json.dumps(dict(piece.metadata))
        values += (key, first_position + index, piece.text, metadata, rows[index].tobytes())
        size += len(piece.text.encode()) + len(metadata)
    with connection.cursor() as cursor:
        cursor.execute(INSERT + ", ".join(["(%s, %s, %s, %s, %s)"] * len(pieces)), values)
    return size


def delete_chunks(document_id: UUID) -> None:
    """Delete all chunks of a document, `CHUNKS_PER_DELETE` in each statement."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(DELETE, [_get_key(document_id), CHUNKS_PER_DELETE])
            if cursor.rowcount < CHUNKS_PER_DELETE:
                return


def _get_key(id: UUID) -> Any:
    """Return the id as the database stores it: SQLite has no type for it and stores its hexadecimal digits."""
    return id if connection.features.has_native_uuid_field else id.hex
