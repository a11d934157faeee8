"""Files on their way into a collection: read under a limit, kept on disk until they are indexed. Sync."""

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
from document_collections.indexing.indexer import wake
from document_collections.models import Collection, Document, DocumentStatus
from document_collections.paths import path_of
from web.text import bad_character, normalize

MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
}
FIELD = "file"
MOST_WAITING = 200
"""Files of one workspace that wait to be indexed: what is beyond is refused before it fills the disk."""
LONGEST_NAME = 255


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes the one file of a request to a temporary file, and stops as soon as it is too large."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self._received = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        if field_name != FIELD:
            raise _unknown(field_name)
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > settings.MILLRACE_MAX_UPLOAD_BYTES:
            raise _too_large()
        super().receive_data_chunk(raw_data, start)


def handlers(request: HttpRequest) -> list[FileUploadHandler]:
    return [LimitedUpload(request)]


def read_file(request: Request) -> TemporaryUploadedFile:
    """Return the file of the request, which must hold nothing else; raises DomainError otherwise."""
    if request._request.content_type != "multipart/form-data":
        message = "Send the file as multipart/form-data, in the field file."
        raise DomainError("unsupported_media_type", "unsupported_media_type", message)
    files = request.FILES.getlist(FIELD)
    fields = [name for name in request.data if name != FIELD]
    if fields:
        raise _unknown(fields[0])
    if len(files) != 1 or not isinstance(files[0], TemporaryUploadedFile):
        raise DomainError("invalid", "required", "Give one file.", field=FIELD)
    return files[0]


def accept(collection: Collection, file: TemporaryUploadedFile) -> Document:
    """Keep the file and have it indexed; raises DomainError when it cannot be."""
    name = _name(file.name or "")
    media_type = MEDIA_TYPES.get(Path(name).suffix.lower())
    if media_type is None:
        message = f"{name!r} cannot be read."
        hint = f"Choose one of {', '.join(MEDIA_TYPES)}."
        raise DomainError("unsupported_media_type", "unsupported_document", message, field=FIELD, hint=hint)
    if not file.size:
        raise DomainError("invalid", "empty_document", f"{name!r} is empty.", field=FIELD)
    _refuse_crowd(collection)
    document = Document(collection=collection, name=name, size=file.size, media_type=media_type, uploaded=True)
    _keep(file, path_of(document.pk))
    document.save(force_insert=True)
    wake()
    return document


def _keep(file: TemporaryUploadedFile, path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as kept:
        file.seek(0)
        shutil.copyfileobj(file, kept, 1024 * 1024)


def _name(given: str) -> str:
    """Return the file's name as it is shown: a person did not type it, so what may deceive is left out."""
    shown = normalize("".join(char for char in given if bad_character(char) is None)).strip()
    if len(shown) > LONGEST_NAME:
        path = Path(shown)
        shown = path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix
    return shown or "unnamed"


def _refuse_crowd(collection: Collection) -> None:
    waiting = Document.objects.filter(
        collection__workspace_id=collection.workspace_id, status=DocumentStatus.INDEXING
    ).count()
    if waiting >= MOST_WAITING:
        message = f"{waiting} documents wait to be indexed."
        raise DomainError("too_many", "too_many_documents", message, hint="Upload this one when some of them are done.")


def _too_large() -> DomainError:
    limit = settings.MILLRACE_MAX_UPLOAD_BYTES // 1024**2
    return DomainError("too_large", "document_too_large", f"The file is larger than {limit} MiB.", field=FIELD)


def _unknown(name: str) -> DomainError:
    return DomainError("malformed", "unknown_field", f"There is no field {name[:100]!r} to set here.", field=name[:100])
