"""The rows of runs: checked, stored and prepared before a run starts. Sync; for database threads."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError

from actions.contract.connection import Connection
from actions.contract.errors import DomainError
from flows.engine.resources import CallableFlow, Host
from flows.graph.plan import Plan
from flows.models import Flow, FlowVersion, Run
from flows.runs import plan_cache
from flows.runs.idempotency import StartKey, start_key, started_before
from flows.runs.plan_cache import Runnable
from flows.runs.run_services import Client, services_for
from workspaces.access import Caller

_versions: dict[tuple[UUID, int], int] = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """A stored run that is ready to start: all that the engine needs, so that it asks no database."""

    run_id: UUID
    client: Client
    flow_id: UUID
    revision: int
    started_at: Any
    plan: Plan
    input: Mapping[str, Any]
    connections: Mapping[str, Connection]
    flows: Mapping[str, CallableFlow]
    simulator: bool
    seq: int = 0
    ms: int = 0
    """Of the last stored event, in a run that begins anew: its log goes on from there."""

    def host(self) -> Host:
        """Return what the engine offers the run's actions."""
        return Host(str(self.run_id), self.connections, services_for(self.client), self.flows)

    def started(self) -> dict[str, Any]:
        """Return the fields of `run.started`."""
        return {
            "run": str(self.run_id),
            "flow": str(self.flow_id),
            "revision": self.revision,
            "at": self.started_at.isoformat(),
            "simulator": self.simulator,
        }


@dataclass(frozen=True, slots=True)
class Repeated:
    """A run that this very call has started before."""

    run_id: UUID


def begin(
    flow: Flow, payload: Mapping[str, Any], worker: UUID, caller: Caller, name: str | None
) -> Prepared | Repeated:
    """Prepare a run, or find the one that the call of this `name` (its Idempotency-Key) has started.

    Raises what `prepare` and `start_keys` raise; a call that was refused has not used its name.
    """
    key = start_key(name, caller.owner, flow.pk, payload)
    if key is None:
        return prepare(flow, payload, worker, caller)
    before = started_before(flow.workspace_id, key)
    if before is None:
        try:
            return prepare(flow, payload, worker, caller, key=key)
        except IntegrityError:  # the same call has come a moment earlier
            before = started_before(flow.workspace_id, key)
            if before is None:
                raise
    return Repeated(before)


def prepare(
    flow: Flow,
    payload: Mapping[str, Any],
    worker: UUID,
    caller: Caller,
    *,
    revision: int | None = None,
    key: StartKey | None = None,
) -> Prepared:
    """Check and store a new run of `flow` as it was last saved, on behalf of `caller`.

    Raises DomainError `version_conflict` when `revision` is not the stored one, `flow_has_problems` with all of
    them, `invalid_input` naming the field. Nothing is stored then.
    """
    if revision is not None and revision != flow.revision:
        message, hint = "The flow was changed since.", "Load it again."
        raise DomainError("conflict", "version_conflict", message, hint=hint, revision=flow.revision)
    ready = plan_cache.runnable(flow)
    input = ready.plan.parse_input(payload)
    called = plan_cache.callable_flows(flow, ready.plan)
    return _prepared(flow, _stored(flow, input, worker, caller, key), ready, called)


def prepare_again(run: Run) -> Prepared:
    """Prepare a stored run to begin anew, by the version that it began with and the connections as they are now.

    Raises DomainError `flow_has_problems` when that version cannot run any more.
    """
    flow = run.flow
    flow.graph, flow.revision = run.version.graph, run.version.revision
    ready = plan_cache.runnable(flow)
    return _prepared(flow, run, ready, plan_cache.callable_flows(flow, ready.plan))


def _prepared(flow: Flow, run: Run, ready: Runnable, called: Mapping[str, tuple[str, Runnable]]) -> Prepared:
    needed = [ready, *(each for _, each in called.values())]
    return Prepared(
        run_id=run.pk,
        client=Client(flow.workspace_id, run.owner),
        flow_id=flow.pk,
        revision=flow.revision,
        started_at=run.started_at,
        plan=ready.plan,
        input=run.input,
        connections={id: opened for each in needed for id, opened in each.connections.items()},
        flows={id: CallableFlow(name, each.plan) for id, (name, each) in called.items()},
        simulator=any(each.analysis.simulators for each in needed),
    )


def _stored(flow: Flow, input: Mapping[str, Any], worker: UUID, caller: Caller, key: StartKey | None) -> Run:
    return Run.objects.create(
        workspace_id=flow.workspace_id,
        flow=flow,
        version_id=_version_of(flow),
        input=input,
        owner=caller.owner,
        worker=worker,
        api_key_id=caller.key_id,
        start_key=key.digest if key else None,
        start_request=key.request if key else "",
    )


def _version_of(flow: Flow) -> int:
    """Return the id of the version that holds the flow's revision; asks the database once per revision."""
    key = (flow.pk, flow.revision)
    if key not in _versions:
        if len(_versions) >= plan_cache.KEPT:
            _versions.clear()
        graph = {"graph": flow.graph}
        version, _ = FlowVersion.objects.get_or_create(flow=flow, revision=flow.revision, defaults=graph)
        _versions[key] = version.pk
    return _versions[key]


def status_of(run_id: UUID) -> str:
    return str(Run.objects.values_list("status", flat=True).get(pk=run_id))
