"""The connection to Anthropic: its settings, its key, and how to try it out."""

from typing import Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from actions.anthropic.models import OLDER_VERSION, temperature_rule
from actions.anthropic.stream.message_stream import list_models
from actions.contract.connection import Connection, ModelDescription, TestOutcome, setting
from actions.contract.errors import ActionError
from actions.network.policy import NetworkPolicy, check_url

MAX_KEY_CHARACTERS = 500


class AnthropicConnection(Connection):
    kind = "anthropic"
    title = "Anthropic"
    description = "The Anthropic API, or a gateway that speaks it."

    api_key: SecretStr = setting("The key of your Anthropic account, or of the gateway.", title="API key")
    base_url: str = setting(
        "Where the API is reached. A changed address clears the key, so that it is never sent to another host.",
        title="Base URL",
        default="https://api.anthropic.com",
    )
    api_version: Literal["2026-10-21", "2023-06-01"] = setting(
        "The version of the API that requests name.",
        title="API version",
        default="2026-10-21",
        choices={
            "2026-10-21": "2026-10-21",
            "2023-06-01": "2023-06-01: older; accepts temperature for 4.5 and 4.6 models",
        },
    )
    time_limit_s: int = setting(
        "How long one call may wait for the API in all, tries included.",
        title="Time limit",
        default=600,
        unit="seconds",
        ge=5,
        le=3600,
    )

    @field_validator("api_key")
    @classmethod
    def _is_sendable(cls, key: SecretStr) -> SecretStr:
        written = key.get_secret_value()
        if not written:
            raise ValueError("The API key is empty.")
        if len(written) > MAX_KEY_CHARACTERS:
            raise ValueError(f"The API key is longer than {MAX_KEY_CHARACTERS} characters.")
        if not all("!" <= character <= "~" for character in written):
            raise ValueError("The API key holds a space, a line break or a letter outside ASCII. Copy it again.")
        return key

    @field_validator("base_url")
    @classmethod
    def _is_reachable(cls, url: str, info: ValidationInfo) -> str:
        policy = (info.context or {}).get("network")
        return check_url(url, policy if isinstance(policy, NetworkPolicy) else NetworkPolicy())

    async def test(self) -> TestOutcome:
        try:
            models = await self.list_models()
        except ActionError as error:
            return TestOutcome(False, error.message, error.code, error.hint)
        return TestOutcome(
            True,
            "The key works." if models else "The key works, but no model is on offer.",
            models=len(models),
            newest=models[0].id if models else None,
            temperature=self._temperature(),
        )

    async def list_models(self) -> list[ModelDescription]:
        return [self._described(*listed) for listed in await list_models(self)]

    def _described(self, model_id: str, name: str, max_tokens: int | None, lifecycle: str) -> ModelDescription:
        rule = temperature_rule(model_id, self.api_version)
        return ModelDescription(model_id, name, max_tokens, lifecycle, rule.sent, rule.note)

    def _temperature(self) -> str:
        accepted = self.api_version == OLDER_VERSION
        return "accepted for 4.5 and 4.6 models" if accepted else "not accepted with this API version"
