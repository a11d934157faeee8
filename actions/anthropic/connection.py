"""The connection to Anthropic: its settings, its key, and how to try it out."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from actions.anthropic.models import judge_temperature
from actions.anthropic.stream.model_list import ModelEntry, list_models
from actions.anthropic.token_count import count_tokens
from actions.contract.connection import ModelDescription, TestOutcome, setting
from actions.keyed_connection import ApiKey, BaseUrl, KeyedConnection


class AnthropicConnection(KeyedConnection):
    kind = "anthropic"
    title = "Anthropic"
    description = "The Anthropic API, or a gateway that speaks it."

    api_key: ApiKey = setting("The key of your Anthropic account, or of the gateway.", title="API key")
    base_url: BaseUrl = setting(
        "Where the API is reached. A changed address clears the key, so that it is never sent to another host.",
        title="Base URL",
        default="https://api.anthropic.com",
    )
    api_version: Literal["2026-10-21", "2023-06-01"] = setting(
        "The version of the API that requests name. One with a temperature names 2023-06-01 by itself.",
        title="API version",
        default="2026-10-21",
        choices={
            "2026-10-21": "2026-10-21",
            "2023-06-01": "2023-06-01: older, for a gateway that knows no newer one",
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

    async def call_once(self) -> TestOutcome:
        models = await self.list_models()
        return TestOutcome(
            True,
            "The key works." if models else "The key works, but no model is on offer.",
            models=len(models),
            newest=models[0].id if models else None,
            temperature="accepted by the 4.5 and 4.6 models",
        )

    async def list_models(self) -> list[ModelDescription]:
        return [self._describe_model(entry) for entry in await list_models(self)]

    async def count_tokens(self, model_id: str, system: str, messages: Sequence[Mapping[str, Any]]) -> int:
        return await count_tokens(self, model_id, system, messages)

    def _describe_model(self, entry: ModelEntry) -> ModelDescription:
        rule = judge_temperature(entry.id)
        return ModelDescription(entry.id, entry.display_name, entry.max_tokens, entry.lifecycle, rule.sent, rule.note)
