"""The built-in embedder: words and parts of words, hashed into a row of numbers. Pure, offline, the same everywhere.

It is lexical: texts are near when they share words, or words that are spelt alike. It knows no meaning, so "car"
finds "cars" and does not find "vehicle". It needs no statistics of a collection, so a document can come and go
without the others being embedded again.
"""

import asyncio
import unicodedata
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from actions.vectors.embedding import (
    BUILT_IN,
    DEFAULT_DIMENSION,
    LEXICAL,
    EmbedderIdentity,
    Purpose,
    TextEmbedder,
    Vectors,
)
from actions.vectors.words import WORD_PATTERN, fold_text, is_dense, weigh_word

MAX_WORD_CHARACTERS = 40
PARTS_WEIGHT = 1.2
"""Of the parts of a word beside the word itself: enough for plurals and typing errors to be near."""
STEP_CHARACTERS = 4_000
"""In one step, which takes about 2 ms; a step of ten times as much takes 12 % less for each text."""


class BuiltInEmbedder(TextEmbedder):
    """Embeds without a model and without a network."""

    def __init__(self, dimension: int = DEFAULT_DIMENSION) -> None:
        self.identity = EmbedderIdentity(BUILT_IN, LEXICAL, dimension)
        self._dimension = dimension

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for begin, end in _plan_steps([len(text) for text in texts]):
            vectors[begin:end] = self.embed_rows(texts[begin:end])
            await asyncio.sleep(0)  # a stream beside this waits for one step at most
        return vectors

    def embed_rows(self, texts: list[str]) -> Vectors:
        """Return one row of length 1 for each text; of a text without a word, a row of zeros."""
        vectors = np.zeros((len(texts), self._dimension), np.float32)
        self._add(vectors, [_list_words(text) for text in texts])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
        unit: Vectors = vectors / np.maximum(lengths, np.float32(1e-12))
        return unit

    def _add(self, rows: Vectors, words: list[list[str]]) -> None:
        """Add up the words of each text. A word that is there often counts by the root of how often."""
        numbers: dict[str, int] = {}
        word_counts = [_count_words(each, numbers) for each in words]
        vectors = self._embed_words(list(numbers))
        for row, counts in zip(rows, word_counts, strict=True):
            if counts:
                weights = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts)))
                row += weights @ vectors[np.fromiter(counts, np.intp, len(counts))]

    def _embed_words(self, words: list[str]) -> Vectors:
        if not words:
            return np.zeros((0, self._dimension), np.float32)
        features = [_list_features(fold_text(word)[:MAX_WORD_CHARACTERS]) for word in words]
        sizes = np.fromiter((len(each) for each in features), np.intp, len(features))
        hashes = np.fromiter((crc32(part) for each in features for part in each), np.uint32, int(sizes.sum()))
        rows = np.repeat(np.arange(len(words)), sizes)
        weights = np.repeat(PARTS_WEIGHT / np.sqrt(np.maximum(sizes - 1, 1)), sizes)
        weights[np.cumsum(sizes) - sizes] = 1.0  # the word itself is its first feature
        vectors = self._scatter_features(rows, hashes, weights, len(words))
        weighted: Vectors = vectors * np.fromiter((weigh_word(word) for word in words), np.float32, len(words))[:, None]
        return weighted

    def _scatter_features(
        self, rows: NDArray[np.intp], hashes: NDArray[np.uint32], weights: NDArray[np.float64], count: int
    ) -> Vectors:
        # One bit of a hash is the sign, so that features which fall together cancel out on average.
        signs = np.where(hashes >> np.uint32(31), 1.0, -1.0)
        places = rows * self._dimension + hashes % np.uint32(self._dimension)
        sums = np.bincount(places, signs * weights, count * self._dimension)
        return sums.reshape(count, self._dimension).astype(np.float32)


def _list_words(text: str) -> list[str]:
    """Return the words as they are written; of a script without spaces the pairs of neighbouring letters."""
    words: list[str] = []
    for word in WORD_PATTERN.findall(unicodedata.normalize("NFKC", text)):
        if is_dense(word):
            words += [word[at : at + 2] for at in range(max(len(word) - 1, 1))]
        else:
            words.append(word)
    return words


def _count_words(words: list[str], numbers: dict[str, int]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for word in words:
        # "API" and "api" are one word; its weight is that of the form which came first.
        number = numbers.setdefault(word, len(numbers))
        counts[number] = counts.get(number, 0) + 1
    return counts


def _list_features(word: str) -> list[bytes]:
    """Return the word and its parts: three letters at a time with its ends marked, two where scripts are dense."""
    if is_dense(word):
        return [f"={word}".encode(), *(letter.encode() for letter in word)]
    framed = f"^{word}$"
    size = 3 if word.isascii() or len(word) > 6 else 2
    return [f"={word}".encode(), *(framed[at : at + size].encode() for at in range(len(framed) - size + 1))]


def _plan_steps(sizes: list[int]) -> Iterator[tuple[int, int]]:
    """Yield where to cut the texts, so that a step holds `STEP_CHARACTERS` or one text."""
    begin = size = 0
    for at, added in enumerate(sizes):
        if size and size + added > STEP_CHARACTERS:
            yield begin, at
            begin, size = at, 0
        size += added
    if begin < len(sizes):
        yield begin, len(sizes)
