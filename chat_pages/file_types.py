"""Which files a question may have, judged by what they are and not by what they are called. Pure."""

from pathlib import PurePath
from typing import NamedTuple

from actions.chat.completion_trigger import PageFiles
from actions.contract.errors import DomainError
from actions.contract.sizes import MEGABYTE, format_size
from chat_pages.images import find_media_type

MAX_FILES = 10
"""Of one question."""
MAX_QUESTION_BYTES = 16 * MEGABYTE
"""Of the files of one question: as base64 they are less than a chat completion takes."""
PDF = "application/pdf"
TEXT = "text/plain"
TEXT_SUFFIXES = (".txt", ".md", ".csv", ".json")
MAX_IMAGE_BYTES = 3_670_016
"""3.5 MB, which in base64 is less than the 5 MB that the API takes of an image."""
MAX_PDF_BYTES = 10 * MEGABYTE
MAX_TEXT_BYTES = MEGABYTE
MAX_FILE_BYTES = MAX_PDF_BYTES
IMAGE_WORDS = "PNG, JPEG, GIF or WebP"


TAKEN_WORDS = {
    "images": f"{IMAGE_WORDS} images",
    "all": f"{IMAGE_WORDS} images, PDF, and UTF-8 texts named {', '.join(TEXT_SUFFIXES)}",
}


class FileType(NamedTuple):
    media_type: str
    max_bytes: int
    noun: str
    """In a message."""

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


def judge_file(name: str, content: bytes, taken: PageFiles) -> str:
    """Return the media type of a file for a flow that takes such ones.

    Raises DomainError: `files_not_taken`, `empty_file`, `file_type_not_taken`, `file_too_large`.
    """
    if taken == "none":
        raise build_not_taken()
    if not content:
        raise _refuse("empty_file", f"{name!r} is empty.", "Choose another file.")
    type = find_type(name, content)
    if type is None or (taken == "images" and not type.is_image):
        raise _refuse("file_type_not_taken", f"This chat does not take {name!r}.", f"It takes {TAKEN_WORDS[taken]}.")
    if len(content) > type.max_bytes:
        allowed = f"{type.noun} may have {format_size(type.max_bytes)}."
        message = f"{name!r} has {format_size(len(content))}."
        raise DomainError("too_large", "file_too_large", message, field="file", hint=allowed)
    return type.media_type


def find_type(name: str, content: bytes) -> FileType | None:
    """Return the type of a file; None for one that no question may have, such as SVG, which can hold scripts."""
    if media_type := find_image_type(content):
        return FileType(media_type, MAX_IMAGE_BYTES, "An image")
    if content.startswith(b"%PDF-"):
        return FileType(PDF, MAX_PDF_BYTES, "A PDF")
    if PurePath(name).suffix.lower() in TEXT_SUFFIXES and is_text(content):
        return FileType(TEXT, MAX_TEXT_BYTES, "A text")
    return None


def find_image_type(content: bytes) -> str | None:
    """Return the type of an image that models take, which are a few more than a logo may have."""
    return "image/gif" if content.startswith((b"GIF87a", b"GIF89a")) else find_media_type(content)


def is_text(content: bytes) -> bool:
    """Return whether the content is UTF-8 with something in it, without characters that no text has."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return bool(text.strip()) and "\0" not in text


def build_not_taken() -> DomainError:
    return _refuse("files_not_taken", "This chat takes no files.", "Ask without them.")


def _refuse(code: str, message: str, hint: str) -> DomainError:
    return DomainError("invalid", code, message, field="file", hint=hint)
