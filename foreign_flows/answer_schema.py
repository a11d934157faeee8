"""JSON Schemas of answers, which the tools write as rows of fields, as an example, or as a schema."""

from collections.abc import Sequence
from typing import Any

from actions.contract.json_values import NoJsonValue, parse_json_value
from foreign_flows.reading import measure_depth, read_text

MAX_SCHEMA_DEPTH = 20
MAX_SCHEMA_FIELDS = 100
_TYPES = {
    **dict.fromkeys(("int", "integer"), "integer"),
    **dict.fromkeys(("number", "float"), "number"),
    **dict.fromkeys(("bool", "boolean"), "boolean"),
    **dict.fromkeys(("object", "dict", "json"), "object"),
}


def build_field(
    type: str, description: str = "", choices: Sequence[str] = (), *, is_list: bool = False
) -> dict[str, Any]:
    """Return the schema of one field, by the tool's word for its type. A word that is not known is a text."""
    field: dict[str, Any] = {"type": _TYPES.get(type, "string")}
    if choices:
        field["enum"] = list(dict.fromkeys(choices))
    if is_list:
        field = {"type": "array", "items": field}
    return field | ({"description": description} if description else {})


def build_object(fields: dict[str, dict[str, Any]]) -> dict[str, Any] | None:
    """Return the schema of an object that has all the fields; None when none has a name."""
    named = {name: field for name, field in list(fields.items())[:MAX_SCHEMA_FIELDS] if name}
    if not named:
        return None
    return {"type": "object", "properties": named, "required": list(named), "additionalProperties": False}


def read_schema(value: Any) -> dict[str, Any] | None:
    """Return a schema that is an object, or the JSON text of one; None when it is neither or too deep."""
    schema = _read_json(value)
    is_schema = isinstance(schema, dict) and schema.get("type") == "object"
    return schema if is_schema and measure_depth(schema) <= MAX_SCHEMA_DEPTH else None


def read_fields(value: Any) -> dict[str, dict[str, Any]]:
    """Return the fields of an object that is written as a JSON text of their names and types; none when it is not."""
    fields = _read_json(value)
    if not isinstance(fields, dict):
        return {}
    return {
        name: build_field(read_text(field, "type"), read_text(field, "description")) for name, field in fields.items()
    }


def infer_schema(example: Any) -> dict[str, Any] | None:
    """Return the schema of an object like the example, which may be a JSON text; None when it is no object."""
    value = _read_json(example)
    is_object = isinstance(value, dict) and bool(value) and measure_depth(value) <= MAX_SCHEMA_DEPTH
    return _infer(value) if is_object else None


def _infer(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return build_object({name: _infer(item) for name, item in value.items()}) or {"type": "object"}
    if isinstance(value, list):
        return {"type": "array", "items": _infer(value[0]) if value else {"type": "string"}}
    kinds = {bool: "boolean", int: "integer", float: "number"}
    return {"type": kinds.get(type(value), "string")}


def _read_json(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return parse_json_value(value)
    except NoJsonValue:
        return None
