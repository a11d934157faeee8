"""The built-in embedder: words and parts of words, hashed into a row of numbers. Offline, the same everywhere.

It is lexical: texts are near when they share words, or words that are spelt alike. It knows no meaning, so "car"
finds "cars" and does not find "vehicle". It needs no statistics of a collection, so a document can come and go
without the others being embedded again.
"""

import asyncio
from collections.abc import Iterator

from actions.vectors.embedding import (
    BUILT_IN,
    DEFAULT_DIMENSION,
    LEXICAL,
    EmbedderIdentity,
    Purpose,
    TextEmbedder,
    Vectors,
    load_numpy,
)

STEP_CHARACTERS = 4_000
"""In one step, which takes about 2 ms; a step of ten times as much takes 12 % less for each text."""


class BuiltInEmbedder(TextEmbedder):
    """Embeds without a model and without a network."""

    def __init__(self, dimension: int = DEFAULT_DIMENSION) -> None:
        self.identity = EmbedderIdentity(BUILT_IN, LEXICAL, dimension)
        self._dimension = dimension

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        await load_numpy()
        import numpy as np

        vectors = np.zeros((len(texts), self._dimension), np.float32)
        for begin, end in _plan_steps([len(text) for text in texts]):
            vectors[begin:end] = self.embed_rows(texts[begin:end])
            await asyncio.sleep(0)  # a stream beside this waits for one step at most
        return vectors

    def embed_rows(self, texts: list[str]) -> Vectors:
        """Return one row of length 1 for each text; of a text without a word, a row of zeros."""
        from actions.vectors.numeric.word_vectors import embed_rows

        return embed_rows(texts, self._dimension)


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
