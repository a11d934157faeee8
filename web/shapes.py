"""The shapes of JSON that every part of the API shares. Pure: types only."""

from typing import Annotated, Any, NotRequired

from pydantic import ConfigDict, WithJsonSchema, with_config
from typing_extensions import TypedDict

DateTimeText = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


@with_config(ConfigDict(extra="forbid"))
class Shape(TypedDict):
    """What an answer holds, and nothing beside it."""


class Named(Shape):
    id: str
    name: str


class Refusal(Shape):
    """`code` is stable and for programs; `message` and `hint` are sentences for a person."""

    code: str
    message: str
    field: NotRequired[str]
    hint: NotRequired[str]
    request_id: str
    revision: NotRequired[int]
    flows: NotRequired[list[Named]]
    problems: NotRequired[list[dict[str, Any]]]
    links: NotRequired[dict[str, str]]


class RefusalBody(Shape):
    error: Refusal
