"""Keeps the matrices of collections in memory, within a limit of bytes. Used by several database threads at once."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import Cast

from actions.vectors.embedding import BUILT_IN
from actions.vectors.folding import fold_passage
from document_collections.models import Chunk, Collection, DocumentStatus

if TYPE_CHECKING:
    from document_collections.search.matrix import ChunkRow, Matrix


class MatrixCache:
    """The matrices that were searched last, by the id of their collection; together at most `max_bytes`.

    A matrix is never stale: `get_matrix` compares its revision with that of the collection in the database.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._matrices: OrderedDict[UUID, Matrix] = OrderedDict()
        self._read_locks: dict[UUID, threading.Lock] = {}

    def get_matrix(self, collection: Collection) -> "Matrix":
        """Return the collection's matrix, at the revision that the database has now or at a later one. Sync."""
        revision = Collection.objects.values_list("revision", flat=True).get(pk=collection.pk)
        matrix = self._find(collection.pk, revision)
        if matrix is not None:
            return matrix
        with self._lock:
            read_lock = self._read_locks.setdefault(collection.pk, threading.Lock())
        with read_lock:  # one thread reads the rows; the others wait and then find its matrix
            matrix = self._find(collection.pk, revision)
            if matrix is None:
                matrix = read_matrix(collection)
                self._store(collection.pk, matrix)
            return matrix

    def _find(self, collection_id: UUID, revision: int) -> "Matrix | None":
        with self._lock:
            matrix = self._matrices.get(collection_id)
            if matrix is None or matrix.revision < revision:
                return None
            self._matrices.move_to_end(collection_id)
            return matrix

    def _store(self, collection_id: UUID, matrix: "Matrix") -> None:
        """Keep the matrix in place of those that were not used for longest. One above the limit is not kept at all."""
        with self._lock:
            self._matrices.pop(collection_id, None)
            self._read_locks.pop(collection_id, None)  # threads that wait for it hold it; later ones find the matrix
            if matrix.bytes > self._max_bytes:
                return
            self._matrices[collection_id] = matrix
            while sum(each.bytes for each in self._matrices.values()) > self._max_bytes:
                self._matrices.popitem(last=False)


def read_matrix(collection: Collection, chunk_ids: Sequence[int] | None = None) -> "Matrix":
    """Read all chunks that can be found, or those of them with these ids.

    The revision is read first: a change after that has a higher one.
    """
    from document_collections.search.matrix import build_matrix  # imports numpy

    revision, dimension = Collection.objects.values_list("revision", "dimension").get(pk=collection.pk)
    chunks = Chunk.objects.filter(document__collection_id=collection.pk, document__status=DocumentStatus.READY)
    if chunk_ids is not None:
        chunks = chunks.filter(pk__in=chunk_ids)
    fields: list[Any] = ["pk", "document_id", "document__name", Cast("metadata", TextField()), "vector"]
    if collection.embedder_kind == BUILT_IN:
        fields.append("text")
    records = chunks.order_by("pk").values_list(*fields)
    rows = [_build_row(*record) for record in records.iterator()]
    vector_bytes = (dimension or 0) * 4
    return build_matrix(revision, dimension or 0, [row for row in rows if len(row.vector) == vector_bytes])


def _build_row(id: int, document: UUID, name: str, metadata: str, vector: Any, text: str | None = None) -> "ChunkRow":
    from document_collections.search.matrix import ChunkRow

    folded = None if text is None else fold_passage(text)
    return ChunkRow(id, document, name, metadata, bytes(vector), folded)
