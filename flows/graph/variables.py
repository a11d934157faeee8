"""The variables that a node may read. Values only: `variable_scope` finds them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.contract.catalogue import describe_record
from actions.contract.records import RecordType


@dataclass(frozen=True, slots=True)
class Variable:
    """A name that expressions can read."""

    name: str
    record_type: RecordType
    """What is known of its value."""
    node: str
    """The id of the node that sets it."""

    def to_json(self, title: str) -> dict[str, Any]:
        """Return the JSON that the editor shows; `title` is that of the node."""
        return {
            "name": self.name,
            "type": self.record_type.name,
            "title": title,
            "node": self.node,
            "fields": describe_record(self.record_type),
        }


@dataclass(slots=True)
class Scope:
    """The variables at the entrance of one node, by name."""

    possible: dict[str, Variable] = field(default_factory=dict)
    """Those that some way to the node sets."""
    definite: set[str] = field(default_factory=set)
    """The names of those that every way to the node sets."""


def describe_scopes(scopes: Mapping[str, Scope], get_title: Callable[[str], str]) -> dict[str, Any]:
    """Return each variable once, and the scope of each node as the places of its variables in that list.

    A variable is in the scope of all that follows, so a flow of 500 nodes has 125,000 places in its scopes.
    `get_title` gives the title of a node by its id.
    """
    # By identity: to compare variables takes longer than to describe one twice.
    found = {id(variable): variable for scope in scopes.values() for variable in scope.possible.values()}
    places = {key: place for place, key in enumerate(found)}
    return {
        "variables": [variable.to_json(get_title(variable.node)) for variable in found.values()],
        "scope": {
            node: [places[id(variable)] for variable in scope.possible.values()] for node, scope in scopes.items()
        },
    }
