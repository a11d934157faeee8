"""The letters of texts: which of them make words, and what is left of them when texts are compared. Pure."""

import re
import unicodedata

ALPHABETIC = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u108f\u1780-\u17d3"  # Thai to Khmer
HIRAGANA = "\u3041-\u3096\u309d-\u309f"
UNSPACED = (
    ALPHABETIC + "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # Japanese syllables
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
"""Of scripts that put no space between words."""
DENSE = UNSPACED + "\uac00-\ud7a3"
"""And Korean syllables, which have none between a noun and its particles."""
HEBREW_POINTS = "\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
ARABIC_MARKS = "\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed"
"""With the hamza above and below a letter, and the stroke that only makes a word longer."""
ACCENTS = f"\u0300-\u036f{HEBREW_POINTS}{ARABIC_MARKS}"
INVISIBLE = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff"
"""Soft hyphens, joiners, directions and variants: they part no words."""
# Marks that belong to a word and that `\w` leaves out: Hebrew, Arabic, and the scripts of India.
SPACED_LETTER = rf"(?![{DENSE}])[\w{ACCENTS}\u0900-\u0963\u0970-\u0dff]"

SPACED_LETTERS = rf"(?:{SPACED_LETTER})++"
SPACED_WORD = rf"{SPACED_LETTERS}(?:[{INVISIBLE}]++{SPACED_LETTERS})*+"
WORD_PATTERN = re.compile(rf"[{DENSE}]++(?:[{INVISIBLE}]++[{DENSE}]++)*+|{SPACED_WORD}")
"""A word as a text writes it, with the invisible characters within."""
HYPHENATED = rf"(?<!{SPACED_LETTER}){SPACED_WORD}(?:[-\u2010\u2011]{SPACED_WORD})++"
HYPHENATED_PATTERN = re.compile(HYPHENATED)
COMPOUND_PATTERN = re.compile(rf"{HYPHENATED}|{WORD_PATTERN.pattern}")
"""A word, or several that hyphens join."""
DENSE_PATTERN = re.compile(rf"[{DENSE}]")
SPACED_LETTER_PATTERN = re.compile(SPACED_LETTER)
# The space stands first, so that a search leaps to it.
LINE_END_PATTERN = re.compile(
    rf"[ \t\r\n](?<=[{UNSPACED}][ \t\r\n])(?:(?<=\n)|(?<!\n)[ \t\r]*+\n)[ \t]*+(?=[{UNSPACED}])"
)
INVISIBLE_PATTERN = re.compile(f"[{INVISIBLE}]")
ACCENTS_PATTERN = re.compile(f"[{ACCENTS}]")
# Letters that have no accent to take away, and are written without a stroke or apart where a keyboard lacks them.
PLAIN_LETTERS = {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"}  # noqa: RUF001 (Turkish)
PLAIN_LETTERS_PATTERN = re.compile(f"[{''.join(PLAIN_LETTERS)}]")


def normalize_text(text: str) -> str:
    """Return the text without invisible characters, with one way to write each letter, and with joined lines."""
    return text if text.isascii() else join_lines(unicodedata.normalize("NFKC", INVISIBLE_PATTERN.sub("", text)))


def join_lines(text: str) -> str:
    """Return the text without single line ends between letters of scripts without spaces: they part no words there."""
    return LINE_END_PATTERN.sub("", text)


def fold_text(text: str) -> str:
    """Return the text without its case, accents and invisible characters: `Café` and `CAFE` become `cafe`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", normalize_text(text).casefold())
    bare = unicodedata.normalize("NFC", ACCENTS_PATTERN.sub("", plain))
    return PLAIN_LETTERS_PATTERN.sub(lambda letter: PLAIN_LETTERS[letter[0]], bare)


def fold_line(text: str) -> str:
    """Return the folded text in one line."""
    return " ".join(fold_text(text).split())


def fold_passage(text: str) -> str:
    """Return the folded text in one line, and in a second line its hyphenated words without their hyphens."""
    line = fold_line(text)
    compounds = [each for each in line.split(" ") if "-" in each or "\u2010" in each]
    joined = dict.fromkeys(map(join_words, HYPHENATED_PATTERN.findall(" ".join(compounds))))
    return f"{line}\n{' '.join(joined)}" if joined else line


def join_words(compound: str) -> str:
    """Return the folded words of `e-mail` in one: `email`."""
    return fold_text("".join(WORD_PATTERN.findall(compound)))


def is_dense(word: str) -> bool:
    """Return whether the word is of a script that puts no space between words, or of Korean."""
    return DENSE_PATTERN.match(word) is not None


def is_spaced(letter: str) -> bool:
    """Return whether the character is a letter of a word that spaces set apart."""
    return SPACED_LETTER_PATTERN.match(letter) is not None
