"""Values that travel between actions: JSON, and JSON objects that also render as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic_core import to_json

TypeName = str  # text | number | integer | boolean | list | any, or the name of a RecordType


@dataclass(frozen=True, slots=True)
class RecordField:
    """A field of a record that is known before any run."""

    name: str
    """What an expression names it by."""
    type: TypeName
    """The shape of its value."""
    description: str
    """A sentence for the builder who picks it."""


@dataclass(frozen=True, slots=True)
class RecordType:
    """The shape of a variable: what a builder can pick from it, and what an expression may name."""

    name: str
    """The shape's name in the catalogue's JSON."""
    title: str
    """What a builder reads."""
    fields: tuple[RecordField, ...] = ()
    """The fields that are known before any run, in the order in which they are offered."""
    open: bool = False
    """Whether fields beyond the declared ones may exist, so that a path is not refused before a run."""


ANY = RecordType("any", "Any value", open=True)
TEXT = RecordType("text", "Text")
NUMBER = RecordType("number", "Number")
BOOLEAN = RecordType("boolean", "Yes or no")
LIST = RecordType("list", "List", open=True)


class Record(dict[str, Any]):
    """A JSON object that renders as one of its fields where a text is expected.

    Expressions and JSON see a plain `dict`, so that no expression can reach an attribute of a Python object.
    """

    __slots__ = ()
    record_type: ClassVar[RecordType]
    renders_as: ClassVar[str] = "text"

    def __str__(self) -> str:
        return render(self.get(self.renders_as))


def render(value: object) -> str:
    """Return `value` as the text that a prompt or a caller receives: null is empty, structures are JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Record):
        return str(value)
    if isinstance(value, bool | int | float | Mapping | list | tuple):
        return to_json(value).decode()
    return str(value)


MESSAGE = RecordType(
    "message",
    "Message",
    (
        RecordField("text", "text", "The piece of the answer that has just arrived."),
        RecordField("index", "integer", "Its place in the answer, from 0."),
    ),
)


class MessageChunk(Record):
    """A piece of text that a model has just written. It renders as that text."""

    __slots__ = ()
    record_type = MESSAGE
