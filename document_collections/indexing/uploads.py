"""Reads an uploaded file within a limit of size, and keeps it on the disk until it is indexed. Sync."""

import os
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from rest_framework.request import Request

from actions.contract.errors import DomainError
from actions.contract.sizes import format_size
from document_collections.indexing.indexer import indexer
from document_collections.indexing.upload_paths import get_upload_path
from document_collections.models import Collection, Document, DocumentStatus
from web.requests import check_encoding
from web.text import find_bad_character, normalize
from workspaces.storage import storage

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
}
FILE_FIELD = "file"
MAX_WAITING_DOCUMENTS = 200
"""How many documents of one workspace may wait to be indexed, so that they cannot fill the disk."""
RETRY_AFTER_S = 30
MAX_NAME_CHARACTERS = 255


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes the file of a request to a temporary file, and refuses it as soon as it is too large."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._received = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        if field_name != FILE_FIELD:
            raise _build_unknown_field(field_name)
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > settings.MILLRACE_MAX_UPLOAD_BYTES:
            raise _build_too_large()
        super().receive_data_chunk(raw_data, start)


def build_handlers(request: HttpRequest) -> list[FileUploadHandler]:
    return [LimitedUpload(request)]


def read_file(request: Request) -> TemporaryUploadedFile:
    """Return the file of the request. Raises DomainError when there is none, or anything beside it."""
    check_encoding(request._request)
    if request._request.content_type != "multipart/form-data":
        message = "Send the file as multipart/form-data, in the field file."
        raise DomainError("unsupported_media_type", "unsupported_media_type", message)
    files = request.FILES.getlist(FILE_FIELD)
    fields = [name for name in request.data if name != FILE_FIELD]
    if fields:
        raise _build_unknown_field(fields[0])
    if len(files) != 1 or not isinstance(files[0], TemporaryUploadedFile):
        raise DomainError("invalid", "required", "Give one file.", field=FILE_FIELD)
    return files[0]


def accept_file(collection: Collection, file: TemporaryUploadedFile) -> Document:
    """Store the file and let the indexer index it. Raises DomainError when it cannot be indexed."""
    name = _clean_name(file.name or "")
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
    _store_file(file, get_upload_path(document.pk))
    document.save(force_insert=True)
    indexer.wake()
    return document


def _store_file(file: TemporaryUploadedFile, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as target:
        file.seek(0)
        shutil.copyfileobj(file, target, 1024 * 1024)


def _clean_name(file_name: str) -> str:
    """Return the file's name without deceptive characters. Nobody typed it, so it is cleaned instead of refused."""
    name = normalize("".join(char for char in file_name if find_bad_character(char) is None)).strip()
    if len(name) > MAX_NAME_CHARACTERS:
        path = Path(name)
        name = path.stem[: MAX_NAME_CHARACTERS - len(path.suffix)] + path.suffix
    return name or "unnamed"


def _refuse_full_queue(collection: Collection) -> None:
    waiting = Document.objects.filter(
        collection__workspace_id=collection.workspace_id, status=DocumentStatus.INDEXING
    ).count()
    if waiting >= MAX_WAITING_DOCUMENTS:
        message = f"{waiting} documents of this workspace wait to be indexed."
        hint = "Upload this one when some of them are indexed."
        raise DomainError("too_many", "too_many_documents", message, hint=hint, retry_after_s=RETRY_AFTER_S)


def _build_too_large() -> DomainError:
    limit = format_size(settings.MILLRACE_MAX_UPLOAD_BYTES)
    return DomainError("too_large", "document_too_large", f"The file is larger than {limit}.", field=FILE_FIELD)


def _build_unknown_field(name: str) -> DomainError:
    return DomainError("malformed", "unknown_field", f"There is no field {name[:100]!r} to set here.", field=name[:100])
