"""What a run needs to start: a stored run and all that the engine asks for. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from actions.contract.connection import Connection
from flows.engine.resources import CallableFlow, EnvValues, RunResources
from flows.graph.plan import Plan
from flows.limits.live_runs import Seat
from flows.runs.run_services import RunOwner, build_services
from flows.runs.turns import SessionTurn


@dataclass(frozen=True, slots=True)
class PreparedRun:
    """A stored run that is ready to start: all that the engine needs, so that the engine asks no database."""

    run_id: UUID
    owner: RunOwner
    """On whose behalf the run goes on."""
    flow_id: UUID
    revision: int
    """Of the flow, as the run executes it."""
    started_at: datetime
    plan: Plan
    input: Mapping[str, Any]
    """What the trigger has made of the call's payload, with the contents of the stored files that it names."""
    input_bytes: int
    """What is stored of it, without those."""
    connections: Mapping[str, Connection]
    """By id: those of the flow and of the flows that it may call, secrets included."""
    env: EnvValues
    """The workspace's variables that these flows read."""
    flows: Mapping[str, CallableFlow]
    """By id: the flows that it may call."""
    simulator: bool
    """Whether a connection of it leads to the demo's simulator."""
    seat: Seat
    """What the run occupies among the live runs of the process, from its start to its end."""
    disconnect_grace_s: float | None
    """How long after its last reader has left the run is cancelled; None: it is not."""
    turn: SessionTurn | None = None
    """The run's place in its session; None when it need not wait for others."""
    seq: int = 0
    """Of the last stored event; above 0 in a run that begins anew: its log goes on from there."""
    ms: int = 0
    """Milliseconds from the beginning of the run to that event."""

    def build_resources(self) -> RunResources:
        """Return what the engine offers the run's actions."""
        return RunResources(
            str(self.run_id),
            self.connections,
            services=build_services(self.owner),
            flows=self.flows,
            limits=settings.MILLRACE_RUN_LIMITS,
            env=self.env,
        )

    def describe_start(self) -> dict[str, Any]:
        """Return the fields of `run.started`."""
        return {
            "run": str(self.run_id),
            "flow": str(self.flow_id),
            "revision": self.revision,
            "at": self.started_at.isoformat(),
            "simulator": self.simulator,
        }
