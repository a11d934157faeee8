"""The form in which the engine runs a graph. Pure: values only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from actions.contract.action import Action
from actions.contract.properties import DISCONNECT_GRACE_S, CallerKinds, TurnRule
from expressions.program import KnownValues, Program


class BoundValue(Protocol):
    """Gives a bound property its value in a run. `flows.graph.bindings` makes them."""

    def iterate_programs(self) -> Iterable[Program]:
        """Return the expressions that CEL evaluates, in the order in which it does."""

    def evaluate(self, variables: Mapping[str, Any], known: KnownValues | None = None) -> Any:
        """Return the value over the variables of the moment; `known` has what large evaluations gave, by program.

        Raises ExpressionError when there is none, and LargeEvaluation.
        """


def get_session_id(input: Mapping[str, Any]) -> str:
    """Return the session that the input of a run names; empty when it names none."""
    session_id = input.get("session_id")
    return session_id if isinstance(session_id, str) else ""


@dataclass(frozen=True, slots=True)
class PlanNode:
    """One node, ready to run."""

    id: str
    """The node's id in the graph."""
    action: Action[Any]
    """What the node does. One instance serves every run."""
    title: str
    """What the builder calls the node, else the action's title."""
    disabled: bool
    """Whether the engine skips the node and follows its Continue."""
    fixed_values: Mapping[str, Any]
    """The properties whose value is the same in every run, by name, already valid."""
    bindings: Mapping[str, BoundValue]
    """The properties that are evaluated when the node runs, by name."""
    connections: Mapping[str, str]
    """The ids of the connections, by the name of the property."""
    flows: tuple[str, ...]
    """The ids of the flows that the node may run."""
    branches: Mapping[str, str]
    """The id of the node behind each branch. A branch that leads nowhere is absent."""
    repeating: frozenset[str]
    """The names of the branches that may run more than once in one run of the node."""
    result_variable: str | None
    """The variable that holds the output; None when the action has none."""
    declares: str | None
    """The property that maps names of variables to the values that they get when the node has run."""
    message_variables: Mapping[str, str]
    """The variable that holds the value of each branch that provides one, by the name of the branch."""
    helpers: Mapping[str, str]
    """The id of the helper in each attachment. An empty attachment is absent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine executes. Immutable, so one plan serves every run of its version at once."""

    entry: str
    """The id of the trigger."""
    nodes: Mapping[str, PlanNode]
    """The nodes that a run may reach, and their helpers, by id."""

    def parse_input(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the run's input from what a caller sent; raises InputError when the trigger does not take it.

        That it fits `input_schema` is checked before, by `flows.engine.input_check`.
        """
        trigger = self.nodes[self.entry]
        return type(trigger.action).parse_input(payload, trigger.fixed_values)

    @property
    def trigger_type(self) -> str:
        """The type of the action that a run begins with."""
        return self.nodes[self.entry].action.type

    @property
    def input_schema(self) -> Mapping[str, Any] | None:
        """The JSON Schema that what a caller sends must fit, or None."""
        trigger = self.nodes[self.entry]
        return type(trigger.action).get_input_schema(trigger.fixed_values)

    @property
    def caller_kinds(self) -> CallerKinds:
        """Which kinds of what the flow yields its callers receive."""
        kinds: CallerKinds = self.nodes[self.entry].fixed_values.get("callers_receive", "all")
        return kinds

    @property
    def disconnect_grace_s(self) -> float | None:
        """How long after its last listener has left a run is cancelled; None: it is not."""
        properties = self.nodes[self.entry].fixed_values
        if properties.get("on_disconnect") != "cancel":
            return None
        return float(properties.get("disconnect_grace", DISCONNECT_GRACE_S))

    def get_turn_rule(self, input: Mapping[str, Any]) -> TurnRule:
        """Return what becomes of a run of this input while another one of its session goes on."""
        if not get_session_id(input):
            return "at_once"
        trigger = self.nodes[self.entry]
        field = type(trigger.action).Properties.model_fields.get("session_turns")
        rule: TurnRule = trigger.fixed_values.get("session_turns", field.default if field else "at_once")
        return rule

    @property
    def flow_ids(self) -> frozenset[str]:
        """The flows that this one calls by name; they are literals, so they are known before a run."""
        return frozenset(flow for node in self.nodes.values() for flow in node.flows)

    @property
    def connection_ids(self) -> frozenset[str]:
        """The ids of the connections that a run needs."""
        return frozenset(id for node in self.nodes.values() for id in node.connections.values())
