"""Prepares a run: checks the call, stores the run's row, and gathers all that the engine needs. Sync."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from actions.chat.completion_trigger import ChatCompletionTrigger
from actions.chat.history import MAX_SESSION_ID_CHARACTERS
from actions.contract.errors import DomainError
from flows import services
from flows.engine.resources import CallableFlow
from flows.graph.plan import get_session_id
from flows.limits.live_runs import Seat, live_runs
from flows.models import MAX_QUESTION_CHARACTERS, Flow, Run
from flows.runs.execution.runner import get_runner
from flows.runs.idempotency import StartKey, find_started_run, read_start_key
from flows.runs.plan_cache import RunnableFlow, plan_cache
from flows.runs.prepared_run import PreparedRun
from flows.runs.run_services import RunOwner
from flows.runs.turns import StoredRun, find_turn, take_place
from flows.stored_files import FilledInput, stored_files
from flows.usage.key_admission import count_start, require_within_limits
from web.errors import build_unauthenticated
from web.lookups import RowInsert
from workspaces.access import Caller, require_permission
from workspaces.environments import Environment
from workspaces.open_access import find_lost_callers
from workspaces.storage import storage

_insert_run = RowInsert(
    Run,
    *("id", "workspace_id", "flow_id", "version_id", "environment", "input", "stored_bytes", "session_id"),
    *("question", "owner", "worker", "api_key_id", "start_key", "start_request", "started_at", "disconnect_grace_ms"),
)


@dataclass(frozen=True, slots=True)
class RunCall:
    """A call that asks for a run."""

    caller: Caller
    flow_id: UUID
    payload: Mapping[str, Any]
    """What the trigger is given."""
    payload_bytes: int
    """Of the payload as it came."""
    file_bytes: int = 0
    """Of the stored files that the payload names, as the run will hold them."""
    revision: int | None = None
    """The flow's revision that the caller has seen; None takes any."""
    environment: Environment = "development"
    """Which version of the flow is asked for: the published one of the environment, or the draft."""
    key: str | None = None
    """The call's Idempotency-Key."""
    resumes: bool = False
    """Whether it may only find the run that it has started before, and start none."""
    trigger: str | None = None
    """The type of the action that the flow must begin with; None takes any."""
    disconnect_grace_s: float | None = None
    """How long after its last reader has left the run is cancelled; None leaves that to the flow."""
    checked_schema: Mapping[str, Any] | None = None
    """The JSON Schema of the trigger that the payload is known to fit."""
    claim: Callable[[UUID], None] | None = None
    """Called with the id of the new run, at the end of the transaction that stores it. What it raises undoes that."""


@dataclass(frozen=True, slots=True)
class StartedBefore:
    """A call was repeated: the run that it started the first time."""

    id: UUID
    revision: int
    """Of the flow, as the run executes it."""


@dataclass(frozen=True, slots=True)
class UncheckedCall:
    """A call whose payload is to be checked against the trigger's schema, outside the database threads."""

    call: RunCall
    schema: Mapping[str, Any]


def prepare_run(call: RunCall) -> PreparedRun | StartedBefore | UncheckedCall:
    """Check and store a new run, or find the one that this very call has started. Raises what `start_run` raises.

    Where the flow's trigger has a schema that the call was not checked against, nothing is stored yet.
    """
    try:
        return _prepare(call)
    except IntegrityError:  # what the run's row refers to may have been deleted in this moment
        if find_lost_callers({call.caller}):
            raise build_unauthenticated() from None
        services.get_flow(call.caller.workspace_id, call.flow_id)
        raise


def _prepare(call: RunCall) -> PreparedRun | StartedBefore | UncheckedCall:
    caller = call.caller
    require_permission(caller, "run")
    flow = plan_cache.get_flow(caller.workspace_id, call.flow_id, caller.flows, call.environment)
    if call.revision is not None and call.revision != flow.revision:
        message, hint = "The flow was changed since.", "Load it again."
        raise DomainError("conflict", "version_conflict", message, hint=hint, revision=flow.revision)
    if call.key is None:
        return _prepare_new_run(call, flow, None)
    return _prepare_once(call, flow, read_start_key(call.key, caller.owner, flow.pk, call.payload, call.environment))


