"""Searches a collection of the built-in embedder: by the words that a chunk shares with the search text. Pure.

A vector of hashed words loses a short search text in a long chunk, so the texts themselves are compared. The vectors
add what words alone do not know: they order chunks with the same words, and propose chunks with typing errors.
"""

from itertools import repeat
from operator import contains

import numpy as np

from actions.vectors.embedding import Vectors
from actions.vectors.filters import Mask
from actions.vectors.folding import fold_line
from actions.vectors.store import Query
from actions.vectors.words import Phrase, Term, keep_telling_terms, match_terms, read_terms
from document_collections.search.matrix import Matrix, Scores, find_smallest, is_within_limit

WORDS_SHARE = 0.75
PHRASE_SHARE = 0.15
VECTOR_SHARE = 0.1
"""Of the words, of their being there in one piece, and of the vector in a similarity. Together 1."""
MIN_CANDIDATES = 200
"""How many chunks are compared word by word, beside those that are wanted: those with the most letters in common."""
NEAR_CANDIDATES = 50
"""How many of them are taken by their vectors alone."""
TEXTS_PER_STEP = 4_000
"""In one step, which takes about 2 ms."""


def search_words(matrix: Matrix, vector: Vectors, query: Query) -> list[tuple[int, float]]:
    """Return the ids of the best chunks with their scores, best first. Each shares a word with the search text.

    With the distance `cosine` a score tells how much of the search text the chunk has, from 0 to 1; the other
    distances are those of the vectors.
    """
    terms = read_terms(query.text)
    selected = matrix.select(query)
    near = matrix.compute_scores(vector, "cosine")
    weights, letters = _scan_texts(matrix, selected, terms)
    phrases = _find_phrase(matrix.texts, Phrase(fold_line(query.text)))
    rough = letters + phrases + VECTOR_SHARE * np.nan_to_num(near)
    candidates = _pick_candidates(selected & ((letters > 0) | (phrases > 0)), rough, query.skip + query.top)
    candidates = np.union1d(candidates, _pick_candidates(selected, near, 0, NEAR_CANDIDATES)).astype(np.intp)
    shares = np.zeros(len(matrix.texts), np.float32)
    for at in candidates:
        shares[at] = max(phrases[at], _share_terms(terms, weights, matrix.texts[at]))
    scores = WORDS_SHARE * shares + PHRASE_SHARE * phrases + VECTOR_SHARE * np.clip(np.nan_to_num(near), 0, 1)
    if query.distance != "cosine":
        scores = matrix.compute_scores(vector, query.distance)
    return matrix.pick_best(scores, (shares > 0) & is_within_limit(scores, query), query)


def _find_phrase(texts: list[str], phrase: Phrase) -> Scores:
    """Return how much the phrase tells of each text, from 0 to 1."""
    strengths = np.zeros(len(texts), np.float32)
    if phrase.bare:
        for at in np.flatnonzero(_find_texts(texts, phrase.bare)):
            strengths[at] = phrase.measure(texts[at])
    return strengths


def _find_texts(texts: list[str], piece: str) -> Scores:
    """Return 1 for each text that holds the piece, else 0. A stream beside this waits for one step at most."""
    found = np.zeros(len(texts), np.float32)
    for begin in range(0, len(texts), TEXTS_PER_STEP):
        step = texts[begin : begin + TEXTS_PER_STEP]
        found[begin : begin + len(step)] = np.fromiter(map(contains, step, repeat(piece)), np.float32, len(step))
    return found


def _scan_texts(matrix: Matrix, selected: Mask, terms: list[Term]) -> tuple[dict[str, float], Scores]:
    """Return the weight of each term, the higher the fewer chunks have it, and what each chunk has of all of them."""
    found = np.zeros(len(matrix.texts), np.float32)
    places = np.flatnonzero(selected)
    texts = [matrix.texts[at] for at in places]
    weights: dict[str, float] = {}
    for term in terms:
        rows = _find_letters(texts, term)
        weight = term.weight * (1.0 + np.log1p(len(texts) / max(1.0, float(rows.sum()))))
        weights[term.text] = weight
        found[places] += weight * rows
    return weights, found / max(1e-6, sum(weights.values()))


def _find_letters(texts: list[str], term: Term) -> Scores:
    """Return by its letters how likely it is that each text has the term, or another form of it: from 0 to 1."""
    probes = _list_probes(term)
    rows = np.zeros(len(texts), np.float32)
    for probe in probes:
        rows += _find_texts(texts, probe)
    rows /= len(probes)
    for form in term.inflections:
        if probes[-1] not in form:
            rows = np.maximum(rows, _find_texts(texts, form))
    return rows


def _list_probes(term: Term) -> list[str]:
    """Return the term and its beginning, or its pairs."""
    if term.is_dense:
        return term.pairs
    half = (len(term.text) + 1) // 2
    return [term.text, term.text[: max(3, half)]] if len(term.text) > 3 else [term.text]


def _pick_candidates(mask: Mask, order: Scores, wanted: int, least: int = MIN_CANDIDATES) -> np.ndarray:
    places = np.flatnonzero(mask)
    return places[find_smallest(-order[places], wanted + least)]


def _share_terms(terms: list[Term], weights: dict[str, float], text: str) -> float:
    """Return how much of the weight of all terms the text has; 0 when it has only words that tell nothing."""
    strengths = match_terms(terms, text).strengths
    if not any(term.text in strengths for term in keep_telling_terms(terms)):
        return 0.0
    return sum(weights[word] * strength for word, strength in strengths.items()) / sum(weights.values())
