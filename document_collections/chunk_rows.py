"""Chunks in and out of their table, a few at a time, each time in one statement that is a transaction of its own.

A statement runs without Python's lock. While it holds the database's, nobody waits for anything else. Sync.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from django.db import connection

from actions.vectors.embedding import Vectors
from actions.vectors.store import Piece

AT_ONCE = 250
COLUMNS = "(document_id, position, text, metadata, vector)"
INSERT = f"INSERT INTO vectors_chunk {COLUMNS} VALUES "  # noqa: S608  (a constant)
DELETE = "DELETE FROM vectors_chunk WHERE id IN (SELECT id FROM vectors_chunk WHERE document_id = %s LIMIT %s)"


def insert_chunks(document_id: UUID, first: int, pieces: Sequence[Piece], vectors: Vectors) -> None:
    """Store chunks; raises IntegrityError when the document is not there any more."""
    key = _key(document_id)
    rows = np.ascontiguousarray(vectors, "<f4")
    values: list[Any] = []
    for at, piece in enumerate(pieces):
        values += (key, first + at, piece.text, json.dumps(dict(piece.metadata)), rows[at].tobytes())
    with connection.cursor() as cursor:
        cursor.execute(INSERT + ", ".join(["(%s, %s, %s, %s, %s)"] * len(pieces)), values)


def delete_chunks(document_id: UUID) -> None:
    with connection.cursor() as cursor:
        while True:
            cursor.execute(DELETE, [_key(document_id), AT_ONCE])
            if cursor.rowcount < AT_ONCE:
                return


def _key(id: UUID) -> Any:
    return id if connection.features.has_native_uuid_field else id.hex
