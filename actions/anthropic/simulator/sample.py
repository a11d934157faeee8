"""A value that fits a schema, the same for the same schema. Pure."""

from collections.abc import Mapping
from typing import Any

MAX_DEPTH = 20

_SIMPLE: dict[str, Any] = {"string": "simulated", "integer": 1, "number": 1.5, "boolean": True, "null": None}
_FORMATS = {
    "date-time": "2026-01-01T12:00:00Z",
    "date": "2026-01-01",
    "time": "12:00:00Z",
    "email": "miller@example.com",
    "uri": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def build_sample(schema: Any, root: Mapping[str, Any] | None = None, depth: int = 0) -> Any:
    """Return a value that fits the schema, as far as its keywords of structure go."""
    root = schema if root is None else root
    if not isinstance(schema, Mapping) or depth > MAX_DEPTH:
        return None
    if "$ref" in schema:
        return build_sample(_follow_reference(str(schema["$ref"]), root), root, depth + 1)
    if "const" in schema or schema.get("enum"):
        return schema["const"] if "const" in schema else schema["enum"][0]
    for keyword in ("anyOf", "allOf"):
        if schema.get(keyword):
            return build_sample(schema[keyword][0], root, depth + 1)
    if schema.get("type") == "object":
        fields = schema.get("properties") or {}
        return {name: build_sample(field, root, depth + 1) for name, field in fields.items()}
    if schema.get("type") == "array":
        return [build_sample(schema["items"], root, depth + 1)] if "items" in schema else []
    return _FORMATS.get(schema.get("format") or "") or _SIMPLE.get(str(schema.get("type")))


def _follow_reference(ref: str, root: Mapping[str, Any]) -> Any:
    value: Any = root
    for step in filter(None, ref.removeprefix("#").split("/")):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
