"""Reads the one uploaded file of a request within a limit of size, onto the disk until the request ends. Sync."""

from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, TemporaryFileUploadHandler
from django.http import HttpRequest
from rest_framework.exceptions import ParseError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request

from actions.contract.errors import DomainError
from actions.contract.sizes import format_size
from web.requests import check_encoding
from web.text import MAX_NAME_CHARACTERS, find_bad_character, normalize

FILE_FIELD = "file"
MAX_FRAME_BYTES = 64 * 1024
"""Of a body beside its file: the name and the boundary."""
UPLOAD_BODY = {
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
        "required": ["file"],
        "additionalProperties": False,
    }
}


class LimitedUpload(TemporaryFileUploadHandler):
    """Writes the file of a request to a temporary file, and refuses it as soon as it is too large."""

    def __init__(self, request: HttpRequest, max_bytes: int, code: str) -> None:
        super().__init__(request)
        self._max_bytes = max_bytes
        self._code = code
        self._received = 0

    def new_file(self, field_name: str, *args: Any, **kwargs: Any) -> None:
        if field_name != FILE_FIELD:
            raise _build_unknown_field(field_name)
        super().new_file(field_name, *args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._received += len(raw_data)
        if self._received > self._max_bytes:
            message = f"The file is larger than {format_size(self._max_bytes)}."
            raise DomainError("too_large", self._code, message, field=FILE_FIELD)
        super().receive_data_chunk(raw_data, start)


class UploadParser(MultiPartParser):
    """DRF's own, with a refusal of parts whose head cannot be read."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except TypeError:  # raised for such a head: see `web.middleware.tolerant_request`
            raise ParseError("The head of a part cannot be read.") from None


def build_handlers(request: HttpRequest, max_bytes: int, code: str) -> list[FileUploadHandler]:
    """Return what reads the file of the request; a larger one is refused with `code`."""
    return [LimitedUpload(request, max_bytes, code)]


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


def clean_name(file_name: str) -> str:
    """Return the file's name without deceptive characters. Nobody typed it, so it is cleaned instead of refused."""
    name = normalize("".join(char for char in file_name if find_bad_character(char) is None)).strip()
    if len(name) > MAX_NAME_CHARACTERS:
        path = Path(name)
        name = path.stem[: MAX_NAME_CHARACTERS - len(path.suffix)] + path.suffix
    return name or "unnamed"


def _build_unknown_field(name: str) -> DomainError:
    return DomainError("malformed", "unknown_field", f"There is no field {name[:100]!r} to set here.", field=name[:100])
