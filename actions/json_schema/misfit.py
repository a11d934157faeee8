"""Where a value does not fit a schema, and why, told without quoting the value. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

MAX_PLACE_CHARACTERS = 200

_SENTENCES = {
    "additionalProperties": "has a field that the schema does not know",
    "enum": "is none of the allowed values",
    "const": "is none of the allowed values",
    "anyOf": "fits none of the alternatives",
    "oneOf": "does not fit exactly one of the alternatives",
    "false": "may not be there",
    "minLength": "must have at least {expected} characters",
    "maxLength": "must have at most {expected} characters",
    "minItems": "must have at least {expected} items",
    "maxItems": "must have at most {expected} items",
    "uniqueItems": "has two equal items",
    "minimum": "must be at least {expected}",
    "maximum": "must be at most {expected}",
    "exclusiveMinimum": "must be more than {expected}",
    "exclusiveMaximum": "must be less than {expected}",
    "multipleOf": "must be a multiple of {expected}",
    "format": "does not have the format {expected}",
    "pattern": "does not match {expected}",
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """One place where a value does not fit."""

    keyword: str
    """The keyword of the schema that it does not fit."""
    expected: Any
    """What the schema has there, or the names that are missing."""
    path: tuple[str | int, ...] = ()
    """The way to the place within the value."""

    def move_under(self, key: str | int) -> "Misfit":
        """Return the misfit as one of the value that holds this one under `key`."""
        return replace(self, path=(key, *self.path))

    @property
    def field(self) -> str | None:
        """The dotted path of the place, or None for the whole value."""
        return shorten_place(self.path) or None

    def describe(self, whole: str) -> str:
        """Return a sentence without its full stop. `whole` is how it calls the whole value."""
        return f"{repr(self.field) if self.field else whole} {self._describe_reason()}"

    def _describe_reason(self) -> str:
        if self.keyword == "type":
            names = [self.expected] if isinstance(self.expected, str) else self.expected
            return f"must be of type {' or '.join(names)}"
        if self.keyword == "required":
            return f"lacks {', '.join(map(repr, self.expected))}"
        sentence = _SENTENCES.get(self.keyword, f"does not fit {self.keyword!r} of the schema")
        return sentence.format(expected=self.expected)


def shorten_place(path: Sequence[str | int]) -> str:
    place = ".".join(map(str, path))
    return place if len(place) <= MAX_PLACE_CHARACTERS else f"{place[:MAX_PLACE_CHARACTERS]}…"
