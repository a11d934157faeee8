"""Puts the characters of a PDF page together to lines of text. Pure."""

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from document_collections.extraction.pdf_characters import Character

DIVISION = "\u0002"
"""Stands where a word was divided at the end of a line, until its parts are joined. PDFium puts it there too."""
SOFT_HYPHEN = "\u00ad"
HYPHENS = frozenset((SOFT_HYPHEN, "\u2010", DIVISION))
MIN_SPACED_LETTERS = 4
COMPOUND = re.compile(r"\b\w+-\w+")
DIVIDED = re.compile(rf"\b(\w+){DIVISION}(\w+)")
AFTER_SUSPENDED = frozenset(("and", "or", "und", "oder", "och", "eller"))
"""Words before which a hyphen ends a shortened word: `wind- and water mills`."""
WORD_GAP = 1.6
"""How much wider a gap between words is than one between spaced letters."""


def build_text(characters: Sequence[Character]) -> str:
    """Return the lines. A word that was divided at the end of a line is whole again, and so is a spaced heading."""
    lines = [_build_line(line) for line in _split_lines(characters)]
    text = _join_divided("".join(lines))
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+\n", "\n", text)).strip()


def _split_lines(characters: Sequence[Character]) -> list[list[Character]]:
    lines: list[list[Character]] = [[]]
    for each in characters:
        if each.text == "\r":
            continue
        lines[-1].append(each)
        if each.text == "\n":
            lines.append([])
    return lines


def _build_line(line: Sequence[Character]) -> str:
    """Return the line with its end, or without it when its last word goes on in the next one."""
    letters = [each for each in line if each.text != "\n"]
    kept = _close_gaps(letters) if _is_spaced(letters) else letters
    while kept and kept[-1].text == " ":
        kept = kept[:-1]
    is_divided = len(kept) > 1 and kept[-2].text.isalpha() and (kept[-1].is_hyphen or kept[-1].text in HYPHENS)
    text = "".join(each.text for each in (kept[:-1] if is_divided else kept) if each.text != SOFT_HYPHEN)
    if is_divided:
        return f"{text}{DIVISION}"
    return text if len(letters) == len(line) else f"{text}\n"


def _join_divided(text: str) -> str:
    """Make divided words whole. A PDF does not say whether the hyphen is part of the word, as in `well-known`.

    It is kept before a capital letter or a digit, and where the page has the word with it in the middle of a line.
    """
    compounds = {word.lower() for word in COMPOUND.findall(text)}

    def join(match: re.Match[str]) -> str:
        before, after = match.groups()
        if after.lower() in AFTER_SUSPENDED:
            return f"{before}- {after}"
        is_new_word = after[0].isdigit() or (after[0].isupper() and not before.isupper())
        is_compound = is_new_word or f"{before}-{after}".lower() in compounds
        return f"{before}-{after}" if is_compound else f"{before}{after}"

    return DIVIDED.sub(join, text).replace(DIVISION, "")


def _is_spaced(line: Sequence[Character]) -> bool:
    """Return whether all words of the line are single letters, apart by gaps."""
    words = "".join(each.text for each in line).split()
    return len(words) >= MIN_SPACED_LETTERS and all(len(word) == 1 for word in words) and "".join(words).isalpha()


def _close_gaps(line: Sequence[Character]) -> Sequence[Character]:
    """Leave out the spaces of a spaced line, other than those between its words, which are wider."""
    letters = [each for each in line if each.text != " "]
    gaps = [after.box[0] - before.box[2] for before, after in pairwise(letters)]
    usual = max(median(gaps), 0.01)
    kept = [letters[0]]
    spaces = [each for each in line if each.text == " "]
    for letter, gap in zip(letters[1:], gaps, strict=True):
        if gap > WORD_GAP * usual:
            kept.append(spaces[0])
        kept.append(letter)
    return kept
