"""Embed with a model of an OpenAI-compatible API."""

from collections.abc import Mapping
from typing import Any

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, Ref
from actions.openai.connection import OpenAIConnection
from actions.openai.embedder import KIND
from actions.vectors.embedding import MAX_DIMENSION, EmbedderIdentity, TextEmbedder


class OpenAITextEmbedderProperties(ActionProperties):
    connection: Ref[OpenAIConnection] = prop("The connection to the API. It provides the key.")
    model: str = prop("The model that embeds.", default="text-embedding-3-small", modes=LITERAL, widget="model")
    dimensions: int | None = prop(
        "How many numbers a vector has, for models that can shorten them. Empty leaves it to the model.",
        default=None,
        ge=16,
        le=MAX_DIMENSION,
        modes=LITERAL,
    )


class OpenAITextEmbedder(Action[OpenAITextEmbedderProperties]):
    """Embed texts with a model of OpenAI, or of a server that speaks its API."""

    type = "openai.text_embedder"
    title = "OpenAI text embedder"
    family = "openai"
    role = "helper"
    branches = ()
    helps = TextEmbedder
    width = 204

    def provide(self, properties: OpenAITextEmbedderProperties, context: ActionContext) -> TextEmbedder:
        return properties.connection.build_embedder(properties.model, properties.dimensions)

    @classmethod
    def describe_help(cls, known: Mapping[str, Any]) -> EmbedderIdentity:
        return EmbedderIdentity(KIND, known["model"], known["dimensions"])
