"""Cutting texts into chunks. Pure, and linear in the length of the text."""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from actions.vectors.front_matter import split_front_matter
from actions.vectors.markdown_sections import split_sections
from actions.vectors.store import Piece
from actions.vectors.tables import Table, find_tables, split_lines

SplitBy = Literal["characters", "tokens", "markdown"]

# The best place to cut first: a paragraph, a line, a sentence, a part of one, a word.
BREAKS = ("\n\n", "\n", ". ", "! ", "? ", "。", "！", "？", "; ", ", ", "；", "，", "、", " ")  # noqa: RUF001 (Chinese signs)
# What a model's tokens are like on average. Exact counts need the tokenizer of one model.
TOKEN = re.compile(r"[a-zA-Z\u00c0-\u024f]{1,5}|\d{1,3}|\S")
JOINER = "\u200d"
EMOJI_PART = re.compile(f"[{JOINER}\U0001f3fb-\U0001f3ff]")  # the joiner and the colours of skin
MAX_LETTER_CHARACTERS = 20
"""A letter with all its marks. One with more of them is cut."""


@dataclass(frozen=True, slots=True)
class TextSplitter:
    """How texts are cut. A helper provides one to the action that it hangs under.

    `size` and `overlap` count characters, with `tokens` about as many tokens. An overlap is less than the size.
    """

    by: SplitBy = "characters"
    size: int = 1000
    overlap: int = 100

    def split(self, text: str) -> list[Piece]:
        """Return the chunks in order; of a Markdown text with the `heading` that each one stands under.

        A table is cut between its rows, and each part has its header. The simple entries of a front matter are the
        metadata of all chunks; its lines are a chunk of their own.
        """
        plain = re.sub(r"\r\n?", "\n", text)
        if self.by != "markdown":
            return [Piece(cut) for cut in self._cut(plain)]
        metadata, lines, body = split_front_matter(plain)
        pieces = [Piece(cut, metadata) for cut in self._cut(lines)]
        for section in split_sections(body):
            titled = {**metadata, "heading": section.heading} if section.heading else metadata
            pieces += [Piece(cut, titled) for cut in self._cut(section.text)]
        return pieces

    def _cut(self, text: str) -> Iterator[str]:
        """Yield the chunks. A table that fits into one chunk stays whole; a larger one is cut by its rows."""
        begin = 0
        small: list[Table] = []
        for table in find_tables(text):
            if self._measure(text[table.begin : table.end]) <= self.size:
                small.append(Table(table.begin - begin, table.body - begin, table.end - begin))
                continue
            yield from self._cut_text(text[begin : table.begin], small)
            yield from self._cut_table(text, table)
            begin, small = table.end, []
        yield from self._cut_text(text[begin:], small)

    def _cut_table(self, text: str, table: Table) -> Iterator[str]:
        header = text[table.begin : table.body]
        room = self.size - self._measure(header)
        if room < self.size // 2:  # repeating so long a header would leave hardly any room
            yield from self._cut_text(text[table.begin : table.end], [])
            return
        rows: list[str] = []
        used = 0
        for row in split_lines(text[table.body : table.end]):
            size = self._measure(row)
            if rows and used + size > room:
                yield _trim(header + "".join(rows))
                rows, used = [], 0
            if size > room:
                yield from (_trim(header + cut) for cut in replace(self, size=room, overlap=0)._cut_text(row, []))
            else:
                rows.append(row)
                used += size
        if rows:
            yield _trim(header + "".join(rows))

    def _measure(self, text: str) -> int:
        return sum(1 for _ in TOKEN.finditer(text)) if self.by == "tokens" else len(text)

    def _cut_text(self, text: str, tables: Sequence[Table]) -> Iterator[str]:
        ends = [match.end() for match in TOKEN.finditer(text)] if self.by == "tokens" else None
        begin = 0
        while begin < len(text):
            limit = self._move(begin, self.size, len(text), ends)
            end = limit if limit == len(text) else _find_break(text, begin, limit)
            end = _leave_table(tables, begin, end)
            if cut := _trim(text[begin:end]):
                yield cut
            if end == len(text):
                return
            begin = max(_find_word_start(text, self._move(end, -self.overlap, len(text), ends), end), begin + 1)
            begin = _leave_table_behind(tables, begin, end)

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
        # A space at its end is not part of a chunk.
        position = text.rfind(mark, least, limit + mark[-1].isspace())
        if position > begin:
            return position + len(mark)
    return _leave_letter(text, begin, limit)


def _find_word_start(text: str, at: int, end: int) -> int:
    """Return the beginning of the next word, so that an overlap begins with a whole one."""
    if at >= end or at == 0 or text[at - 1].isspace():
        return min(at, end)
    position = re.compile(r"\s").search(text, at, end)
    return position.end() if position else _leave_letter(text, 0, at)


def _leave_letter(text: str, begin: int, at: int) -> int:
    """Return the place to cut, before a letter that it would part from its marks, or an emoji from its parts."""
    least = max(begin, at - MAX_LETTER_CHARACTERS)
    return next((place for place in range(at, least, -1) if not _is_within_letter(text, place)), at)


def _is_within_letter(text: str, at: int) -> bool:
    return at < len(text) and (
        unicodedata.category(text[at])[0] == "M" or EMOJI_PART.match(text, at) is not None or text[at - 1] == JOINER
    )


def _leave_table(tables: Sequence[Table], begin: int, end: int) -> int:
    """Return the place to cut, before a table that it would cut in two."""
    table = _find_table_before(tables, end)
    return table.begin if table and begin < table.begin and end < table.end else end


def _leave_table_behind(tables: Sequence[Table], begin: int, end: int) -> int:
    """Return where the next chunk begins: not within a table that the last one ends with."""
    table = _find_table_before(tables, begin)
    return end if table and begin < table.end <= end else begin


def _find_table_before(tables: Sequence[Table], at: int) -> Table | None:
    """Return the last table that begins before this place."""
    count = bisect_left(tables, at, key=lambda table: table.begin)
    return tables[count - 1] if count else None


def _trim(text: str) -> str:
    """Return the chunk without empty lines around it. Its first line keeps its indent."""
    return text.strip("\n").rstrip()
