"""Which files are sent and in which blocks; what cannot be is named by its position."""

import base64
from typing import Any

import pytest

from actions.anthropic.request.files import MAX_FILES, MAX_IMAGE_CHARACTERS, MAX_TOTAL_CHARACTERS, build_file_blocks
from actions.contract.errors import ActionError

DATA = base64.b64encode(b"x").decode()
PNG = {"type": "image", "media_type": "image/png", "data": DATA}
PDF = {"type": "document", "media_type": "application/pdf", "data": DATA}
TEXT = {"type": "document", "text": "It turns."}
PNG_BLOCK = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": DATA}}
TEXT_SOURCE = {"type": "text", "media_type": "text/plain", "data": "It turns."}

READ: dict[str, tuple[Any, list[Any]]] = {
    "nothing": (None, []),
    "an empty text": ("", []),
    "an empty list": ([], []),
    "one": (PNG, [PNG_BLOCK]),
    "several": ([PNG, TEXT], [PNG_BLOCK, {"type": "document", "source": TEXT_SOURCE}]),
    "an address": (
        [
            {"type": "image", "url": "https://example.com/x.png"},
            {"type": "document", "url": "http://example.com/x.pdf"},
        ],
        [
            {"type": "image", "source": {"type": "url", "url": "https://example.com/x.png"}},
            {"type": "document", "source": {"type": "url", "url": "http://example.com/x.pdf"}},
        ],
    ),
    "a PDF with a title": (
        {**PDF, "title": "Mill", "name": "ignored"},
        [
            {
                "type": "document",
                "source": {"type": "base64", "media_type": "application/pdf", "data": DATA},
                "title": "Mill",
            }
        ],
    ),
}


@pytest.mark.parametrize(("value", "blocks"), READ.values(), ids=READ.keys())
def test_a_file_becomes_a_block(value: Any, blocks: list[Any]) -> None:
    assert build_file_blocks(value, citations=False) == blocks


@pytest.mark.parametrize("media_type", ["IMAGE/PNG", "image/png; charset=binary", " Image/Png "])
def test_the_case_of_a_media_type_does_not_matter(media_type: str) -> None:
    assert build_file_blocks({**PNG, "media_type": media_type}, citations=False) == [PNG_BLOCK]


def test_only_documents_can_be_cited() -> None:
    document = {"type": "document", "source": TEXT_SOURCE, "citations": {"enabled": True}}
    assert build_file_blocks([PNG, TEXT], citations=True) == [PNG_BLOCK, document]


REFUSED: dict[str, tuple[Any, str]] = {
    "a text": ("x.png", "they are neither a file nor a list of files"),
    "too many": ([TEXT] * (MAX_FILES + 1), f"there are more than {MAX_FILES}"),
    "a text in a list": ([PNG, "x.png"], "file 2 is not an object"),
    "no type": ([{"data": DATA}], "file 1 has no type 'image' or 'document'"),
    "a type that is no text": ([{"type": []}], "file 1 has no type 'image' or 'document'"),
    "another type": ([{**PNG, "type": "video"}], "file 1 has no type 'image' or 'document'"),
    "no source": ([{"type": "image"}], "file 1 needs exactly one of data, url"),
    "two sources": ([{**PNG, "url": "https://example.com"}], "file 1 needs exactly one of data, url"),
    "an image as text": ([{"type": "image", "text": "x"}], "file 1 needs exactly one of data, url"),
    "no media type": ([{**PNG, "media_type": None}], "file 1 needs a media_type that is image/jpeg or image/png or"),
    "an image of another kind": ([{**PNG, "media_type": "image/svg+xml"}], "file 1 needs a media_type that is"),
    "a document that is no PDF": ([{**PDF, "media_type": "text/html"}], "file 1 needs a media_type that is appl"),
    "data that is not base64": ([{**PNG, "data": "not base64!"}], "file 1 has data that is not base64"),
    "data outside ASCII": ([{**PNG, "data": "é"}], "file 1 has data that is not base64"),
    "data that is no text": ([{**PNG, "data": 5}], "file 1 has data that is not base64"),
    "no data": ([{**PNG, "data": ""}], "file 1 has data that is not base64"),
    "an address of another kind": ([{"type": "image", "url": "file:///etc/passwd"}], "file 1 has a url that is no web"),
    "half an address": ([{"type": "image", "url": "http://[x"}], "file 1 has a url that is no web address"),
    "an empty document": ([{"type": "document", "text": " "}], "file 1 has an empty text"),
    "a large image": ([{**PNG, "data": "A" * (MAX_IMAGE_CHARACTERS + 4)}], "file 1 is an image of more than 5 MB"),
    "too much in all": (
        [{**TEXT, "text": "x" * (MAX_TOTAL_CHARACTERS // 2 + 1)}] * 2,
        "together they are larger than 24 MB",
    ),
}


@pytest.mark.parametrize(("value", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_file_that_cannot_be_sent_is_named_by_its_position(value: Any, told: str) -> None:
    with pytest.raises(ActionError) as caught:
        build_file_blocks(value, citations=False)
    assert caught.value.code == "invalid_files"
    assert f"Files cannot be used: {told}" in caught.value.message
