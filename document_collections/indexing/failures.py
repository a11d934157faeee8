"""Marks documents as failed, and removes what an earlier server process left unfinished. Sync."""

from collections.abc import Sequence
from uuid import UUID

from document_collections import services
from document_collections.chunk_rows import delete_chunks
from document_collections.indexing.waiting_files import UPLOAD_AGAIN_HINT
from document_collections.models import Document, DocumentStatus
from web.lookups import fetch_all

INDEXING = "SELECT 1 FROM vectors_document WHERE status = 'indexing' LIMIT 1"


def fail_document(document: Document, code: str, message: str, hint: str | None) -> None:
    """Mark a document that is being indexed as failed, with the reason, and delete its chunks."""
    error = {"code": code, "message": message, "hint": hint}
    indexing = Document.objects.filter(pk=document.pk, status=DocumentStatus.INDEXING)
    if indexing.update(status=DocumentStatus.FAILED, error=error, done=0, total=0, stored_bytes=0):
        delete_chunks(document.pk)


def is_indexing() -> bool:
    """Return whether any process indexes a document, or died while it did."""
    return bool(fetch_all(INDEXING))


def fail_abandoned_documents(living: Sequence[UUID]) -> int:
    """Mark the documents of processes that are not among `living` as failed; return how many there were.

    Their files are left to `remove_forgotten_files`: a bucket that is slow must not hold up the heartbeat.
    """
    abandoned = list(Document.objects.filter(status=DocumentStatus.INDEXING).exclude(worker__in=living))
    for document in abandoned:
        message = "The server stopped while the document was being indexed."
        fail_document(document, "interrupted", message, UPLOAD_AGAIN_HINT)
    return len(abandoned)


def finish_deletions() -> None:
    """Remove the rows of documents whose deletion was interrupted. Once, when the server starts."""
    for row in Document.objects.filter(status=DocumentStatus.LEAVING):
        services.remove_document_rows(row.pk)
