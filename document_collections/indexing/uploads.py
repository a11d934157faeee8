"""Accepts an uploaded file, and keeps it until it is indexed. Sync."""

from pathlib import Path

from django.core.files.uploadedfile import TemporaryUploadedFile

from actions.contract.errors import DomainError
from document_collections.indexing.indexer import indexer
from document_collections.indexing.waiting_files import store_file
from document_collections.models import Collection, Document, DocumentStatus
from web.drf.uploads import FILE_FIELD, clean_name
from workspaces.storage import storage

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
}
MAX_WAITING_DOCUMENTS = 200
"""How many documents of one workspace may wait to be indexed, so that they cannot fill the disk."""
RETRY_AFTER_S = 30


def accept_file(collection: Collection, file: TemporaryUploadedFile) -> Document:
    """Store the file and let the indexer index it. Raises DomainError when it cannot be indexed."""
    name = clean_name(file.name or "")
    media_type = MEDIA_TYPES.get(Path(name).suffix.lower())
    if media_type is None:
        message = f"The type of {name!r} is not supported."
        hint = f"Choose one of {', '.join(MEDIA_TYPES)}."
        raise DomainError("unsupported_media_type", "unsupported_document", message, field=FILE_FIELD, hint=hint)
    if not file.size:
        raise DomainError("invalid", "empty_document", f"{name!r} is empty.", field=FILE_FIELD)
    _refuse_full_queue(collection)
    storage.require_room(collection.workspace_id)
    document = Document(collection=collection, name=name, size=file.size, media_type=media_type, uploaded=True)
    store_file(document.pk, file)
    document.save(force_insert=True)
    indexer.wake()
    return document


def _refuse_full_queue(collection: Collection) -> None:
    waiting = Document.objects.filter(
        collection__workspace_id=collection.workspace_id, status=DocumentStatus.INDEXING
    ).count()
    if waiting >= MAX_WAITING_DOCUMENTS:
        message = f"{waiting} documents of this workspace wait to be indexed."
        hint = "Upload this one when some of them are indexed."
        raise DomainError("too_many", "too_many_documents", message, hint=hint, retry_after_s=RETRY_AFTER_S)
