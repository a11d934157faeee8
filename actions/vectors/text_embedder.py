"""Embed without a model."""

from collections.abc import Mapping
from typing import Any

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import (
    BUILT_IN,
    DEFAULT_DIMENSION,
    LEXICAL,
    MAX_DIMENSION,
    EmbedderIdentity,
    TextEmbedder,
)


class BuiltInTextEmbedderProperties(ActionProperties):
    dimensions: int = prop(
        "How many numbers a vector has. More tell similar texts apart better, and take more memory.",
        default=DEFAULT_DIMENSION,
        ge=16,
        le=MAX_DIMENSION,
        modes=LITERAL,
    )


class BuiltInTextEmbedder(Action[BuiltInTextEmbedderProperties]):
    """Embed texts by their words, without a model and without a network. It is lexical: it knows no meaning."""

    type = "vectors.text_embedder"
    title = "Built-in text embedder"
    family = "vectors"
    role = "helper"
    branches = ()
    helps = TextEmbedder
    width = 224

    def provide(self, properties: BuiltInTextEmbedderProperties, context: ActionContext) -> TextEmbedder:
        return BuiltInEmbedder(properties.dimensions)

    @classmethod
    def describe_help(cls, known: Mapping[str, Any]) -> EmbedderIdentity:
        return EmbedderIdentity(BUILT_IN, LEXICAL, known["dimensions"])
