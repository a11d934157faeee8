"""The connection to Voyage: its settings, its key, and how to try it out."""

from pydantic import SecretStr, ValidationInfo, field_validator

from actions.contract.connection import Connection, ModelDescription, TestOutcome, setting
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy, check_url
from actions.vectors.embedding_client import Endpoint
from actions.vectors.keys import check_key
from actions.voyage.embedder import VoyageEmbedder

# The API lists no models.
MODELS = ("voyage-3.5", "voyage-3.5-lite", "voyage-3-large", "voyage-code-3", "voyage-finance-2", "voyage-law-2")


class VoyageConnection(Connection):
    kind = "voyage"
    title = "Voyage"
    description = "The Voyage API, for embeddings."

    api_key: SecretStr = setting("The key of your Voyage account.", title="API key")
    base_url: str = setting(
        "Where the API is reached, with its version. A changed address clears the key.",
        title="Base URL",
        default="https://api.voyageai.com/v1",
    )

    @field_validator("api_key")
    @classmethod
    def _is_sendable(cls, key: SecretStr) -> SecretStr:
        return check_key(key)

    @field_validator("base_url")
    @classmethod
    def _is_reachable(cls, url: str, info: ValidationInfo) -> str:
        policy = (info.context or {}).get("network")
        return check_url(url, policy if isinstance(policy, NetworkPolicy) else NetworkPolicy())

    def endpoint(self) -> Endpoint:
        return Endpoint(self.base_url, self.api_key.get_secret_value(), self.network)

    def embedder(self, model: str, dimension: int | None) -> VoyageEmbedder:
        return VoyageEmbedder(self.endpoint(), model, dimension)

    async def test(self) -> TestOutcome:
        """Embed one word: the API offers nothing cheaper that asks for the key."""
        try:
            await self.embedder(MODELS[0], None).embed(["test"], "query")
        except ActionError as error:
            return TestOutcome(False, error.message, error.code, error.hint)
        return TestOutcome(True, "The key works.")

    async def list_models(self) -> list[ModelDescription]:
        return [ModelDescription(id, id, None, "active", False, None) for id in MODELS]
