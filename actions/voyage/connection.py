"""The connection to Voyage: its settings, its key, and how to try it out."""

from actions.contract.connection import ModelDescription, TestOutcome, setting
from actions.keyed_connection import ApiKey, BaseUrl, KeyedConnection
from actions.vectors.embedding_client import Endpoint
from actions.voyage.embedder import VoyageEmbedder

# The API lists no models.
MODELS = ("voyage-3.5", "voyage-3.5-lite", "voyage-3-large", "voyage-code-3", "voyage-finance-2", "voyage-law-2")


class VoyageConnection(KeyedConnection):
    kind = "voyage"
    title = "Voyage"
    description = "The Voyage API, for embeddings."

    api_key: ApiKey = setting("The key of your Voyage account.", title="API key")
    base_url: BaseUrl = setting(
        "Where the API is reached, with its version. A changed address clears the key.",
        title="Base URL",
        default="https://api.voyageai.com/v1",
    )

    def build_endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, self.api_key.get_secret_value(), self.network, provider="voyage")

    def build_embedder(self, model: str, dimension: int | None) -> VoyageEmbedder:
        return VoyageEmbedder(self.build_endpoint(), model, dimension)

    async def call_once(self) -> TestOutcome:
        """Embed one word: the API offers nothing cheaper that asks for the key."""
        await self.build_embedder(MODELS[0], None).embed(["test"], "query")
        return TestOutcome(True, "The key works.")

    async def list_models(self) -> list[ModelDescription]:
        return [ModelDescription(id, id, None, "active", False, None) for id in MODELS]
