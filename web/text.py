"""Checks texts that people type: equal texts get one form, deceptive characters and ids are found. Pure."""

import unicodedata
from uuid import UUID

UUID_CHARACTERS = 36
MAX_NAME_CHARACTERS = 255
"""Of the name of a file."""

# Characters that change the reading direction or are invisible: with them, one name can look like another.
# The zero-width joiners are allowed, because emoji and several scripts need them.
_DECEPTIVE = frozenset(
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_LINE_BREAKS = frozenset("\n\r\t")


def normalize(text: str) -> str:
    """Return `text` in Unicode's composed form, so that texts which look equal are equal."""
    return unicodedata.normalize("NFC", text)


def read_uuid(text: str) -> UUID | None:
    """Return the id that `text` is, in the one form in which ids are written here; None for any other text."""
    if len(text) != UUID_CHARACTERS:  # nearly every text; parsing it would cost a hundred steps
        return None
    try:
        id = UUID(text)
    except ValueError:
        return None
    return id if str(id) == text else None


def find_bad_character(text: str, *, multiline: bool = False) -> str | None:
    """Return the first control or deceptive character of `text`, or None. `multiline` allows tabs and line breaks."""
    return next((char for char in text if _is_bad(char, multiline)), None)


def _is_bad(char: str, multiline: bool) -> bool:
    if multiline and char in _LINE_BREAKS:
        return False
    return char in _DECEPTIVE or unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")


def describe_character(char: str) -> str:
    """Return the code point of `char`, which may be invisible, for a message: `U+202E`."""
    return f"U+{ord(char):04X}"
