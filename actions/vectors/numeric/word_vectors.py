"""Hashes the words of texts, and parts of the words, into rows of numbers. Pure."""

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from actions.vectors.embedding import Vectors
from actions.vectors.folding import WORD_PATTERN, fold_text, is_dense, normalize_text
from actions.vectors.words import weigh_word

MAX_WORD_CHARACTERS = 40
PARTS_WEIGHT = 1.2
"""Of the parts of a word beside the word itself: enough for plurals and typing errors to be near."""


def embed_rows(texts: list[str], dimension: int) -> Vectors:
    """Return one row of length 1 for each text; of a text without a word, a row of zeros."""
    vectors = np.zeros((len(texts), dimension), np.float32)
    _add(vectors, [_list_words(text) for text in texts])
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True).astype(np.float32)
    unit: Vectors = vectors / np.maximum(lengths, np.float32(1e-12))
    return unit


def _add(rows: Vectors, words: list[list[str]]) -> None:
    """Add up the words of each text. A word that is there often counts by the root of how often."""
    numbers: dict[str, int] = {}
    word_counts = [_count_words(each, numbers) for each in words]
    vectors = _embed_words(list(numbers), rows.shape[1])
    for row, counts in zip(rows, word_counts, strict=True):
        if counts:
            weights = np.sqrt(np.fromiter(counts.values(), np.float32, len(counts)))
            row += weights @ vectors[np.fromiter(counts, np.intp, len(counts))]


def _embed_words(words: list[str], dimension: int) -> Vectors:
    if not words:
        return np.zeros((0, dimension), np.float32)
    features = [_list_features(fold_text(word)[:MAX_WORD_CHARACTERS]) for word in words]
    sizes = np.fromiter((len(each) for each in features), np.intp, len(features))
    hashes = np.fromiter((crc32(part) for each in features for part in each), np.uint32, int(sizes.sum()))
    rows = np.repeat(np.arange(len(words)), sizes)
    weights = np.repeat(PARTS_WEIGHT / np.sqrt(np.maximum(sizes - 1, 1)), sizes)
    weights[np.cumsum(sizes) - sizes] = 1.0  # the word itself is its first feature
    vectors = _scatter_features(rows, hashes, weights, (len(words), dimension))
    weighted: Vectors = vectors * np.fromiter((weigh_word(word) for word in words), np.float32, len(words))[:, None]
    return weighted


def _scatter_features(
    rows: NDArray[np.intp], hashes: NDArray[np.uint32], weights: NDArray[np.float64], shape: tuple[int, int]
) -> Vectors:
    # One bit of a hash is the sign, so that features which fall together cancel out on average.
    signs = np.where(hashes >> np.uint32(31), 1.0, -1.0)
    places = rows * shape[1] + hashes % np.uint32(shape[1])
    sums = np.bincount(places, signs * weights, shape[0] * shape[1])
    return sums.reshape(shape).astype(np.float32)


def _list_words(text: str) -> list[str]:
    """Return the words as they are written; of a script without spaces the pairs of neighbouring letters."""
    words: list[str] = []
    for word in WORD_PATTERN.findall(normalize_text(text)):
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
