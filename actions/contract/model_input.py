"""What a caller sends to a trigger whose input is a model: read, or refused with a sentence."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from actions.contract.action import InputError

ModelT = TypeVar("ModelT", bound=BaseModel)


def read_model_input(model: type[ModelT], payload: Mapping[str, Any]) -> ModelT:
    """Return the payload as the model; raises InputError, which names the first field at fault."""
    try:
        return model.model_validate(payload)
    except ValidationError as error:
        raise _build_input_error(model, error) from None


def _build_input_error(model: type[BaseModel], error: ValidationError) -> InputError:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        names = ", ".join(model.model_fields)
        return InputError(f"{field!r} is not a field of this flow's input.", field, f"It takes {names}.")
    return InputError(f"{field!r}: {first['msg']}.", field)
