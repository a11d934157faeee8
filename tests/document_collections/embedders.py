"""An embedder of two dimensions whose vectors a test can predict."""

import numpy as np

from actions.vectors.embedding import EmbedderIdentity, Purpose, TextEmbedder, Vectors


class LetterEmbedder(TextEmbedder):
    """Counts the letters a and b."""

    def __init__(self, model: str = "letters") -> None:
        self.identity = EmbedderIdentity("test", model, 2)

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        return np.array([[text.count("a"), text.count("b")] for text in texts], np.float32)
