"""How OpenAI lists models."""

from typing import Any

from flows.protocols.listed_models import ListedModel, ModelPage


def describe_model(model: ListedModel) -> dict[str, Any]:
    return {
        "id": model.address,
        "object": "model",
        "created": int(model.created_at.timestamp()),
        "owned_by": "millrace",
    }


def describe_models(page: ModelPage) -> dict[str, Any]:
    return {"object": "list", "data": [describe_model(model) for model in page.models]}
