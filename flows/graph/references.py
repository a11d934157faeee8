"""Finds what a graph takes from its workspace: connections, collections and flows that its properties name. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from actions.contract.catalogue import get_connection_kind, get_property_type
from actions.contract.property_types import PropertyType
from actions.contract.registry import get_actions


class Reference(NamedTuple):
    """A property of a node whose values are things of the workspace, with the text that it has."""

    node: dict[str, Any]
    name: str
    """Of the property."""
    type: PropertyType
    kind: str | None
    """Of a connection: its kind."""

    @property
    def value(self) -> str:
        value: str = self.node["properties"][self.name]
        return value


def list_references(document: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield each property of the graph that names a thing of the workspace by a text."""
    for node in document["nodes"]:
        for name, value in node["properties"].items():
            if isinstance(value, str) and (found := find_source_type(node["action"], name)):
                yield Reference(node, name, *found)


def find_source_type(action_type: str, name: str) -> tuple[PropertyType, str | None] | None:
    """Return the type of the property, and the kind of connection that it takes; None when it names nothing."""
    action = get_actions().get(action_type)
    field = action.Properties.model_fields.get(name) if action else None
    property_type = get_property_type(field) if field else None
    if field is None or property_type is None or property_type.source is None:
        return None
    return property_type, get_connection_kind(field)
