"""Storing documents with their chunks: all of a document can be found, or nothing of it. Sync."""

from collections.abc import Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from actions.contract.errors import ActionError
from actions.vectors.embedding import BUILT_IN, EmbedderIdentity, Vectors
from actions.vectors.store import Piece
from document_collections import services
from document_collections.chunk_rows import insert_chunks
from document_collections.embedders import identity_of
from document_collections.models import Collection, Document, DocumentStatus

STEP = 64
"""Chunks that come in one statement."""
FROM_A_FLOW = "Saved by a flow"


def check_embedder(collection: Collection, identity: EmbedderIdentity) -> None:
    """Raise ActionError `embedder_mismatch` when vectors of this embedder cannot be compared with the collection's."""
    own = identity_of(collection)
    undecided = collection.dimension is None and collection.connection_id is None and own.kind == BUILT_IN
    if undecided or own.fits(identity):
        return
    message = f"The collection {collection.name!r} is embedded by {own}, and this is {identity}."
    hint = "Attach the embedder that the collection was filled with, or create another collection for this one."
    raise ActionError("embedder_mismatch", message, hint, kind="invalid")


def save_document(
    collection: Collection, context: str, pieces: Sequence[Piece], vectors: Vectors, identity: EmbedderIdentity
) -> UUID:
    """Store a text that a flow saves and return its document's id."""
    size = sum(len(piece.text.encode()) for piece in pieces)
    document = Document.objects.create(
        collection=collection, name=context or FROM_A_FLOW, context=context, size=size, total=len(pieces)
    )
    try:
        for begin in range(0, len(pieces), STEP):
            add_chunks(document, identity, pieces[begin : begin + STEP], vectors[begin : begin + STEP])
        finish(document)
    except BaseException:
        services.delete_document(document)
        raise
    return document.pk


def add_chunks(document: Document, identity: EmbedderIdentity, pieces: Sequence[Piece], vectors: Vectors) -> bool:
    """Store the next chunks of a document that is not found yet; return whether it is still wanted.

    The first vectors of a collection settle its embedder; raises ActionError when another one was settled meanwhile.

    Each statement is a transaction of its own. One around them would hold SQLite's lock while this thread waits for
    Python's, several milliseconds for each statement beside busy streams, and the log of their runs would wait too.
    """
    _settle(document.collection_id, EmbedderIdentity(identity.kind, identity.model, vectors.shape[1]))
    try:
        insert_chunks(document.pk, document.done, pieces, vectors)
    except IntegrityError:
        return False  # the document was deleted meanwhile
    document.done += len(pieces)
    wanted = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
    return bool(wanted.update(done=document.done, total=max(document.total, document.done)))


def finish(document: Document) -> None:
    """Let the document be found from now on, in place of what it replaces."""
    with transaction.atomic():
        replaced = list(_replaced(document).values_list("pk", flat=True))
        Document.objects.filter(pk__in=replaced).update(status=DocumentStatus.LEAVING)
        ready = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
        ready.update(status=DocumentStatus.READY, done=document.done, total=document.done)
        services.touch(document.collection_id)
    for pk in replaced:
        services.remove(pk)


def _replaced(document: Document) -> QuerySet[Document]:
    """Return what the same context saved before, or the older uploads of a file of the same name."""
    others = Document.objects.filter(collection_id=document.collection_id).exclude(pk=document.pk)
    settled = others.exclude(status=DocumentStatus.INDEXING)
    if document.uploaded:
        return settled.filter(uploaded=True, name=document.name, created_at__lte=document.created_at)
    return settled.filter(uploaded=False, context=document.context) if document.context else settled.none()


def _settle(collection_id: UUID, identity: EmbedderIdentity) -> None:
    row = Collection.objects.get(pk=collection_id)
    check_embedder(row, identity)
    if row.dimension is None:
        undecided = Collection.objects.filter(pk=collection_id, dimension=None)
        undecided.update(embedder_kind=identity.kind, embedder_model=identity.model, dimension=identity.dimension)
        row.refresh_from_db()
        check_embedder(row, identity)
