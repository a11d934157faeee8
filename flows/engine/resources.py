"""What a run may use beside its plan. Pure: it is handed over ready, so that the engine asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.contract.action import Services
from actions.contract.connection import Connection
from flows.graph.plan import Plan


@dataclass(frozen=True, slots=True)
class CallableFlow:
    """A flow that this run may call."""

    name: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class RunResources:
    """What the engine gives to the actions of one run."""

    run_id: str = ""
    connections: Mapping[str, Connection] = field(default_factory=dict)
    """By id, secrets included."""
    services: Services = field(default_factory=Services)
    """By protocol: what the server offers, such as conversations and stored vectors."""
    flows: Mapping[str, CallableFlow] = field(default_factory=dict)
    """By id: the flows that the run may call."""
