"""Whether a value fits a JSON Schema, by its keywords of structure; others hold nothing up. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

DEEPEST = 60

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "number": (int, float),
    "integer": (int,),
}


def misfit(schema: Schema, value: Any) -> str | None:
    """Return where `value` does not fit, as the end of a sentence, or None. What the value holds is not quoted."""
    return next(_faults(schema, value, schema, "the whole", 0), None)


def _faults(schema: Any, value: Any, root: Schema, where: str, depth: int) -> Iterator[str]:
    schema = _followed(schema, root)
    if not isinstance(schema, Mapping) or depth > DEEPEST:
        return
    types = schema.get("type")
    if types is not None and not any(_is(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield f"{where} is not of type {types if isinstance(types, str) else ' or '.join(types)}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where} is none of the allowed values"
    if "const" in schema and value != schema["const"]:
        yield f"{where} is not the one allowed value"
    for keyword in ("anyOf", "oneOf"):
        if (options := schema.get(keyword)) and all(_misses(option, value, root, depth) for option in options):
            yield f"{where} fits none of the alternatives"
    for part in schema.get("allOf") or ():
        yield from _faults(part, value, root, where, depth + 1)
    if isinstance(value, dict):
        yield from _of_object(schema, value, root, where, depth)
    if isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _faults(schema["items"], item, root, f"item {index} of {where}", depth + 1)


def _of_object(schema: Schema, value: dict[str, Any], root: Schema, where: str, depth: int) -> Iterator[str]:
    named = schema.get("properties") or {}
    for name in schema.get("required") or ():
        if name not in value:
            yield f"{where} lacks {name!r}"
    if schema.get("additionalProperties") is False and value.keys() - named.keys():
        yield f"{where} has a property that the schema does not name"
    for name in named.keys() & value.keys():
        yield from _faults(named[name], value[name], root, repr(name), depth + 1)


def _misses(schema: Any, value: Any, root: Schema, depth: int) -> bool:
    return next(_faults(schema, value, root, "", depth + 1), None) is not None


def _is(value: Any, name: str) -> bool:
    if isinstance(value, bool) and name in ("number", "integer"):
        return False
    return isinstance(value, _TYPES.get(name, (object,))) or (
        name == "integer" and isinstance(value, float) and value.is_integer()
    )


def _followed(schema: Any, root: Schema) -> Any:
    """Return what a `$ref` within the same schema leads to; one that leads nowhere holds nothing up."""
    for _ in range(DEEPEST):
        ref = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(ref, str):
            return schema
        schema = root
        for step in filter(None, ref.removeprefix("#").split("/")):
            schema = schema.get(step) if isinstance(schema, Mapping) else None
    return None
