"""The catalogue as JSON. Pure: types only."""

from typing import Any

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from actions.contract.action import Role
from actions.contract.property_types import Mode, PropertyTypeName, Widget

Json = Any
"""Any JSON. Not checked: what is so was read from JSON, or is written as JSON at once."""


@with_config(ConfigDict(extra="forbid"))
class Shape(TypedDict):
    """What an answer holds, and nothing beside it."""


class Family(Shape):
    id: str
    title: str


class Choice(Shape):
    value: Json
    title: str


class FieldDescription(Shape):
    name: str
    type: str
    description: str


class ProvidedVariable(Shape):
    property: str
    type: str
    fields: list[FieldDescription]


class BranchDescription(Shape):
    name: str
    title: str
    repeats: bool
    provides: ProvidedVariable | None


class AttachmentDescription(Shape):
    name: str
    title: str
    accepts: list[str]


class OutputDescription(Shape):
    """A variable that the action sets: named by `property`, within `branch`, or after the node when that is null."""

    property: str | None
    default: str | None
    type: str
    title: str
    fields: list[FieldDescription]
    branch: str | None


class PropertyDescription(Shape):
    name: str
    title: str
    description: str
    type: PropertyTypeName
    required: bool
    default: Json
    modes: list[Mode]
    widget: Widget
    section: str
    port: bool
    choices: list[Choice] | None
    minimum: float | None
    maximum: float | None
    unit: str | None
    placeholder: str | None
    suggests: list[str]
    connection_kind: str | None
    tokens: list[str] | None
    verbatim: bool
    advanced: bool


class ActionDescription(Shape):
    type: str
    title: str
    family: str
    role: Role
    summary: str
    icon_url: str
    docs_url: str
    width: int
    streams: bool
    input: bool
    branches: list[BranchDescription]
    cases: str | None
    attachments: list[AttachmentDescription]
    outputs: list[OutputDescription]
    properties: list[PropertyDescription]


class Catalogue(Shape):
    families: list[Family]
    actions: list[ActionDescription]
