"""Texts that people type: one form for equal texts, no characters that hide or turn what is read. Pure."""

import unicodedata

# Marks that turn the reading direction and characters that show nothing: one name can look like another.
# The zero-width joiners stay: emoji and several scripts are written with them.
_DECEPTIVE = frozenset(
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_LINE_BREAKS = frozenset("\n\r\t")


def normalize(text: str) -> str:
    """Return `text` in Unicode's composed form, so that texts which look equal are equal."""
    return unicodedata.normalize("NFC", text)


def find_bad_character(text: str, *, multiline: bool = False) -> str | None:
    """Return the first character that a text of a person must not hold, or None."""
    return next((char for char in text if _is_bad(char, multiline)), None)


def _is_bad(char: str, multiline: bool) -> bool:
    if multiline and char in _LINE_BREAKS:
        return False
    return char in _DECEPTIVE or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def describe_character(char: str) -> str:
    """Return how a message names `char`, which may be invisible: `U+202E`."""
    return f"U+{ord(char):04X}"
