"""The sections of a Markdown text, with the headings that each one stands under. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

INLINE_MARKS = re.compile(r"[*_`\[\]<&\\!]")
MAX_TITLE_CHARACTERS = 200

# Blocks only: the marks within a line do not change where a section begins.
_blocks = MarkdownIt("commonmark")
_blocks.core.ruler.disable(["inline"])
_lines = MarkdownIt("commonmark")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a Markdown text from one heading to the next."""

    heading: str
    """The titles of the headings above it and its own, `Guide > Install`; empty before the first one."""
    text: str
    """With the line of its heading, as it is written."""


def split_sections(text: str) -> Iterator[Section]:
    """Yield every section. A heading is what Markdown says: with `#`, or underlined; never a line of code."""
    lines: list[str | None] = [*text.split("\n")]
    path: list[tuple[int, str]] = []
    begin = 0
    tokens = _blocks.parse(text)
    for at, token in enumerate(tokens):
        if token.map is None or token.level != 0:
            continue
        if token.type == "html_block" and _is_comment(token):
            lines[token.map[0] : token.map[1]] = [None] * (token.map[1] - token.map[0])
        elif token.type == "heading_open":
            yield Section(_join_titles(path), _join_lines([*lines[begin : token.map[0]], ""]))
            level, begin = int(token.tag[1]), token.map[0]
            path = [entry for entry in path if entry[0] < level] + [(level, _read_title(tokens[at + 1].content))]
    yield Section(_join_titles(path), _join_lines(lines[begin:]))


def _is_comment(token: Token) -> bool:
    content = token.content.strip()
    return content.startswith("<!--") and content.find("-->") == len(content) - 3


def _join_lines(lines: Sequence[str | None]) -> str:
    """Return the lines without those of a comment, which are None, and the empty ones behind it."""
    kept: list[str] = []
    for before, line in zip([*lines[:1], *lines], lines, strict=False):
        if line is not None and (line or before is not None):
            kept.append(line)
    return "\n".join(kept)


def _read_title(source: str) -> str:
    """Return the title without marks of emphasis, links and code."""
    if INLINE_MARKS.search(source):
        children = _lines.parseInline(source)[0].children or []
        source = "".join(" " if child.type in ("softbreak", "hardbreak") else child.content for child in children)
    return " ".join(source.split())[:MAX_TITLE_CHARACTERS]


def _join_titles(path: list[tuple[int, str]]) -> str:
    return " > ".join(title for _, title in path if title)
