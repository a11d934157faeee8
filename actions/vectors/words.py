"""The words of a text, and which of them a search text shares with it. Pure, the same everywhere.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words, and Korean none between a noun and its
particles. A run of such letters is compared by what it has in common with the other text, letter by letter; every
other word by its beginning and its spelling.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

ALPHABETIC = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0ecd\u1000-\u103f\u1050-\u108f\u1780-\u17d3"  # Thai to Khmer
HIRAGANA = "\u3041-\u3096\u309d-\u309f"
DENSE = (
    ALPHABETIC + "\uac00-\ud7a3"  # Korean syllables
    "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff"  # Japanese syllables
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
)
# Marks that belong to a word and that `\w` leaves out: Hebrew, Arabic, and the scripts of India.
MARKS = "\u0300-\u036f\u0591-\u05bd\u064b-\u065f\u0670\u0900-\u0963\u0970-\u0dff"
WORD_PATTERN = re.compile(rf"[{DENSE}]+|(?:(?![{DENSE}])[\w{MARKS}])+")
DENSE_PATTERN = re.compile(rf"[{DENSE}]")
SPACED_LETTER = rf"(?![{DENSE}])[\w{MARKS}]"
SPACED_LETTER_PATTERN = re.compile(SPACED_LETTER)
CLOSING_SIGNS = "?!.,;:。、"
ALPHABETIC_PATTERN = re.compile(f"[{ALPHABETIC}]")
HIRAGANA_PATTERN = re.compile(f"[{HIRAGANA}]+")
ACCENTS = re.compile("[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]")

SHORT_WORD_WEIGHTS = {1: 0.2, 2: 0.2, 3: 0.5, 4: 0.8}
# Words that tell nothing of a text. Without counts of a collection, their weight must be known beforehand.
COMMON_WORDS = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "do", "does", "for", "from", "had", "has"),
        *("have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "of", "on"),
        *("or", "our", "she", "so", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this"),
        *("to", "was", "we", "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you"),
    )
)
COMMON_WEIGHT = 0.05

MAX_TERMS = 64
"""How many words of a search text are compared: the heaviest. A longer one is hardly a search any more."""
MAX_RUN_CHARACTERS = 32
MIN_PART_CHARACTERS = 4
"""The shortest word that is found within a longer one, as `filter` in `Wasserfilter`."""
MIN_ALIKE_CHARACTERS = 5
"""The shortest word that is found in spite of a typing error."""
BARE_STRENGTH = 0.9
"""Of a phrase without the signs at its end."""
PART_STRENGTH = 0.6
"""Of a word or a phrase that begins or ends within longer words."""


def fold_text(text: str) -> str:
    """Return the text without its case, accents and invisible characters: `Café` and `CAFE` become `cafe`."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).casefold())
    return unicodedata.normalize("NFC", ACCENTS.sub("", plain))


def fold_passage(text: str) -> str:
    """Return the folded text in one line, as texts are compared."""
    return " ".join(fold_text(text).split())


def is_dense(word: str) -> bool:
    """Return whether the word is of a script that puts no space between words."""
    return DENSE_PATTERN.match(word) is not None


def _is_spaced(letter: str) -> bool:
    return SPACED_LETTER_PATTERN.match(letter) is not None


def weigh_word(word: str) -> float:
    """Return how much a word, as it is written, tells of its text: from 0.05 to 1."""
    if word.lower() in COMMON_WORDS:
        return COMMON_WEIGHT
    if is_dense(word) or word.isupper() or not word.isalpha():
        return 1.0  # names, abbreviations and numbers tell much for their length
    return SHORT_WORD_WEIGHTS.get(len(word), 1.0)


@dataclass(frozen=True)
class Term:
    """A word of a search text, or a run of letters of a script without spaces."""

    text: str
    """Folded."""
    weight: float
    """How much it tells of what is looked for, above 0."""

    @cached_property
    def is_dense(self) -> bool:
        return is_dense(self.text)

    @cached_property
    def pairs(self) -> list[str]:
        """The pairs of neighbouring letters, or the only letter."""
        return sorted({self.text[at : at + 2] for at in range(max(len(self.text) - 1, 1))})

    @cached_property
    def parts(self) -> frozenset[str]:
        """Three letters at a time, with the ends marked."""
        return _list_parts(self.text)


@dataclass(frozen=True)
class Phrase:
    """A search text that is looked for in one piece."""

    text: str
    """Folded."""

    @cached_property
    def bare(self) -> str:
        """The phrase without the signs at its end: what a text must hold."""
        return self.text.rstrip(CLOSING_SIGNS).strip()

    @cached_property
    def whole(self) -> re.Pattern[str]:
        """Finds the bare phrase where it neither begins nor ends within a word that spaces set apart."""
        # The text stands first, so that a search leaps to it.
        before = f"(?<!{SPACED_LETTER}{re.escape(self.bare)})" if _is_spaced(self.bare[:1]) else ""
        after = f"(?!{SPACED_LETTER})" if _is_spaced(self.bare[-1:]) else ""
        return re.compile(re.escape(self.bare) + before + after)

    def measure(self, folded: str) -> float:
        """Return how much the phrase tells of a text that holds it: 0 when it is a short part of other words."""
        if self.whole.search(folded):
            return 1.0 if self.text in folded else BARE_STRENGTH
        return PART_STRENGTH if len(self.bare.replace(" ", "")) >= MIN_PART_CHARACTERS else 0.0

    def is_in(self, folded: str) -> bool:
        return self.bare != "" and self.bare in folded and self.measure(folded) > 0

    def find_words(self, folded: str) -> frozenset[str]:
        """Return the words of a text that hold the phrase or a part of it, without those that tell nothing.

        A run of letters without spaces is not one of them: it may be a whole sentence.
        """
        whole = self.whole.search(folded)
        begin = whole.start() if whole else folded.index(self.bare)
        end = begin + len(self.bare)
        words = {word[0] for word in WORD_PATTERN.finditer(folded) if word.start() < end and word.end() > begin}
        return frozenset(word for word in words - COMMON_WORDS if not is_dense(word))


