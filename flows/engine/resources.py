"""What a run may use beside its plan. Pure: it is handed over ready, so that the engine asks for nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from actions.contract.action import Services
from actions.contract.connection import Connection
from flows.engine.secret_values import sort_spellings
from flows.graph.plan import Plan
from flows.limits.run_limits import DEFAULT_LIMITS, RunLimits


@dataclass(frozen=True, slots=True)
class CallableFlow:
    """A flow that this run may call."""

    name: str
    plan: Plan


@dataclass(frozen=True, slots=True)
class EnvValues:
    """The workspace's variables that a run reads, with the values that they had at its start."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """By name."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """The values of the secret ones, in every spelling: nothing that is stored may contain one."""

    def join(self, other: "EnvValues") -> "EnvValues":
        return EnvValues({**self.values, **other.values}, sort_spellings((*self.secrets, *other.secrets)))


NO_ENV = EnvValues()


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
    limits: RunLimits = DEFAULT_LIMITS
    """How much the run may do."""
    env: EnvValues = NO_ENV
    """The workspace's variables that the run reads."""
