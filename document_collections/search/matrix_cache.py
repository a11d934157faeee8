"""The matrices that are kept in memory, within a limit of bytes. Used from several database threads at once."""

import threading
from collections import OrderedDict
from uuid import UUID

from django.conf import settings
from django.db.models import TextField
from django.db.models.functions import Cast

from document_collections.models import Chunk, Collection, DocumentStatus
from document_collections.search.matrix import Matrix, Row, build

_kept: OrderedDict[UUID, Matrix] = OrderedDict()
_lock = threading.Lock()
_loading: dict[UUID, threading.Lock] = {}


def matrix_of(collection: Collection) -> Matrix:
    """Return the collection's matrix at its revision in the database or a later one."""
    revision = Collection.objects.values_list("revision", flat=True).get(pk=collection.pk)
    found = _get(collection.pk, revision)
    if found is not None:
        return found
    with _lock:
        loading = _loading.setdefault(collection.pk, threading.Lock())
    with loading:  # one thread reads, the others wait for what it has read
        found = _get(collection.pk, revision)
        if found is None:
            found = _read(collection)
            _keep(collection.pk, found)
        return found


def forget(collection_id: UUID | None = None) -> None:
    """Drop one matrix, or all of them."""
    with _lock:
        for key in [collection_id] if collection_id else list(_kept):
            _kept.pop(key, None)
            _loading.pop(key, None)


def _get(collection_id: UUID, revision: int) -> Matrix | None:
    with _lock:
        found = _kept.get(collection_id)
        if found is None or found.revision < revision:
            return None
        _kept.move_to_end(collection_id)
        return found


def _keep(collection_id: UUID, matrix: Matrix) -> None:
    """Keep the matrix, in place of those that were not used for longest; one that is too large is not kept."""
    limit: int = settings.MILLRACE_VECTOR_CACHE_BYTES
    with _lock:
        _kept.pop(collection_id, None)
        if matrix.bytes > limit:
            return
        _kept[collection_id] = matrix
        while sum(each.bytes for each in _kept.values()) > limit:
            _kept.popitem(last=False)


def _read(collection: Collection) -> Matrix:
    """Read all that can be found. The revision is read first: what changes meanwhile has a higher one."""
    now = Collection.objects.values_list("revision", "dimension").get(pk=collection.pk)
    chunks = Chunk.objects.filter(document__collection_id=collection.pk, document__status=DocumentStatus.READY)
    rows = chunks.order_by("pk").values_list(
        "pk", "document_id", "document__name", Cast("metadata", TextField()), "vector"
    )
    dimension = now[1] or 0
    size = dimension * 4
    found = [Row(id, document, name, text, bytes(vector)) for id, document, name, text, vector in rows.iterator()]
    return build(now[0], dimension, [row for row in found if len(row.vector) == size])
