"""The variables that a node may read. Values only: `variable_scope` finds them."""

from collections.abc import Callable
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


@dataclass(slots=True)
class Scope:
    """The variables at the entrance of one node, by name."""

    possible: dict[str, Variable] = field(default_factory=dict)
    """Those that some way to the node sets."""
    definite: set[str] = field(default_factory=set)
    """The names of those that every way to the node sets."""

    def to_json(self, get_title: Callable[[str], str]) -> list[dict[str, Any]]:
        """Return the JSON that the editor shows; `get_title` gives the title of a node by its id."""
        return [
            {
                "name": variable.name,
                "type": variable.record_type.name,
                "title": get_title(variable.node),
                "node": variable.node,
                "fields": describe_record(variable.record_type),
            }
            for variable in self.possible.values()
        ]
