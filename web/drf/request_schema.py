"""Says in the OpenAPI document what serializers take and DRF's generator does not see. Imported to be known."""

from functools import cache
from typing import Any

from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework.fields import Field, ListField, empty

from web.drf.serializers import NamedValuesField, StrictSerializer, TextField
from web.text import find_bad_character

SURROGATES = range(0xD800, 0xE000)
"""No JSON that is well-formed holds one, and patterns cannot name them."""
LAST_BAD_CHARACTER = 0xFFFF


class StrictSchema(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # has no types
    target_class = StrictSerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        for name, field in self.target.fields.items():
            schema["properties"][name] = complete_field(schema["properties"][name], field)
        return schema


def complete_field(schema: dict[str, Any], field: Field[Any, Any, Any, Any]) -> dict[str, Any]:
    """Return the schema of a field with what the field refuses and takes besides."""
    if isinstance(field, TextField):
        pattern = field.pattern or build_pattern(multiline=field.multiline, blank=field.allow_blank)
        schema = {**schema, "pattern": pattern}
    if isinstance(field, NamedValuesField):
        value = complete_field(schema["additionalProperties"], field.child)
        schema = {**schema, "properties": dict.fromkeys(field.names, value), "additionalProperties": False}
    if isinstance(field, ListField):
        schema = {**schema, "items": complete_field(schema["items"], field.child)}
        schema |= {} if field.allow_empty else {"minItems": 1}
    return allow_null(schema) if field.default is not empty and not field.allow_null else schema


def allow_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a field that takes null, too: it counts as absent."""
    choices = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, **choices, "type": [schema["type"], "null"]}


def build_pattern(*, multiline: bool, blank: bool) -> str:
    """Return the pattern of a text without bad characters that, unless `blank`, has more than white space."""
    bad = _list_bad_characters(multiline)
    # White space alone is taken as an empty text, also where one of it would not be taken within a text.
    return rf"^(?:[^{bad}]*|\s*)$" if blank else rf"^[^{bad}]*[^{bad}\s][^{bad}]*$"


@cache
def _list_bad_characters(multiline: bool) -> str:
    """Return the characters as they are written between the brackets of a pattern."""
    codes = (code for code in range(LAST_BAD_CHARACTER + 1) if code not in SURROGATES)
    ranges: list[list[int]] = []
    for code in codes:
        if find_bad_character(chr(code), multiline=multiline) is None:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(rf"\u{first:04x}" + (rf"-\u{last:04x}" if last > first else "") for first, last in ranges)