@dataclass(frozen=True, slots=True)
class Match:
    """What a text shares with the terms of a search text."""

    strengths: Mapping[str, float]
    """By a term's text, how much of it is in the text: above 0, at most 1. What is not there is left out."""
    words: frozenset[str]
    """The words of the text that match, folded."""


def read_terms(text: str) -> list[Term]:
    """Return the different words of a search text, at most `MAX_TERMS`, in their order."""
    weights: dict[str, float] = {}
    for word in WORD_PATTERN.findall(unicodedata.normalize("NFKC", text)):
        weight, folded = weigh_word(word), fold_text(word)
        for begin in range(0, len(folded) if is_dense(folded) else 1, MAX_RUN_CHARACTERS):
            part = folded[begin : begin + MAX_RUN_CHARACTERS]
            if part:
                weights[part] = max(weight, weights.get(part, 0.0))
    heaviest = sorted(weights, key=lambda word: -weights[word])[:MAX_TERMS]
    return [Term(word, weights[word]) for word in weights if word in set(heaviest)]


def match_terms(terms: Iterable[Term], folded: str) -> Match:
    """Compare the terms with a text that is folded."""
    words = set(WORD_PATTERN.findall(folded))
    strengths: dict[str, float] = {}
    matching: set[str] = set()
    for term in terms:
        strength, matches = _match_run(term.text, folded) if term.is_dense else _match_word(term, words)
        if matches:
            strengths[term.text] = strength
            matching |= matches
    return Match(strengths, frozenset(matching))


def find_matching_words(search_text: str, text: str) -> list[str]:
    """Return the different words of the text that match the search text, as the text writes them, in its order.

    Words that tell nothing, such as `the`, are left out beside others.
    """
    folded, phrase = fold_passage(text), Phrase(fold_passage(search_text))
    words = match_terms(keep_telling_terms(read_terms(search_text)), folded).words
    if phrase.is_in(folded):
        words |= phrase.find_words(folded)
        if not words:
            return [phrase.bare]  # it is made of signs
    return _list_written(words, text)


def _list_written(words: frozenset[str], text: str) -> list[str]:
    """Return the words, which are folded, as the text writes them, in its order."""
    runs = [word for word in words if is_dense(word)]
    found: dict[str, None] = {}
    for word in WORD_PATTERN.findall(text):
        folded = fold_text(word)
        if folded in words:
            found[word] = None
        else:
            found.update(dict.fromkeys(sorted((run for run in runs if run in folded), key=folded.find)))
    return list(found)


def keep_telling_terms(terms: list[Term]) -> list[Term]:
    """Return the terms without those that tell nothing, or all of them when there are no others."""
    return [term for term in terms if term.weight > COMMON_WEIGHT] or terms


def _match_run(run: str, folded: str) -> tuple[float, set[str]]:
    """Find the longest pieces of the run that the text has: of two letters at least, of an alphabet four.

    Endings in Japanese, written in hiragana, are left out beside other letters: they tell as little as `the`.
    """
    least = min(4 if ALPHABETIC_PATTERN.match(run) else 2, len(run))
    has_endings = HIRAGANA_PATTERN.fullmatch(run) is None
    pieces: set[str] = set()
    at = covered = 0
    while at + least <= len(run):
        end = at + least
        while end <= len(run) and run[at:end] in folded:
            end += 1
        piece = run[at : end - 1]
        if len(piece) < least:
            at += 1
            continue
        if not (has_endings and HIRAGANA_PATTERN.fullmatch(piece)):
            pieces.add(piece)
            covered += len(piece)
        at += len(piece)
    return covered / len(run), pieces


def _match_word(term: Term, words: set[str]) -> tuple[float, set[str]]:
    """Find the word itself, else its other forms, else words that hold it, else words that are spelt alike."""
    if term.text in words:
        return 1.0, {term.text}
    forms = {word for word in words if _is_form(term.text, word)}
    if forms:
        return 0.8, forms
    if len(term.text) >= MIN_PART_CHARACTERS:
        holders = {word for word in words if term.text in word}
        if holders:
            return PART_STRENGTH, holders
    return 0.5, {word for word in words if _is_alike(term, word)}


def _is_form(one: str, other: str) -> bool:
    """Return whether the words may be forms of one word: `clean` and `cleaning`, `car` and `cars`."""
    if one[:3] != other[:3]:
        return False
    shorter, longer = sorted((one, other), key=len)
    if longer.startswith(shorter):
        return len(longer) - len(shorter) < 2 or (
            len(shorter) >= MIN_PART_CHARACTERS and 2 * len(shorter) >= len(longer)
        )
    shared = next(at for at, pair in enumerate(zip(shorter, longer, strict=False)) if pair[0] != pair[1])
    return shared >= MIN_PART_CHARACTERS and 4 * shared >= 3 * len(longer)


def _is_alike(term: Term, word: str) -> bool:
    if len(term.text) < MIN_ALIKE_CHARACTERS or word[0] != term.text[0] or abs(len(word) - len(term.text)) > 2:
        return False
    parts = _list_parts(word)
    return 2 * len(parts & term.parts) >= (len(parts) + len(term.parts)) / 2


def _list_parts(word: str) -> frozenset[str]:
    framed = f"^{word}$"
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))
