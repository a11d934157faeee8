"""Embed without a model."""

from actions.contract.action import Action, ActionContext
from actions.contract.properties import ActionProperties, prop
from actions.contract.property_types import LITERAL
from actions.vectors.built_in import BuiltInEmbedder
from actions.vectors.embedding import DEFAULT_DIMENSION, MAX_DIMENSION, TextEmbedder


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
    title = "Text embedder (built-in)"
    family = "vectors"
    role = "helper"
    branches = ()
    helps = TextEmbedder
    width = 224

    def provide(self, properties: BuiltInTextEmbedderProperties, context: ActionContext) -> TextEmbedder:
        return BuiltInEmbedder(properties.dimensions)
