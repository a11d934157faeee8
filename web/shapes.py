"""The types of JSON that all parts of the API share. Pure: types only."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import ConfigDict, WithJsonSchema, with_config
from typing_extensions import TypedDict

DateTimeText = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


@with_config(ConfigDict(extra="forbid"))
class Shape(TypedDict):
    """The base of all answers: an object with exactly the declared fields."""


class Named(Shape):
    id: str
    name: str


class UsedBy(Named):
    """A flow, a collection or a connection that uses a thing of the workspace."""

    kind: Literal["flow", "collection", "connection"]


class Refusal(Shape):
    """An error. `code` is stable, for programs; `message` and `hint` are sentences for a person."""

    code: str
    message: str
    field: NotRequired[str]
    hint: NotRequired[str]
    request_id: str
    revision: NotRequired[int]
    flows: NotRequired[list[UsedBy]]
    problems: NotRequired[list[dict[str, Any]]]
    links: NotRequired[dict[str, str]]


class RefusalBody(Shape):
    error: Refusal
