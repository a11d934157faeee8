"""Images and documents of the user's turn: from what a variable holds to blocks of the API. Pure."""

import binascii
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from actions.contract.errors import ActionError
from actions.contract.sizes import format_size

Block = dict[str, Any]

IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
PDF = "application/pdf"
MAX_FILES = 100
MAX_IMAGE_CHARACTERS = 5 * 1024 * 1024
MAX_TOTAL_CHARACTERS = 24 * 1024 * 1024
"""The API takes requests of 32 MB, the rest of the prompt included. Both are measured as base64."""
MAX_URL_CHARACTERS = 2_000
SOURCES = ("data", "url", "text")


class _FileFault(Exception):
    """What is wrong with one file, as the end of a sentence."""


def build_file_blocks(value: Any, *, citations: bool) -> list[Block]:
    """Return a block for each file: one, a list, or nothing; with `citations`, documents may be cited.

    Raises ActionError `invalid_files`, which names the file by its position.
    """
    if value is None or value == "":
        return []
    items = [value] if isinstance(value, Mapping) else value
    if not isinstance(items, list):
        raise _build_error("they are neither a file nor a list of files")
    if len(items) > MAX_FILES:
        raise _build_error(f"there are more than {MAX_FILES}")
    blocks = [_build_block(position, item, citations) for position, item in enumerate(items, 1)]
    if sum(_measure_data(block) for block in blocks) > MAX_TOTAL_CHARACTERS:
        raise _build_error(f"together they are larger than {format_size(MAX_TOTAL_CHARACTERS)}")
    return blocks


def _build_block(position: int, item: Any, citations: bool) -> Block:
    try:
        if not isinstance(item, Mapping):
            raise _FileFault("is not an object")
        read = _BUILDERS.get(item.get("type") or "") if isinstance(item.get("type"), str) else None
        if read is None:
            raise _FileFault("has no type 'image' or 'document'")
        return read(item, citations)
    except _FileFault as fault:
        raise _build_error(f"file {position} {fault}") from None


def _build_image(item: Mapping[str, Any], citations: bool) -> Block:
    match _find_source(item, ("data", "url")):
        case "url":
            return {"type": "image", "source": _build_url_source(item)}
        case _:
            source = _build_base64_source(item, IMAGE_TYPES)
            if len(source["data"]) > MAX_IMAGE_CHARACTERS:
                raise _FileFault(f"is an image of more than {format_size(MAX_IMAGE_CHARACTERS)}")
            return {"type": "image", "source": source}


def _build_document(item: Mapping[str, Any], citations: bool) -> Block:
    match _find_source(item, SOURCES):
        case "url":
            source = _build_url_source(item)
        case "text":
            if not isinstance(item["text"], str) or not item["text"].strip():
                raise _FileFault("has an empty text")
            source = {"type": "text", "media_type": "text/plain", "data": item["text"]}
        case _:
            source = _build_base64_source(item, (PDF,))
    title = item.get("title")
    title_field = {"title": title[:500]} if isinstance(title, str) and title.strip() else {}
    return {
        "type": "document",
        "source": source,
        **title_field,
        **({"citations": {"enabled": True}} if citations else {}),
    }


_BUILDERS: dict[str, Callable[[Mapping[str, Any], bool], Block]] = {"image": _build_image, "document": _build_document}


def _find_source(item: Mapping[str, Any], allowed: tuple[str, ...]) -> str:
    given_sources = [name for name in SOURCES if item.get(name) is not None]
    if len(given_sources) != 1 or given_sources[0] not in allowed:
        raise _FileFault(f"needs exactly one of {', '.join(allowed)}")
    return given_sources[0]


def _build_url_source(item: Mapping[str, Any]) -> Block:
    """The API reads the address, not this server."""
    url = item["url"]
    try:
        parts = urlsplit(url) if isinstance(url, str) and len(url) <= MAX_URL_CHARACTERS else None
        valid = parts is not None and parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        valid = False
    if not valid:
        raise _FileFault("has a url that is no web address")
    return {"type": "url", "url": url}


def _build_base64_source(item: Mapping[str, Any], allowed: tuple[str, ...]) -> Block:
    media_type, data = str(item.get("media_type")).partition(";")[0].strip().lower(), item["data"]
    if media_type not in allowed:
        raise _FileFault(f"needs a media_type that is {' or '.join(allowed)}")
    try:
        empty = not isinstance(data, str) or not binascii.a2b_base64(data, strict_mode=True)
    except ValueError:
        empty = True
    if empty:
        raise _FileFault("has data that is not base64")
    return {"type": "base64", "media_type": media_type, "data": data}


def _measure_data(block: Block) -> int:
    return len(block["source"].get("data", "").encode())


def _build_error(what: str) -> ActionError:
    hint = 'Bind it to files such as {"type": "image", "media_type": "image/png", "data": "…base64…"}.'
    return ActionError("invalid_files", f"Files cannot be used: {what}.", hint)
