"""Extracts the text of a file. Runs in the worker's process, so that a hostile file harms nothing else."""

from collections.abc import Sequence
from pathlib import Path

from actions.contract.errors import ActionError
from document_collections.extraction.declared_encoding import find_declared_encoding
from document_collections.extraction.decoding import DecodedText, decode_text
from document_collections.extraction.extracted import ExtractedText, Part
from document_collections.extraction.html_text import extract_html

MAX_CHARACTERS = 30_000_000
"""The longest text of one document: a file of 20 MB can unpack to far more."""
SCAN_HINT = "A scanned PDF holds images of text. Run text recognition on it first."


def extract_text(path: Path, media_type: str) -> ExtractedText:
    """Return the texts of the file in its order. Raises ActionError when it cannot be read, or holds no text."""
    if media_type == "application/pdf":
        from document_collections.extraction.pdf_text import extract_pdf  # loading it takes long

        extracted = extract_pdf(path, _check_size)
    else:
        decoded = _decode(path.read_bytes(), media_type)
        text = extract_html(decoded.text) if media_type == "text/html" else decoded.text
        extracted = ExtractedText([Part(text)], decoded.warnings)
    _refuse_empty(extracted.parts, media_type)
    _check_size(sum(len(part.text) for part in extracted.parts))
    return extracted


def _decode(content: bytes, media_type: str) -> DecodedText:
    return decode_text(content, find_declared_encoding(content) if media_type == "text/html" else None)


def _refuse_empty(parts: Sequence[Part], media_type: str) -> None:
    if not any(part.text.strip() for part in parts):
        hint = SCAN_HINT if media_type == "application/pdf" else None
        raise ActionError("no_text", "The file holds no text.", hint)


def _check_size(characters: int) -> None:
    if characters > MAX_CHARACTERS:
        message = f"The file holds more than {MAX_CHARACTERS // 1_000_000} million characters of text."
        raise ActionError("document_too_large", message, "Split it into several files.")
