"""Cutting texts into chunks. Pure, and linear in the length of the text."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from actions.vectors.store import Piece

SplitBy = Literal["characters", "tokens", "markdown"]

# The best place to cut first: a paragraph, a line, a sentence, a part of one, a word.
BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "; ", ", ", " ")
# What a model's tokens are like on average. Exact counts need the tokenizer of one model.
TOKEN = re.compile(r"[a-zA-Z\u00c0-\u024f]{1,5}|\d{1,3}|\S")
HEADING = re.compile(r"(#{1,6})[ \t](.*)")
FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)")


@dataclass(frozen=True, slots=True)
class TextSplitter:
    """How texts are cut. A helper provides one to the action that it hangs under.

    `size` and `overlap` count characters, with `tokens` about as many tokens. An overlap is less than the size.
    """

    by: SplitBy = "characters"
    size: int = 1000
    overlap: int = 100

    def split(self, text: str) -> list[Piece]:
        """Return the chunks in order; of a Markdown text with the `heading` that each one stands under."""
        if self.by == "markdown":
            return [piece for heading, body in _split_sections(text) for piece in self._cut_section(heading, body)]
        return [Piece(cut) for cut in self._cut(text)]

    def _cut_section(self, heading: str, body: str) -> Iterator[Piece]:
        metadata = {"heading": heading} if heading else {}
        return (Piece(cut, metadata) for cut in self._cut(body))

    def _cut(self, text: str) -> Iterator[str]:
        ends = [match.end() for match in TOKEN.finditer(text)] if self.by == "tokens" else None
        begin = 0
        while begin < len(text):
            limit = self._move(begin, self.size, len(text), ends)
            end = limit if limit == len(text) else _find_break(text, begin, limit)
            if cut := text[begin:end].strip():
                yield cut
            if end == len(text):
                return
            begin = max(_find_word_start(text, self._move(end, -self.overlap, len(text), ends), end), begin + 1)

    def _move(self, at: int, units: int, length: int, ends: list[int] | None) -> int:
        """Return the place that is so many characters or tokens away."""
        if ends is None:
            return min(at + units, length)
        if units < 0:
            token = bisect_left(ends, at) + units
            return ends[token] if token >= 0 else 0
        token = bisect_right(ends, at) + units - 1
        return ends[token] if token < len(ends) else length


def _find_break(text: str, begin: int, limit: int) -> int:
    """Return the best place to cut in the last half before `limit`."""
    least = begin + (limit - begin) // 2
    for mark in BREAKS:
        position = text.rfind(mark, least, limit + 1)  # each ends in a space, which is not part of a chunk
        if position > begin:
            return position + len(mark)
    return limit


def _find_word_start(text: str, at: int, end: int) -> int:
    """Return the beginning of the next word, so that an overlap begins with a whole one."""
    if at >= end or at == 0 or text[at - 1].isspace():
        return min(at, end)
    position = re.compile(r"\s").search(text, at, end)
    return position.end() if position else at


def _split_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield every section with its headings, `Guide > Install`. What looks like one within code is code."""
    path: list[tuple[int, str]] = []
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        fence = _track_fence(fence, line)
        match = None if fence else HEADING.fullmatch(line.rstrip("\r\n"))
        if match:
            yield _join_titles(path), "".join(lines)
            level = len(match[1])
            path = [entry for entry in path if entry[0] < level] + [(level, _read_title(match[2]))]
            lines = []
        lines.append(line)
    yield _join_titles(path), "".join(lines)


def _read_title(heading: str) -> str:
    """Return a heading without the marks that may close it."""
    title = heading.strip()
    bare = title.rstrip("#")
    return (bare if not bare or bare[-1] in " \t" else title).strip()[:200]


def _track_fence(fence: str, line: str) -> str:
    match = FENCE.match(line)
    if match is None:
        return fence
    if not fence:
        return match[1]
    return "" if match[1].startswith(fence) else fence


def _join_titles(path: list[tuple[int, str]]) -> str:
    return " > ".join(title for _, title in path)
