"""The text of a PDF, page by page. A page that cannot be read is left out and told; the others stay."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from actions.contract.errors import ActionError
from document_collections.extraction.extracted import ExtractedText, ExtractionWarning, Part, describe_numbers
from document_collections.extraction.pdf_characters import read_characters
from document_collections.extraction.pdf_fields import read_fields
from document_collections.extraction.pdf_lines import build_text

MAX_PAGES = 20_000
UNREADABLE = "\ufffd"


@dataclass(slots=True)
class _PageLists:
    """The numbers of the pages that something is to be told about."""

    broken: list[int] = field(default_factory=list)
    empty: list[int] = field(default_factory=list)
    invisible: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)


def extract_pdf(path: Path, check_size: Callable[[int], None]) -> ExtractedText:
    """Return the pages with text, and what to tell. Raises ActionError when the file as a whole cannot be read.

    `check_size` takes the characters so far after each page; what it raises ends the reading.
    """
    document = _open(path)
    lists = _PageLists()
    parts: list[Part] = []
    characters = 0
    for number in range(1, min(len(document), MAX_PAGES) + 1):
        parts += _extract_page(document, number, lists)
        characters += sum(len(part.text) for part in parts if part.page == number)
        check_size(characters)
    if lists.broken and not parts:
        raise _build_broken()
    return ExtractedText(parts, list(_list_warnings(lists, len(document))))


def _open(path: Path) -> pdfium.PdfDocument:
    try:
        document = pdfium.PdfDocument(path)
        if len(document) == 0:
            raise _build_broken()
        with suppress(pdfium.PdfiumError):  # a form that is damaged loses no more than its fields
            document.init_forms()
        return document
    except pdfium.PdfiumError as error:
        if error.err_code == pdfium_c.FPDF_ERR_PASSWORD:
            hint = "Save it without a password and upload it again."
            raise ActionError("encrypted_document", "The PDF is encrypted.", hint) from None
        raise _build_broken() from None


def _extract_page(document: pdfium.PdfDocument, number: int, lists: _PageLists) -> Iterator[Part]:
    try:
        page = document[number - 1]
        characters = read_characters(page)
        fields = read_fields(document, page)
    except (pdfium.PdfiumError, ValueError, OSError, ArithmeticError):
        lists.broken.append(number)
        return
    shown = "\n".join(filter(None, (build_text([each for each in characters if not each.is_invisible]), *fields)))
    hidden = build_text([each for each in characters if each.is_invisible])
    page.close()
    if UNREADABLE in shown + hidden:
        lists.unreadable.append(number)
    if not shown and not hidden:
        lists.empty.append(number)
    if shown:
        yield Part(shown, number)
    if hidden:
        lists.invisible.append(number)
        yield Part(hidden, number, is_invisible=True)


def _list_warnings(lists: _PageLists, pages: int) -> Iterator[ExtractionWarning]:
    if lists.broken:
        verb = "is damaged and was" if len(lists.broken) == 1 else "are damaged and were"
        yield ExtractionWarning("broken_pages", f"{describe_numbers('Page', lists.broken)} {verb} left out.")
    if lists.empty:
        verb = "holds" if len(lists.empty) == 1 else "hold"
        message = f"{describe_numbers('Page', lists.empty)} {verb} no text. On scans run text recognition first."
        yield ExtractionWarning("pages_without_text", message)
    if lists.invisible:
        verb = "holds" if len(lists.invisible) == 1 else "hold"
        where = describe_numbers("Page", lists.invisible)
        message = f"{where} {verb} text that cannot be seen, as scans do. Its chunks carry `invisible`."
        yield ExtractionWarning("invisible_text", message)
    if lists.unreadable:
        where = describe_numbers("page", lists.unreadable)
        message = f"Some characters on {where} have no letter in the PDF, and stand as {UNREADABLE}."
        yield ExtractionWarning("damaged_characters", message)
    if pages > MAX_PAGES:
        message = f"The PDF has {pages:,} pages; those after page {MAX_PAGES:,} were left out."
        yield ExtractionWarning("too_many_pages", message)


def _build_broken() -> ActionError:
    hint = "Open it in a PDF viewer, save it again and upload that."
    return ActionError("broken_document", "The PDF is damaged and cannot be read.", hint)
