"""The connection to an OpenAI-compatible API: its settings, its key, and how to try it out."""

from pydantic import SecretStr, ValidationInfo, field_validator

from actions.contract.connection import Connection, ModelDescription, TestOutcome, setting
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy, check_url
from actions.openai.embedder import OpenAIEmbedder
from actions.vectors.embedding_client import Endpoint, list_model_ids
from actions.vectors.keys import check_key


class OpenAIConnection(Connection):
    kind = "openai"
    title = "OpenAI-compatible"
    description = "The OpenAI API, or a server that speaks it, for embeddings."

    api_key: SecretStr = setting("The key of your account, or any text for a server that wants none.", title="API key")
    base_url: str = setting(
        "Where the API is reached, with its version. A changed address clears the key.",
        title="Base URL",
        default="https://api.openai.com/v1",
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

    def embedder(self, model: str, dimension: int | None) -> OpenAIEmbedder:
        return OpenAIEmbedder(self.endpoint(), model, dimension)

    async def test(self) -> TestOutcome:
        try:
            models = await self.list_models()
        except ActionError as error:
            return TestOutcome(False, error.message, error.code, error.hint)
        return TestOutcome(True, "The key works.", models=len(models), newest=models[0].id if models else None)

    async def list_models(self) -> list[ModelDescription]:
        """Return the models, those that embed first; raises ActionError when they cannot be listed."""
        ids = await list_model_ids(self.endpoint())
        ids.sort(key=lambda id: ("embed" not in id, id))
        return [ModelDescription(id, id, None, "active", False, None) for id in ids]
