"""The base of serializers and their fields: an unknown field is refused, a deceptive character, a number as a text."""

from collections.abc import Container
from typing import Any

from rest_framework import serializers
from rest_framework.fields import empty

from web.text import describe_character, find_bad_character, normalize


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses a field that it does not declare or that a client may not write. DRF would ignore it.

    Null for a field that has a default counts as absent: many clients send what they do not set as null.
    """

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            _refuse_unknown(data, writable)
            data = {name: value for name, value in data.items() if value is not None or not self._has_default(name)}
        return super().to_internal_value(data)

    def _has_default(self, name: str) -> bool:
        return self.fields[name].default is not empty


class SecretField(serializers.CharField):
    """Takes a text of any characters and nothing else, also no number. Returns it as it is."""

    default_error_messages = {
        "required": "Give a value.",
        "null": "Give a value.",
        "blank": "Give a value.",
        "invalid": "This must be a text.",
        "max_length": "This is longer than {max_length} characters.",
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(serializers.CharField):
    """Takes a text and nothing else, also no number. Returns it in Unicode's composed form."""

    default_error_messages = {
        **SecretField.default_error_messages,
        "bad_character": "The character {name} cannot be used here.",
    }

    def __init__(self, *, multiline: bool = False, pattern: str | None = None, **options: Any) -> None:
        """`pattern` tells clients what whoever stores the text asks of it; it is not judged here."""
        super().__init__(**options)
        self.multiline = multiline
        self.pattern = pattern

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)  # as sent: white space at its ends counts
        char = find_bad_character(data, multiline=self.multiline)
        if char is not None:
            self.fail("bad_character", name=describe_character(char))
        return normalize(super().to_internal_value(data))


class NameField(TextField):
    """A name that a person gives: one line of up to 100 characters."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=100, **options)


class WholeNumberField(serializers.IntegerField):
    """Takes a whole number and nothing else, also no text of digits."""

    default_error_messages = {"invalid": "This must be a whole number."}

    def to_internal_value(self, data: Any) -> int:
        return super().to_internal_value(_require_number(self, data))


class NumberField(serializers.FloatField):
    """Takes a number and nothing else, also no text of digits."""

    default_error_messages = {"invalid": "This must be a number."}

    def to_internal_value(self, data: Any) -> float:
        return super().to_internal_value(_require_number(self, data))


class FlagField(serializers.BooleanField):
    """Takes true or false and nothing else, also no text or number that stands for one."""

    default_error_messages = {"invalid": "This must be true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class NamedValuesField(serializers.DictField):
    """Values by these names, of which each may be absent; any other is refused."""

    def __init__(self, *, names: tuple[str, ...], child: serializers.Field[Any, Any, Any, Any], **options: Any) -> None:
        super().__init__(child=child, **options)
        self.names = names

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            _refuse_unknown(data, self.names)
        return super().to_internal_value(data)


def _refuse_unknown(data: dict[str, Any], known: Container[str]) -> None:
    unknown = next((name for name in data if name not in known), None)
    if unknown is not None:
        message = f"There is no field {unknown[:100]!r} to set here."
        raise serializers.ValidationError({unknown[:100]: [message]}, code="unknown_field")


def _require_number(field: serializers.Field[Any, Any, Any, Any], data: Any) -> int | float:
    if isinstance(data, bool) or not isinstance(data, int | float):
        field.fail("invalid")
    return data
