"""An answer that is JSON: the schema as the API takes it, and the answer read back. Pure."""

from collections.abc import Mapping
from typing import Any

from anthropic import transform_schema

from actions.contract.errors import ActionError
from actions.contract.json_values import NoJsonValue, parse_json_value
from actions.json_schema import find_misfit, is_schema

COMPLETE = frozenset({"end_turn", "stop_sequence"})
"""Answers that ended otherwise, such as refused and cut ones, are told as what they are and not read."""

HINT = 'Write a schema such as {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}.'


def build_output_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the format of a request. What the API cannot enforce of the schema goes into its descriptions.

    Raises ActionError `invalid_response_format` when it is no JSON Schema that the API takes.
    """
    try:
        if is_schema(schema):
            return {"type": "json_schema", "schema": transform_schema(_split_type_lists(schema))}
    except (ValueError, TypeError, AttributeError, AssertionError, RecursionError):
        pass  # a schema, but not one that the SDK can bring into the API's form
    message = "Response Format is not a JSON Schema with which the API can answer."
    raise ActionError("invalid_response_format", message, HINT)


def parse_answer(schema: Mapping[str, Any] | None, stop_reason: str | None, text: str) -> Any:
    """Return the answer as JSON, or None where none was asked for or the answer did not come to its end.

    Raises ActionError `answer_not_json`.
    """
    if schema is None or stop_reason not in COMPLETE:
        return None
    try:
        answer = parse_json_value(text)
    except NoJsonValue as error:
        raise _build_misfit_error(str(error)) from None
    if where := find_misfit(schema, answer):
        raise _build_misfit_error(where)
    return answer


def _build_misfit_error(what: str) -> ActionError:
    message = f"The answer is not what Response Format asks for: {what}."
    return ActionError("answer_not_json", message, "Check that the model and the server support structured output.")


def _split_type_lists(schema: Any) -> Any:
    """A list of types is written as alternatives, the only form that the API has for it."""
    if isinstance(schema, list):
        return [_split_type_lists(item) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    plain = {name: _split_type_lists(value) for name, value in schema.items()}
    types = plain.get("type")
    if not isinstance(types, list):
        return plain
    rest = {name: value for name, value in plain.items() if name != "type"}
    return {"anyOf": [{"type": "null"} if kind == "null" else {"type": kind, **rest} for kind in types]}
