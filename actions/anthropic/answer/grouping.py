"""Cuts a streamed text into pieces: at the ends of sentences or paragraphs, or by length. Pure.

Joined, the pieces are the text. White space between two pieces stands at the start of the later one, because an end
is certain only when the next character is known. Therefore the pieces do not depend on how the stream cut the text.
"""

import re
from typing import Literal

Unit = Literal["message", "sentence", "paragraph", "characters"]

MAX_PIECE_CHARACTERS = 4_000
"""A text without an end is cut when it is this long, so that a caller does not wait for an end that never comes."""
MAX_ABBREVIATION_CHARACTERS = 100
"""How far before a full stop an abbreviation, or the number of a list's item, may begin."""

# ruff: noqa: RUF001 (the marks of many scripts are meant)
_CLOSING = r"\"'”’»›)\]}*_`"
_WIDE = "。！？｡।॥"  # full stops that no space follows
_WIDE_CLOSING = "」』”’）】》"
_SENTENCE = re.compile(
    rf"(?=\n)|(?<![.!?…؟])(?P<stop>[.!?…؟]+)[{_CLOSING}]*(?=\s)"
    rf"|(?<![{_WIDE}])[{_WIDE}]+[{_WIDE_CLOSING}]*(?=[^{_WIDE}{_WIDE_CLOSING}])"
)
_PARAGRAPH = re.compile(r"(?=\n[^\S\n]*\n)")

_OPENING = "\"'“‘«([*_"
_LETTERS = re.compile(r"[^\W\d_](?:\.[^\W\d_])*")  # e.g. z.B. U.S. and the initial of a name
_LIST_NUMBER = re.compile(r"\s*(?:[-*>#]\s*)*(?:\d+|[^\W\d_])")
_ABBREVIATIONS = frozenset(
    [
        *("al", "approx", "bzw", "ca", "cf", "ch", "dr", "ed", "eq", "fig", "figs", "jr", "mr", "mrs", "ms", "nos"),
        *("nr", "pp", "prof", "resp", "sr", "ssp", "usw", "vgl", "vol", "vs"),
    ]
)


class Grouping:
    """Collects text as it comes and gives it back in pieces."""

    def __init__(self, unit: Unit, characters: int = 1) -> None:
        self._unit = unit
        self._characters = characters
        self._held = ""

    @property
    def held(self) -> str:
        """The text that is in no piece yet."""
        return self._held

    def take(self, text: str) -> list[str]:
        """Return the pieces that are complete now."""
        if self._unit == "message":
            return [text]
        self._held += text
        pieces, start = [], 0
        while (end := self._find_end(start)) is not None:
            pieces.append(self._held[start:end])
            start = end
        self._held = self._held[start:]
        return pieces

    def take_rest(self) -> str:
        """Return what is held, complete or not, and hold nothing any more."""
        rest, self._held = self._held, ""
        return rest

    def _find_end(self, start: int) -> int | None:
        """Return where the piece that begins at `start` ends, or None while that is not known."""
        length = len(self._held) - start
        if self._unit == "characters":
            return len(self._held) if length and length >= self._characters else None
        pattern = _SENTENCE if self._unit == "sentence" else _PARAGRAPH
        # One character more is looked at, because an end is certain only when the next character is known.
        for match in pattern.finditer(self._held, start, start + MAX_PIECE_CHARACTERS + 1):
            if self._held[start : match.end()].strip() and not self._is_abbreviation(match, start):
                return match.end()
        return start + MAX_PIECE_CHARACTERS if length >= MAX_PIECE_CHARACTERS else None

    def _is_abbreviation(self, match: re.Match[str], start: int) -> bool:
        """Whether a full stop belongs to an abbreviation, or to the number of a list's item."""
        if self._unit != "sentence" or match["stop"] != ".":
            return False
        begin = max(start, match.start() - MAX_ABBREVIATION_CHARACTERS)
        before = self._held[begin : match.start()]
        word = _get_last_word(before)
        abbreviated = word.lower() in _ABBREVIATIONS or (word != "I" and _LETTERS.fullmatch(word) is not None)
        return abbreviated or (begin == start and _LIST_NUMBER.fullmatch(before) is not None)


def _get_last_word(text: str) -> str:
    """Return the word that ends where the text ends, without the marks that open it; empty after white space."""
    words = text.split()
    return words[-1].lstrip(_OPENING) if words and not text[-1].isspace() else ""
