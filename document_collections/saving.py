"""Stores documents with their chunks. A search finds a document as a whole or not at all. Sync."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from actions.contract.errors import ActionError
from actions.vectors.embedding import EmbedderIdentity, Vectors
from actions.vectors.store import Piece
from document_collections import services
from document_collections.chunk_rows import insert_chunks
from document_collections.embedders import get_facts
from document_collections.filter_fields import add_fields
from document_collections.models import Collection, Document, DocumentStatus
from document_collections.vector_index.rows import hold_index, index_new_chunks
from web.database import is_postgres
from workspaces.storage import storage

CHUNKS_PER_INSERT = 64
"""How many chunks one statement inserts."""
SAVED_BY_FLOW_NAME = "Saved by a flow"


def check_embedder(collection: Collection, identity: EmbedderIdentity) -> None:
    """Raise ActionError `embedder_mismatch` when this embedder's vectors cannot be compared with the collection's."""
    if mismatch := get_facts(collection).find_mismatch(identity):
        raise ActionError("embedder_mismatch", mismatch.message, mismatch.hint, kind="invalid")


def save_document(
    collection: Collection, context: str, pieces: Sequence[Piece], vectors: Vectors, identity: EmbedderIdentity
) -> UUID:
    """Store a text that a flow saves, in place of what the same context saved before; return its document's id.

    `vectors` has one row for each piece, in the same order. Raises ActionError `embedder_mismatch`, and
    `limit_workspace_bytes` when the workspace stores as much as it may.
    """
    storage.require_room(collection.workspace_id)
    size = sum(len(piece.text.encode()) for piece in pieces)
    document = Document.objects.create(
        collection=collection, name=context or SAVED_BY_FLOW_NAME, context=context, size=size, total=len(pieces)
    )
    try:
        for begin in range(0, len(pieces), CHUNKS_PER_INSERT):
            add_chunks(
                document,
                identity,
                pieces[begin : begin + CHUNKS_PER_INSERT],
                vectors[begin : begin + CHUNKS_PER_INSERT],
            )
        finish_document(document)
    except BaseException:
        services.delete_document(document)
        raise
    return document.pk


def add_chunks(document: Document, identity: EmbedderIdentity, pieces: Sequence[Piece], vectors: Vectors) -> bool:
    """Store the next chunks of a document that is being indexed; return whether the document still exists.

    The first vectors of a collection decide its embedder. Raises ActionError `embedder_mismatch` when another embedder
    was decided meanwhile.

    On SQLite each statement is a transaction of its own. One transaction around them would hold its lock while this
    thread waits for Python's: several milliseconds for each statement beside busy streams.
    """
    _settle_embedder(document.collection_id, EmbedderIdentity(identity.kind, identity.model, vectors.shape[1]))
    try:
        document.stored_bytes += _insert(document, pieces, vectors)
    except IntegrityError:
        return False  # the document was deleted meanwhile
    document.done += len(pieces)
    document.fields = add_fields(document.fields, (piece.metadata for piece in pieces))
    changes = {"done": document.done, "fields": document.fields, "stored_bytes": document.stored_bytes}
    indexing = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
    return bool(indexing.update(total=max(document.total, document.done), **changes))


def _insert(document: Document, pieces: Sequence[Piece], vectors: Vectors) -> int:
    """Store the next chunks, in the index of vectors too if the collection has one; return their bytes."""
    if not is_postgres():
        return insert_chunks(document.pk, document.done, pieces, vectors)
    with transaction.atomic():
        has_index = hold_index(document.collection_id)
        size = insert_chunks(document.pk, document.done, pieces, vectors)
        if has_index:
            index_new_chunks(document.collection_id, document.pk, document.done, vectors)
    return size


def finish_document(document: Document) -> None:
    """Make the document ready, in place of those that it replaces: a search finds it from now on."""
    with transaction.atomic():
        replaced = list(_find_replaced(document).values_list("pk", flat=True))
        Document.objects.filter(pk__in=replaced).update(status=DocumentStatus.LEAVING)
        indexing = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
        indexing.update(status=DocumentStatus.READY, done=document.done, total=document.done)
        services.raise_revision(document.collection_id)
    for pk in replaced:
        services.remove_document_rows(pk)


def _find_replaced(document: Document) -> QuerySet[Document]:
    """Return the documents that the same context saved before, or the older uploads of a file of the same name."""
    others = Document.objects.filter(collection_id=document.collection_id).exclude(pk=document.pk)
    finished = others.exclude(status=DocumentStatus.INDEXING)
    if document.uploaded:
        return finished.filter(uploaded=True, name=document.name, created_at__lte=document.created_at)
    return finished.filter(uploaded=False, context=document.context) if document.context else finished.none()


def _settle_embedder(collection_id: UUID, identity: EmbedderIdentity) -> None:
    row = Collection.objects.get(pk=collection_id)
    check_embedder(row, identity)
    if row.dimension is None:
        undecided_rows = Collection.objects.filter(pk=collection_id, dimension=None)
        undecided_rows.update(embedder_kind=identity.kind, embedder_model=identity.model, dimension=identity.dimension)
        row.refresh_from_db()
        check_embedder(row, identity)
