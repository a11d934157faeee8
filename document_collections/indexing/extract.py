"""The text of a file. Runs in the worker's process: what is in a file must harm nothing else. No Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from actions.contract.errors import ActionError

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_CHARACTERS = 30_000_000
"""Of text in one document: a file of 20 MB can unpack to far more."""
MOST_PAGES = 20_000
SILENT = frozenset({"script", "style", "template", "noscript", "title", "svg", "math", "iframe", "object"})
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer"),
        *("form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre"),
        *("section", "table", "tbody", "td", "th", "thead", "tr", "ul"),
    )
)


@dataclass(frozen=True, slots=True)
class Part:
    """A text of its own, not joined with the next one: a page of a PDF, or a whole file."""

    text: str
    page: int | None = None


def parts_of(path: Path, media_type: str) -> list[Part]:
    """Return the texts of the file; raises ActionError when it cannot be read or holds none."""
    if media_type == "application/pdf":
        parts = list(_pages(path))
    else:
        text = _decoded(path.read_bytes())
        parts = [Part(_text_of_html(text) if media_type == "text/html" else text)]
    if not any(part.text.strip() for part in parts):
        hint = "A scanned PDF holds pictures of text: run text recognition on it first." if len(parts) > 1 else None
        raise ActionError("no_text", "The file holds no text.", hint)
    if sum(len(part.text) for part in parts) > MOST_CHARACTERS:
        raise _too_much()
    return parts


def _decoded(content: bytes) -> str:
    """Return the text in the encoding that its first bytes tell, else UTF-8, else the old Western one."""
    if b"\x00" in content[:4096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ActionError("not_text", "The file is not a text.", "Save it as text in UTF-8.")
    encoding = "utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    return text.replace("\x00", "")


def _text_of_html(source: str) -> str:
    """Return what a page shows. Markup is only read: nothing is run, loaded or kept."""
    reader = _HtmlText()
    reader.feed(source)
    reader.close()
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t\xa0]*\n[ \t\xa0]*", "\n", "".join(reader.texts))).strip()


class _HtmlText(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self._silent = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent:
            self._depth += tag == self._silent
        elif tag in SILENT:
            self._silent, self._depth = tag, 1
        elif tag in BLOCKS:
            self.texts.append("\n\n" if tag in ("p", "h1", "h2", "h3", "h4", "h5", "h6") else "\n")

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._depth -= tag == self._silent
            if self._depth == 0:
                self._silent = ""
        elif tag in BLOCKS:
            self.texts.append("\n")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS and not self._silent:
            self.texts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.texts.append(re.sub(r"[ \t\r\n\f]+", " ", data))


def _pages(path: Path) -> Iterator[Part]:
    from pypdf import PdfReader  # only a PDF pays for loading it
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            message = "The PDF is encrypted."
            raise ActionError("encrypted_document", message, "Save it without a password and upload it again.")
        yield from _texts(reader)
    except ActionError:
        raise
    except (PyPdfError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OSError, ArithmeticError):
        hint = "Open it in a PDF viewer, save it again and upload that."
        raise ActionError("broken_document", "The PDF is damaged and cannot be read.", hint) from None


def _texts(reader: "PdfReader") -> Iterator[Part]:
    characters = 0
    for number, page in enumerate(reader.pages, 1):
        text = page.extract_text().replace("\x00", "")
        characters += len(text)
        if characters > MOST_CHARACTERS or number > MOST_PAGES:
            raise _too_much()
        yield Part(text, number)


def _too_much() -> ActionError:
    message = f"The file holds more than {MOST_CHARACTERS // 1_000_000} million characters of text."
    return ActionError("document_too_large", message, "Split it into several files.")
