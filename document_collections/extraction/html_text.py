"""The text that a web page shows. The markup is parsed as browsers do it; no script runs, and nothing is loaded."""

import re
from collections import Counter
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from actions.contract.errors import ActionError
from document_collections.extraction.html_boilerplate import find_content
from document_collections.extraction.html_tables import build_table_lines
from document_collections.extraction.html_visibility import remove_hidden

BLOCK_TAGS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "center", "dd", "details", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "legend", "li", "main", "menu", "nav"),
        *("ol", "optgroup", "option", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "ul", "caption", "search", "textarea"),
    )
)
PARAGRAPH_TAGS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table"))
KEEPING_TAGS = frozenset(("pre", "textarea", "listing", "xmp"))
"""Elements whose white space is shown as it is."""
SPACES = re.compile(r"[ \t\r\n\f]+")
INVISIBLE_CHARACTERS = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Soft hyphens and marks without a width would cut words in two for a search."""
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
TAGS_THAT_END_BY_THEMSELVES = frozenset(
    (
        *("area", "base", "body", "br", "col", "dd", "dt", "embed", "head", "hr", "html", "img", "input", "li", "link"),
        *("meta", "option", "p", "param", "rp", "rt", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track"),
        *("wbr",),
    )
)
MAX_DEPTH = 25_000
"""How deep elements may be nested. The time to parse them grows with the square: about 2 s for so many."""


def extract_html(source: str) -> str:
    """Return the visible text: paragraphs apart, `pre` with its lines and indents, tables as lines of Markdown.

    Navigation and what else belongs to the site is left out. Raises ActionError when the elements are nested too deep.
    """
    _refuse_deep_nesting(source)
    tree = LexborHTMLParser(source)
    remove_hidden(tree)
    root = find_content(tree)
    if root is None:
        return ""
    _put_readings_behind(root)
    writer = _TextWriter()
    _write(root, writer)
    return INVISIBLE_CHARACTERS.sub("", writer.finish())


def _refuse_deep_nesting(source: str) -> None:
    open_tags: Counter[str] = Counter()
    depth = 0
    for match in TAG.finditer(source):
        name = match[2].lower()
        if name in TAGS_THAT_END_BY_THEMSELVES or (match[1] and not open_tags[name]):
            continue
        step = -1 if match[1] else 1
        open_tags[name] += step
        depth += step
        if depth > MAX_DEPTH:
            message = f"The page nests its elements more than {MAX_DEPTH:,} deep."
            raise ActionError("broken_document", message, "Save the text of the page and upload that.")


def _put_readings_behind(root: LexborNode) -> None:
    """Write `漢字(かんじ)` for a word with its reading above it, so that the reading does not cut the word in two."""
    for ruby in root.css("ruby"):
        readings = ruby.css("rt")
        reading = "".join(node.text(deep=True, strip=True) for node in readings)
        for node in readings:
            node.decompose()
        if reading:
            ruby.insert_after(f"({reading})")


@dataclass(slots=True)
class _TextWriter:
    """Puts texts together, with single spaces between words and one empty line between paragraphs."""

    _texts: list[str] = field(default_factory=list)
    _newlines: int = 2
    """How many line ends the text ends with already."""
    _has_space: bool = False
    """Whether a space is due before the next word."""

    def write(self, text: str) -> None:
        words = SPACES.sub(" ", text)
        if words.startswith(" "):
            self._has_space = True
        body = words.strip(" ")
        if body:
            if self._has_space and not self._newlines:
                self._texts.append(" ")
            self._texts.append(body)
            self._newlines, self._has_space = 0, words.endswith(" ")

    def write_as_it_is(self, text: str) -> None:
        if text:
            self._texts.append(text)
            ends = len(text) - len(text.rstrip("\n"))
            self._newlines = ends + (self._newlines if ends == len(text) else 0)
            self._has_space = False

    def break_line(self, lines: int = 1) -> None:
        """End the line; with 2 leave an empty one."""
        self._has_space = False
        if self._newlines < lines:
            self._texts.append("\n" * (lines - self._newlines))
            self._newlines = lines

    def finish(self) -> str:
        return re.sub(r"(?<![ \t\xa0])[ \t\xa0]+\n", "\n", "".join(self._texts)).strip("\n").rstrip()


@dataclass(frozen=True, slots=True)
class _Leaving:
    """The end of an element on the way through the tree."""

    tag: str


def _read_line(cell: LexborNode) -> str:
    """Return the text of an element of a table in one line, with a space between its blocks and none within words."""
    writer = _TextWriter()
    _write(cell, writer, has_tables=False)
    return " ".join(writer.finish().split())


def _write(root: LexborNode, writer: _TextWriter, has_tables: bool = True) -> None:
    """Go through the tree without recursion: a page may nest its elements a hundred thousand deep.

    Without `has_tables`, tables are blocks as others are: those within a cell of another one.
    """
    waiting: list[LexborNode | _Leaving] = [root]
    pre_depth = 0
    while waiting:
        node = waiting.pop()
        tag = node.tag or ""
        if isinstance(node, _Leaving):
            pre_depth -= tag in KEEPING_TAGS
            _break_around(tag, writer)
        elif tag == "-text":
            _write_text(node.text_content or "", writer, pre_depth > 0)
        elif tag == "br":
            writer.write_as_it_is("\n") if pre_depth else writer.break_line()
        elif tag == "table" and has_tables and (lines := build_table_lines(node, _read_line)):
            writer.break_line(2)
            writer.write_as_it_is("\n".join(lines))
            writer.break_line(2)
        elif not tag.startswith("-"):
            pre_depth += tag in KEEPING_TAGS
            _break_around(tag, writer)
            waiting.append(_Leaving(tag))
            waiting.extend(reversed(list(node.iter(include_text=True))))


def _write_text(text: str, writer: _TextWriter, is_kept: bool) -> None:
    if is_kept:
        writer.write_as_it_is(text)
    else:
        writer.write(text)


def _break_around(tag: str, writer: _TextWriter) -> None:
    """End the line before and after a block; leave an empty one around a paragraph."""
    if tag in PARAGRAPH_TAGS:
        writer.break_line(2)
    elif tag in BLOCK_TAGS:
        writer.break_line()
