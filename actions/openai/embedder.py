"""Embeddings of an OpenAI-compatible API."""

from typing import Any

from actions.vectors.embedding import EmbedderIdentity, Purpose, TextEmbedder, Vectors
from actions.vectors.embedding_client import Endpoint, embed_batches

KIND = "openai"
BATCH_TEXTS = 64


class OpenAIEmbedder(TextEmbedder):
    """`dimension` shortens the vectors of models that can; None leaves it to the model."""

    def __init__(self, endpoint: Endpoint, model: str, dimension: int | None = None) -> None:
        self.identity = EmbedderIdentity(KIND, model, dimension)
        self._endpoint = endpoint

    async def embed(self, texts: list[str], purpose: Purpose = "document") -> Vectors:
        payload: dict[str, Any] = {"model": self.identity.model, "encoding_format": "float"}
        if self.identity.dimension:
            payload["dimensions"] = self.identity.dimension
        return await embed_batches(self._endpoint, texts, payload, BATCH_TEXTS)
