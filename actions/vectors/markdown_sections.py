"""The sections of a Markdown text, with the headings that each one stands under, and its front matter. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n(.*?\n)?(\1|\.\.\.)[ \t]*(?:\n|$)", re.DOTALL)
ENTRY = re.compile(r"([A-Za-z_][\w-]{0,49})[ \t]*[:=][ \t]*(\S.*)")
INLINE_MARKS = re.compile(r"[*_`\[\]<&\\!]")
MAX_TITLE_CHARACTERS = 200
MAX_FRONT_MATTER_CHARACTERS = 20_000
RESERVED_NAMES = frozenset(("source", "page", "heading", "invisible", "document", "text", "score", "metadata"))
WORDS: Mapping[str, Any] = {"true": True, "false": False, "null": None, "~": None}

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


def split_front_matter(text: str) -> tuple[dict[str, Any], str, str]:
    """Return the simple entries of the front matter, its lines, and the text behind it.

    Only `key: value` in one line is read, with texts, numbers, true, false and `[lists]` of them.
    """
    match = FRONT_MATTER.match(text[:MAX_FRONT_MATTER_CHARACTERS])
    if match is None:
        return {}, "", text
    lines = match[2] or ""
    entries = [entry for line in lines.split("\n") if (entry := ENTRY.fullmatch(line.rstrip()))]
    if lines.strip() and not entries:
        return {}, "", text  # a text between two rules
    values = {entry[1]: _read_value(entry[2]) for entry in entries if entry[1].lower() not in RESERVED_NAMES}
    return values, lines, text[match.end() :]


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


def _read_value(source: str) -> Any:
    if source.startswith("[") and source.endswith("]"):
        return [_read_value(item.strip()) for item in source[1:-1].split(",") if item.strip()]
    if len(source) > 1 and source[0] == source[-1] and source[0] in "\"'":
        return source[1:-1]
    if source in WORDS:
        return WORDS[source]
    if re.fullmatch(r"-?\d{1,15}", source):
        return int(source)
    return float(source) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", source) else source[:MAX_TITLE_CHARACTERS]
