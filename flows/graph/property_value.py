"""Judges the value of one property by the declaration of its field. Pure."""

from typing import Any

from pydantic import BaseModel, create_model

from actions.contract.properties import ActionProperties

_field_models: dict[tuple[type[ActionProperties], str], type[BaseModel]] = {}
"""A model for each property that was judged. It lives as long as the process, as the declarations do that it follows
from; building a model takes longer than all else in a check."""


def validate_property(model: type[ActionProperties], name: str, raw: Any) -> Any:
    """Return one valid value, judged alone by the declaration of its field; raises ValidationError."""
    key = (model, name)
    if key not in _field_models:
        info = model.model_fields[name]
        _field_models[key] = create_model(
            f"{model.__name__}_{name}",
            __config__=model.model_config,
            value=(Any if info.annotation is None else info.annotation, info),
        )
    instance: Any = _field_models[key].model_validate({"value": raw})
    return instance.value
