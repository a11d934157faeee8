"""The words of a text, and which of them a search text shares with it. Pure, the same everywhere.

Chinese, Japanese, Thai, Lao, Khmer and Burmese put no space between words, and Korean none between a noun and its
particles. A run of such letters is compared by what it has in common with the other text, letter by letter; every
other word by its beginning and its spelling.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from actions.vectors.folding import (
    ALPHABETIC,
    COMPOUND_PATTERN,
    HIRAGANA,
    SPACED_LETTER,
    WORD_PATTERN,
    fold_line,
    fold_passage,
    fold_text,
    is_dense,
    is_spaced,
    join_lines,
    join_words,
    normalize_text,
)

CLOSING_SIGNS = "?!.,;:。、"
ALPHABETIC_PATTERN = re.compile(f"[{ALPHABETIC}]")
HIRAGANA_PATTERN = re.compile(f"[{HIRAGANA}]+")

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
INFLECTIONS = (
    *(("y", "ies"), ("y", "ied"), ("y", "ying"), ("e", "ing"), ("w", "wing")),
    *(("s", "ses"), ("x", "xes"), ("x", "xing"), ("ch", "ches"), ("sh", "shes")),
)
"""What the end of an English word becomes in a form that has not most of its letters."""
MIN_INFLECTED_CHARACTERS = 3
MIN_ALIKE_CHARACTERS = 5
"""The shortest word that is found in spite of a typing error."""
BARE_STRENGTH = 0.9
"""Of a phrase without the signs at its end."""
PART_STRENGTH = 0.6
"""Of a word or a phrase that begins or ends within longer words."""


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
    whole: str = ""
    """The hyphenated word that it is a part of, folded and without its hyphens."""

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

    @cached_property
    def inflections(self) -> frozenset[str]:
        """Forms of the word that do not begin with it, and what it may be a form of: `cities` of `city`, and `city`."""
        endings = (*INFLECTIONS, *((form, base) for base, form in INFLECTIONS))
        forms = {self.text.removesuffix(end) + other for end, other in endings if self.text.endswith(end)}
        return frozenset(form for form in forms - COMMON_WORDS if len(form) >= MIN_INFLECTED_CHARACTERS)


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
        before = f"(?<!{SPACED_LETTER}{re.escape(self.bare)})" if is_spaced(self.bare[:1]) else ""
        after = f"(?!{SPACED_LETTER})" if is_spaced(self.bare[-1:]) else ""
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
    terms: dict[str, Term] = {}
    for compound in COMPOUND_PATTERN.findall(normalize_text(text)):
        words = WORD_PATTERN.findall(compound)
        whole = join_words(compound) if len(words) > 1 else ""
        for word in words:
            for part in _cut_run(fold_text(word)):
                weight = max(weigh_word(word), terms[part].weight if part in terms else 0.0)
                terms[part] = Term(part, weight, whole)
    heaviest = set(sorted(terms, key=lambda word: -terms[word].weight)[:MAX_TERMS])
    return [term for term in terms.values() if term.text in heaviest]


def _cut_run(word: str) -> list[str]:
    """Return the word; a long run of letters without spaces in pieces."""
    if is_dense(word):
        return [word[begin : begin + MAX_RUN_CHARACTERS] for begin in range(0, len(word), MAX_RUN_CHARACTERS)]
    return [word[:MAX_RUN_CHARACTERS]] if word else []


def match_terms(terms: Iterable[Term], folded: str) -> Match:
    """Compare the terms with a passage, which is folded."""
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
    folded, phrase = fold_passage(text), Phrase(fold_line(search_text))
    words = match_terms(keep_telling_terms(read_terms(search_text)), folded).words
    if phrase.is_in(folded):
        words |= phrase.find_words(folded)
        if not words:
            return [phrase.bare]  # it is made of signs
    # A sign such as ½ or ™ is no word by itself, and holds words.
    return _list_written(words, text) or _list_written(words, normalize_text(text))


def _list_written(words: frozenset[str], text: str) -> list[str]:
    """Return the words, which are folded, as the text writes them, in its order."""
    runs = [word for word in words if is_dense(word)]
    found: dict[str, None] = {}
    for compound in COMPOUND_PATTERN.findall(join_lines(text)):
        parts = [compound] if join_words(compound) in words else WORD_PATTERN.findall(compound)
        for word in parts:
            folded = join_words(word)
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
    for form in (term.text, term.whole):
        if form in words:
            return 1.0, {form}
    forms = {word for word in words if word in term.inflections or _is_form(term.text, word)}
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
