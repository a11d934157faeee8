"""The form in which the engine runs a graph. Pure: values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from actions.contract.action import Action
from actions.contract.properties import DISCONNECT_GRACE_S


class BoundValue(Protocol):
    """Gives a bound property its value in a run. `flows.graph.bindings` makes them."""

    def evaluate(self, variables: Mapping[str, Any]) -> Any:
        """Return the value over the variables of the moment; raises ExpressionError when there is none."""


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One node, ready to run. A branch that leads nowhere is absent from `branches`."""

    id: str
    action: Action[Any]
    title: str
    disabled: bool
    fixed: Mapping[str, Any]
    bound: Mapping[str, BoundValue]
    connections: Mapping[str, str]
    flows: tuple[str, ...]
    branches: Mapping[str, str]
    repeating: frozenset[str]
    result_variable: str | None
    declared: str | None
    message_variables: Mapping[str, str]
    helpers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine executes. Immutable, so one plan serves every run of its version at once."""

    entry: str
    nodes: Mapping[str, PlanNode]

    def parse_input(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the run's input from what a caller sent; raises InputError when the trigger does not take it."""
        trigger = self.nodes[self.entry]
        return type(trigger.action).parse_input(payload, trigger.fixed)

    @property
    def leave_after_s(self) -> float | None:
        """How long after its last listener has left the run is stopped; None lets it go on."""
        properties = self.nodes[self.entry].fixed
        if properties.get("on_disconnect") != "cancel":
            return None
        return float(properties.get("disconnect_grace", DISCONNECT_GRACE_S))

    @property
    def flow_ids(self) -> frozenset[str]:
        """The flows that this one calls by name; they are literals, so they are known before a run."""
        return frozenset(flow for node in self.nodes.values() for flow in node.flows)

    @property
    def connection_ids(self) -> frozenset[str]:
        return frozenset(id for node in self.nodes.values() for id in node.connections.values())
