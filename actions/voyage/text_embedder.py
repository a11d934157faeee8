"""Embed with a model of Voyage."""

from collections.abc import Mapping
from typing import Any

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL, Ref
from actions.vectors.embedding import MAX_DIMENSION, EmbedderIdentity, TextEmbedder
from actions.voyage.connection import VoyageConnection
from actions.voyage.embedder import KIND


class VoyageTextEmbedderProperties(ActionProperties):
    connection: Ref[VoyageConnection] = prop("The connection to Voyage. It provides the key.")
    model: str = prop("The model that embeds.", default="voyage-3.5", modes=LITERAL, widget="model")
    dimensions: int | None = prop(
        "How many numbers a vector has: one of those that the model offers. Empty leaves it to the model.",
        default=None,
        ge=16,
        le=MAX_DIMENSION,
        modes=LITERAL,
    )


class VoyageTextEmbedder(Action[VoyageTextEmbedderProperties]):
    """Embed texts with a model of Voyage."""

    type = "voyage.text_embedder"
    title = "Voyage text embedder"
    family = "voyage"
    role = "helper"
    branches = ()
    helps = TextEmbedder
    width = 204

    def provide(self, properties: VoyageTextEmbedderProperties, context: ActionContext) -> TextEmbedder:
        return properties.connection.build_embedder(properties.model, properties.dimensions)

    @classmethod
    def describe_help(cls, known: Mapping[str, Any]) -> EmbedderIdentity:
        return EmbedderIdentity(KIND, known["model"], known["dimensions"])
