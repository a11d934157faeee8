"""Extracts the text of a file. Runs in the worker's process, so that a hostile file harms nothing else. No Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from actions.contract.errors import ActionError

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_CHARACTERS = 30_000_000
"""The longest text of one document: a file of 20 MB can unpack to far more."""
MAX_PAGES = 20_000
HIDDEN_TAGS = frozenset({"script", "style", "template", "noscript", "title", "svg", "math", "iframe", "object"})
BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """A text that is split by itself, so that no chunk runs into the next part: a page of a PDF, or a whole file."""

    text: str
    page: int | None = None
    """The number of the page in a PDF, from 1; None for other files."""


def extract_parts(path: Path, media_type: str) -> list[Part]:
    """Return the texts of the file in its order. Raises ActionError when it cannot be read, or holds no text."""
    if media_type == "application/pdf":
        parts = list(_extract_pdf(path))
    else:
        text = _decode(path.read_bytes())
        parts = [Part(_extract_html(text) if media_type == "text/html" else text)]
    if not any(part.text.strip() for part in parts):
        hint = "A scanned PDF holds images of text. Run text recognition on it first." if len(parts) > 1 else None
        raise ActionError("no_text", "The file holds no text.", hint)
    if sum(len(part.text) for part in parts) > MAX_CHARACTERS:
        raise _build_too_large()
    return parts


def _decode(content: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as Windows-1252."""
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ActionError("not_text", "The file is not a text.", "Save it as text in UTF-8.")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", "")


def _extract_html(source: str) -> str:
    """Return the text that a page shows. The markup is only parsed: no script runs and nothing is loaded."""
    reader = _HtmlTextParser()
    reader.feed(source)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\xa0]*\n[ \t\xa0]*", "\n", "".join(reader.texts))).strip()


class _HtmlTextParser(HTMLParser):
    """Collects the visible text. Everything within a hidden tag is left out, also tags of the same name in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._hidden_tag = ""
        self._hidden_depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden_tag:
            self._hidden_depth += tag == self._hidden_tag
        elif tag in HIDDEN_TAGS:
            self._hidden_tag, self._hidden_depth = tag, 1
        elif tag in BLOCK_TAGS:
            self.texts.append("\n\n" if tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6") else "\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden_tag:
            self._hidden_depth -= tag == self._hidden_tag
            if self._hidden_depth == 0:
                self._hidden_tag = ""
        elif tag in BLOCK_TAGS:
            self.texts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCK_TAGS and not self._hidden_tag:
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden_tag:
            self.texts.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def _extract_pdf(path: Path) -> Iterator[Part]:
    from pypdf import PdfReader  # loading it takes long, and only a PDF needs it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            message = "The PDF is encrypted."
            raise ActionError("encrypted_document", message, "Save it without a password and upload it again.")
        yield from _extract_pages(reader)
    except ActionError:
        raise
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError, ArithmeticError):
        hint = "Open it in a PDF viewer, save it again and upload that."
        raise ActionError("broken_document", "The PDF is damaged and cannot be read.", hint) from None


def _extract_pages(reader: "PdfReader") -> Iterator[Part]:
    characters = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().replace("\x00", "")
        characters += len(text)
        if characters > MAX_CHARACTERS or number > MAX_PAGES:
            raise _build_too_large()
        yield Part(text, number)


def _build_too_large() -> ActionError:
    message = f"The file holds more than {MAX_CHARACTERS // 1_000_000} million characters of text."
    return ActionError("document_too_large", message, "Split it into several files.")
