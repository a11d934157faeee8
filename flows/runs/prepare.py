"""Prepares a run: checks the call, stores the run's row, and gathers all that the engine needs. Sync."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from actions.contract.errors import DomainError
from flows import services
from flows.engine.resources import CallableFlow
from flows.models import Flow, Run
from flows.runs.idempotency import StartKey, find_started_run, read_start_key
from flows.runs.plan_cache import RunnableFlow, plan_cache
from flows.runs.prepared_run import PreparedRun
from flows.runs.run_services import RunOwner
from flows.runs.turns import find_turn, take_place
from web.process_id import PROCESS_ID
from workspaces.access import Caller, require_permission


@dataclass(frozen=True, slots=True)
class RunCall:
    """A call that asks for a run."""

    caller: Caller
    flow_id: UUID
    payload: Mapping[str, Any]
    """What the trigger is given."""
    revision: int | None = None
    """The flow's revision that the caller has seen; None takes any."""
    key: str | None = None
    """The call's Idempotency-Key."""
    resumes: bool = False
    """Whether it may only find the run that it has started before, and start none."""


@dataclass(frozen=True, slots=True)
class StartedBefore:
    """A call was repeated: the run that it started the first time."""

    id: UUID


def prepare_run(call: RunCall) -> PreparedRun | StartedBefore:
    """Check and store a new run, or find the one that this very call has started. Raises what `start_run` raises."""
    caller = call.caller
    require_permission(caller, "run")
    flow = services.get_flow(caller.workspace_id, call.flow_id, caller.flows)
    if call.revision is not None and call.revision != flow.revision:
        message, hint = "The flow was changed since.", "Load it again."
        raise DomainError("conflict", "version_conflict", message, hint=hint, revision=flow.revision)
    if call.key is None:
        return _prepare_new_run(caller, flow, call.payload, None)
    return _prepare_once(call, flow, read_start_key(call.key, caller.owner, flow.pk, call.payload))


def prepare_again(run: Run) -> PreparedRun:
    """Prepare a stored run to begin anew, by the version that it began with and the connections as they are now.

    Raises DomainError `flow_has_problems` when that version cannot run any more.
    """
    flow = run.flow
    flow.graph, flow.revision = run.version.graph, run.version.revision
    runnable = plan_cache.open_flow(flow)
    prepared = _build(flow, run, runnable, plan_cache.open_called_flows(flow, runnable.plan))
    return replace(prepared, turn=find_turn(run))


def _prepare_once(call: RunCall, flow: Flow, key: StartKey) -> PreparedRun | StartedBefore:
    run_id = find_started_run(flow.workspace_id, key)
    if run_id is None and call.resumes:
        message = "No run was started under this Idempotency-Key, so there is nothing to resume."
        hint = "Leave out Last-Event-ID to start a run."
        raise DomainError("conflict", "nothing_to_resume", message, field="Idempotency-Key", hint=hint)
    if run_id is None:
        try:
            return _prepare_new_run(call.caller, flow, call.payload, key)
        except IntegrityError:  # the same call came a moment earlier
            run_id = find_started_run(flow.workspace_id, key)
            if run_id is None:
                raise
    return StartedBefore(run_id)


def _prepare_new_run(caller: Caller, flow: Flow, payload: Mapping[str, Any], key: StartKey | None) -> PreparedRun:
    runnable = plan_cache.open_flow(flow)
    input = runnable.plan.parse_input(payload)
    called_flows = plan_cache.open_called_flows(flow, runnable.plan)
    rule = runnable.plan.get_turn_rule(input)
    if rule == "at_once":
        return _build(flow, _store(caller, flow, input, key), runnable, called_flows)
    with transaction.atomic():
        run = _store(caller, flow, input, key)
        turn = take_place(run, input["session_id"], rule)
    return replace(_build(flow, run, runnable, called_flows), turn=turn)


def _store(caller: Caller, flow: Flow, input: Mapping[str, Any], key: StartKey | None) -> Run:
    return Run.objects.create(
        workspace_id=flow.workspace_id,
        flow=flow,
        version_id=plan_cache.get_version_id(flow),
        input=input,
        owner=caller.owner,
        worker=PROCESS_ID,
        api_key_id=caller.key_id,
        start_key=key.digest if key else None,
        start_request=key.request if key else "",
    )


def _build(
    flow: Flow, run: Run, runnable: RunnableFlow, called_flows: Mapping[str, tuple[str, RunnableFlow]]
) -> PreparedRun:
    flows = [runnable, *(called for _, called in called_flows.values())]
    return PreparedRun(
        run_id=run.pk,
        owner=RunOwner(flow.workspace_id, run.owner),
        flow_id=flow.pk,
        revision=flow.revision,
        started_at=run.started_at,
        plan=runnable.plan,
        input=run.input,
        connections={id: connection for each in flows for id, connection in each.connections.items()},
        flows={id: CallableFlow(name, called.plan) for id, (name, called) in called_flows.items()},
        simulator=any(each.analysis.simulators for each in flows),
    )