def prepare_again(run: Run) -> PreparedRun:
    """Prepare a stored run to begin anew, by the version that it began with.

    Connections and variables are as they are now, and a flow that it calls is that which its environment runs now.

    Raises DomainError `flow_has_problems` when that version cannot run any more, and `file_gone`.
    """
    flow = run.flow
    flow.graph, flow.revision = run.version.graph, run.version.revision
    environment = cast(Environment, run.environment)
    runnable = plan_cache.open_flow(flow, environment)
    stored = StoredRun(run.pk, run.flow_id, run.owner, run.started_at, run.input, run.stored_bytes)
    called_flows = plan_cache.open_called_flows(flow, runnable.plan, None, environment)
    filled = _fill_files(runnable, stored.input, flow, stored.owner)
    grace_s = None if run.disconnect_grace_ms is None else run.disconnect_grace_ms / 1000
    prepared = _build(flow, stored, runnable, called_flows, filled, grace_s)
    return replace(prepared, turn=find_turn(run))


def _prepare_once(call: RunCall, flow: Flow, key: StartKey) -> PreparedRun | StartedBefore | UncheckedCall:
    found = find_started_run(flow.workspace_id, key)
    if found is None and call.resumes:
        message = "No run was started under this Idempotency-Key, so there is nothing to resume."
        hint = "Leave out Last-Event-ID to start a run."
        raise DomainError("conflict", "nothing_to_resume", message, field="Idempotency-Key", hint=hint)
    if found is None:
        try:
            return _prepare_new_run(call, flow, key)
        except IntegrityError:  # the same call came a moment earlier
            found = find_started_run(flow.workspace_id, key)
            if found is None:
                raise
    return StartedBefore(*found)


def _prepare_new_run(call: RunCall, flow: Flow, key: StartKey | None) -> PreparedRun | UncheckedCall:
    """Take a seat first: a start that is refused for want of one costs nothing else."""
    seat = Seat(call.caller.workspace_id, call.caller.owner, call.payload_bytes + call.file_bytes)
    live_runs.take_seat(seat, settings.MILLRACE_RUN_LIMITS)
    try:
        storage.require_room(flow.workspace_id)
        if call.caller.limits or call.claim or get_runner().has_queue:
            prepared = _store_in_transaction(call, flow, key, seat)
        else:
            prepared = _store_new_run(call, flow, key)
    except BaseException:
        live_runs.free_seat(seat)
        raise
    if isinstance(prepared, UncheckedCall):
        live_runs.free_seat(seat)
        return prepared
    return prepared if prepared.seat.input_bytes == seat.input_bytes else replace(prepared, seat=seat)


def _store_in_transaction(call: RunCall, flow: Flow, key: StartKey | None, seat: Seat) -> PreparedRun | UncheckedCall:
    """Store a run within the limits of its key or page and of all processes, with what comes with it, or nothing."""
    runner = get_runner()
    with transaction.atomic():
        require_within_limits(call.caller)
        runner.require_room(seat)
        prepared = _store_new_run(call, flow, key)
        if not isinstance(prepared, UncheckedCall):
            count_start(call.caller)
            runner.put(prepared.run_id)
            if call.claim:
                call.claim(prepared.run_id)
    return prepared


