"""An answer that is JSON: the schema as the API takes it, and the answer read back. Pure."""

from collections.abc import Mapping
from typing import Any

from anthropic import transform_schema

from actions.contract.errors import ActionError
from actions.contract.json_values import NoJsonValue, parse_json_value
from actions.json_schema.budget import OverBudget
from actions.json_schema.check import check_value
from actions.json_schema.compile import compile_schema, list_schema_problems

COMPLETE = frozenset({"end_turn", "stop_sequence"})
"""Answers that ended otherwise, such as refused and cut ones, are told as what they are and not read."""

HINT = 'Write a schema such as {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}.'

PARTS = ("items", "anyOf", "oneOf", "allOf")
"""The keywords of a schema under which there are other schemas for the same answer."""
OPEN_MAP_HINT = "List its properties, or ask for a list of objects that have a name and a value."


def build_output_format(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return the format of a request. What the API cannot enforce of the schema goes into its descriptions.

    Raises ActionError `invalid_response_format` when it is no JSON Schema that the API takes.
    """
    for problem in list_schema_problems(schema):
        message = f"Response Format cannot be used: {problem.describe('the schema')}."
        raise ActionError("invalid_response_format", message, problem.hint or HINT)
    if place := _find_open_map(schema):
        message = f"Response Format asks for an object of unknown names, at {place}: the API can only leave it empty."
        raise ActionError("invalid_response_format", message, OPEN_MAP_HINT)
    try:
        return {"type": "json_schema", "schema": transform_schema(_split_type_lists(schema))}
    except (ValueError, TypeError, AttributeError, AssertionError, RecursionError):
        pass  # a schema, but not one that the SDK can bring into the API's form
    message = "Response Format is not a JSON Schema with which the API can answer."
    raise ActionError("invalid_response_format", message, HINT)


async def parse_answer(schema: Mapping[str, Any] | None, stop_reason: str | None, text: str) -> Any:
    """Return the answer as JSON, or None where none was asked for or the answer did not come to its end.

    Raises ActionError `answer_not_json`.
    """
    if schema is None or stop_reason not in COMPLETE:
        return None
    try:
        answer = parse_json_value(text)
    except NoJsonValue as error:
        raise _build_misfit_error(str(error)) from None
    try:
        misfit = await check_value(compile_schema(schema), answer)
    except OverBudget as error:
        raise _build_misfit_error(str(error)) from None
    if misfit:
        raise _build_misfit_error(misfit.describe("the whole"))
    return answer


def _find_open_map(schema: Any, place: str = "the whole") -> str | None:
    """Return the first place of an object whose names are not listed, which the SDK turns into an empty one."""
    if isinstance(schema, list):
        return next((found for item in schema if (found := _find_open_map(item, place))), None)
    if not isinstance(schema, Mapping):
        return None
    types, names = schema.get("type"), schema.get("properties")
    others = schema.get("additionalProperties")
    takes_others = isinstance(others, Mapping) or "patternProperties" in schema
    if (types == "object" or (isinstance(types, list) and "object" in types)) and (takes_others or not names):
        return None if others is False and not takes_others else place
    parts = [(name, schema[name]) for name in PARTS if name in schema]
    named = [*(names.items() if isinstance(names, Mapping) else ()), *_list_definitions(schema)]
    return next((found for name, part in (*named, *parts) if (found := _find_open_map(part, repr(name)))), None)


def _list_definitions(schema: Mapping[str, Any]) -> list[tuple[str, Any]]:
    definitions = schema.get("$defs")
    return list(definitions.items()) if isinstance(definitions, Mapping) else []


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
