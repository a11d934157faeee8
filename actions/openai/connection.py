"""The connection to an OpenAI-compatible API: its settings, its key, and how to try it out."""

from actions.contract.connection import ModelDescription, TestOutcome, setting
from actions.keyed_connection import ApiKey, BaseUrl, KeyedConnection
from actions.openai.embedder import OpenAIEmbedder
from actions.vectors.embedding_client import Endpoint, list_model_ids


class OpenAIConnection(KeyedConnection):
    kind = "openai"
    title = "OpenAI-compatible"
    description = "The OpenAI API, or a server that speaks it, for embeddings."

    api_key: ApiKey = setting("The key of your account, or any text for a server that wants none.", title="API key")
    base_url: BaseUrl = setting(
        "Where the API is reached, with its version. A changed address clears the key.",
        title="Base URL",
        default="https://api.openai.com/v1",
    )

    def build_endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, self.api_key.get_secret_value(), self.network)

    def build_embedder(self, model: str, dimension: int | None) -> OpenAIEmbedder:
        return OpenAIEmbedder(self.build_endpoint(), model, dimension)

    async def call_once(self) -> TestOutcome:
        models = await self.list_models()
        return TestOutcome(True, "The key works.", models=len(models), newest=models[0].id if models else None)

    async def list_models(self) -> list[ModelDescription]:
        """Return the models, those that embed first; raises ActionError when they cannot be listed."""
        ids = await list_model_ids(self.build_endpoint())
        ids.sort(key=lambda id: ("embed" not in id, id))
        return [ModelDescription(id, id, None, "active", False, None) for id in ids]