def _store_new_run(call: RunCall, flow: Flow, key: StartKey | None) -> PreparedRun | UncheckedCall:
    runnable, caller = plan_cache.open_flow(flow, call.environment), call.caller
    if call.trigger not in (None, runnable.plan.trigger_type):
        raise _build_wrong_trigger(flow)
    schema = runnable.plan.input_schema
    if schema and schema != call.checked_schema:
        return UncheckedCall(call, schema)
    input = runnable.plan.parse_input(call.payload)
    called_flows = plan_cache.open_called_flows(flow, runnable.plan, caller.flows, call.environment)
    filled = _fill_files(runnable, input, flow, caller.owner) if input.get("files") else FilledInput(input, 0)
    rule = runnable.plan.get_turn_rule(input)
    if rule == "at_once":
        return _build(flow, _store(call, flow, input, key), runnable, called_flows, filled, call.disconnect_grace_s)
    with transaction.atomic():
        run = _store(call, flow, input, key)
        turn = take_place(run, input["session_id"], rule)
    return replace(_build(flow, run, runnable, called_flows, filled, call.disconnect_grace_s), turn=turn)


def _fill_files(runnable: RunnableFlow, input: Mapping[str, Any], flow: Flow, owner: str) -> FilledInput:
    """Return the input with its stored files. What another trigger takes is left alone, whatever it looks like."""
    if runnable.plan.trigger_type != ChatCompletionTrigger.type:
        return FilledInput(input, 0)
    return stored_files.fill(input, flow.workspace_id, owner)


def _build_wrong_trigger(flow: Flow) -> DomainError:
    message = f"{flow.name!r} takes no chat: it does not begin with a Chat completion trigger."
    hint = "Call it by its own address, or choose another flow."
    return DomainError("invalid", "wrong_trigger", message, hint=hint)


def _store(call: RunCall, flow: Flow, input: Mapping[str, Any], key: StartKey | None) -> StoredRun:
    caller, session_id = call.caller, _read_listed_session(input)
    run = StoredRun(uuid4(), flow.pk, caller.owner, timezone.now(), input, call.payload_bytes)
    _insert_run(
        id=run.id,
        workspace_id=flow.workspace_id,
        flow_id=flow.pk,
        version_id=plan_cache.get_version_id(flow),
        environment=call.environment,
        input=input,
        stored_bytes=run.input_bytes,
        session_id=session_id,
        question=_read_question(input) if session_id else "",
        owner=run.owner,
        worker=get_runner().worker,
        api_key_id=caller.key_id,
        start_key=key.digest if key else None,
        start_request=key.request if key else "",
        started_at=run.started_at,
        disconnect_grace_ms=None if call.disconnect_grace_s is None else int(call.disconnect_grace_s * 1000),
    )
    return run


def _read_listed_session(input: Mapping[str, Any]) -> str:
    """Return the session id; none for one that is longer than the trigger of a chat allows."""
    session_id = get_session_id(input)
    return session_id if len(session_id) <= MAX_SESSION_ID_CHARACTERS else ""


def _read_question(input: Mapping[str, Any]) -> str:
    prompt = input.get("prompt")
    return prompt[:MAX_QUESTION_CHARACTERS] if isinstance(prompt, str) else ""


def _build(
    flow: Flow,
    run: StoredRun,
    runnable: RunnableFlow,
    called_flows: Mapping[str, tuple[str, RunnableFlow]],
    filled: FilledInput,
    disconnect_grace_s: float | None = None,
) -> PreparedRun:
    connections, env, has_simulator = runnable.connections, runnable.env, bool(runnable.analysis.simulators)
    for _, called in called_flows.values():
        connections, env = {**connections, **called.connections}, env.join(called.env)
        has_simulator = has_simulator or bool(called.analysis.simulators)
    return PreparedRun(
        run_id=run.id,
        owner=RunOwner(flow.workspace_id, run.owner),
        flow_id=flow.pk,
        revision=flow.revision,
        started_at=run.started_at,
        plan=runnable.plan,
        input=filled.input,
        input_bytes=run.input_bytes,
        connections=connections,
        env=env,
        flows={id: CallableFlow(name, called.plan) for id, (name, called) in called_flows.items()},
        simulator=has_simulator,
        seat=Seat(flow.workspace_id, run.owner, run.input_bytes + filled.file_bytes),
        disconnect_grace_s=runnable.plan.disconnect_grace_s if disconnect_grace_s is None else disconnect_grace_s,
    )
