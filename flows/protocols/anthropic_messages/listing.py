"""How Anthropic lists models."""

from typing import Any

from flows.protocols.listed_models import ListedModel, ModelPage


def describe_model(model: ListedModel) -> dict[str, Any]:
    created_at = model.created_at.isoformat().replace("+00:00", "Z")
    head = {"type": "model", "id": model.address, "display_name": model.name}
    return {**head, "created_at": created_at, "lifecycle": "active"}


def describe_models(page: ModelPage) -> dict[str, Any]:
    """Return one page of models."""
    models = page.models
    first, last = (models[0].address, models[-1].address) if models else (None, None)
    return {
        "data": [describe_model(each) for each in models],
        "has_more": page.has_more,
        "first_id": first,
        "last_id": last,
    }
