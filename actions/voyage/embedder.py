"""Embeddings of the Voyage API. Its models embed what is searched and what it is searched by differently."""

from typing import Any

from actions.vectors.embedding import EmbedderIdentity, Purpose, TextEmbedder, Vectors
from actions.vectors.embedding_client import Endpoint, embed_batches

KIND = "voyage"
BATCH_TEXTS = 64


class VoyageEmbedder(TextEmbedder):
    """`dimension` is one that the model offers; None leaves it to the model."""

    def __init__(self, endpoint: Endpoint, model: str, dimension: int | None = None) -> None:
        self.identity = EmbedderIdentity(KIND, model, dimension)
        self._endpoint = endpoint

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        payload: dict[str, Any] = {"model": self.identity.model, "input_type": purpose}
        if self.identity.dimension:
            payload["output_dimension"] = self.identity.dimension
        return await embed_batches(self._endpoint, texts, payload, BATCH_TEXTS)
