"""Starts a run. This is the only way: REST and the socket call it, and so does every protocol that is to come."""

import asyncio
import operator
from collections.abc import Callable, Iterable
from contextvars import copy_context
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.conf import settings

from actions.contract.fair_thread import current_workspace
from flows.engine.input_check import check_input
from flows.limits.live_runs import live_runs
from flows.runs.admission import admission
from flows.runs.cancel_requests import request_cancel
from flows.runs.execution.runner import StartedRun, get_runner
from flows.runs.local_run import local_runs
from flows.runs.prepare import RunCall, StartedBefore, UncheckedCall, prepare_run
from flows.runs.prepared_run import PreparedRun
from flows.traces.run_traces import incoming_trace
from flows.wake_ups.wake_ups import wake_ups
from web.database import in_database

REPLACED = "A newer call of the same session replaces it."


async def start_run(read_call: Callable[[], RunCall]) -> StartedRun | StartedBefore:
    """Start a run of the flow as it was last saved, or find the one that this very call has started before.

    `read_call` authenticates the caller and reads the call. It is called in a database thread, where the run is
    prepared right after it: a start waits for one thread once. What it raises passes through. The run belongs to the
    process or to a worker, and goes on when the caller leaves. A payload that must fit a schema is checked between two
    such visits.

    Raises DomainError: `shutting_down`, `limit_server_runs`, `limit_workspace_runs`, `limit_caller_runs`,
    `limit_key_runs_per_minute`, `limit_key_runs_at_once`, `limit_key_tokens_per_day` (for visitors of a chat page the
    same with `limit_page_…`), `limit_server_inputs`, `limit_workspace_inputs`, `limit_workspace_bytes`, `not_allowed`,
    `not_found`, `version_conflict`, `flow_has_problems`, `invalid_input`, `busy`, `session_busy`,
    `session_queue_full`, `file_gone`, `bad_idempotency_key`, `idempotency_key_reused`, `nothing_to_resume`.
    Nothing is stored then, and the key is unused.
    """
    admission.require_open()  # before the database is asked, which may be gone while the server stops
    live_runs.require_room(settings.MILLRACE_RUN_LIMITS)
    # A caller who leaves now must not leave a stored run behind that nobody executes, nor its seat.
    start = asyncio.create_task(_start(read_call), name="start of a run")
    admission.starts.add(start)
    start.add_done_callback(_forget)
    return await asyncio.shield(start)


async def _start(read_call: Callable[[], RunCall]) -> StartedRun | StartedBefore:
    # A run that is left to a worker takes its trace along, and the database threads know no context by themselves.
    call: Callable[..., Any] = copy_context().run if incoming_trace.get() else operator.call
    prepared: PreparedRun | StartedBefore | UncheckedCall = await in_database(call, lambda: prepare_run(read_call()))
    while isinstance(prepared, UncheckedCall):  # again when the flow was saved with another schema meanwhile
        current_workspace.set(str(prepared.call.caller.workspace_id))
        await check_input(prepared.schema, prepared.call.payload)
        prepared = await in_database(call, prepare_run, replace(prepared.call, checked_schema=prepared.schema))
    if isinstance(prepared, StartedBefore):
        return prepared
    run = get_runner().begin(prepared)
    if prepared.turn:
        await _cancel_replaced_runs(prepared.turn.replaced)
    return run


def _forget(start: asyncio.Task[StartedRun | StartedBefore]) -> None:
    admission.starts.discard(start)
    if not start.cancelled():
        start.exception()  # a caller who has left hears of no refusal, and asyncio need not report it


async def _cancel_replaced_runs(run_ids: Iterable[UUID]) -> None:
    """Ask the runs to stop, because a newer one of their session replaces them. Waits for no end."""
    for run_id in run_ids:
        if run := local_runs.get(run_id):
            run.request_end("run.cancelled", REPLACED)
        else:
            await in_database(request_cancel, run_id, REPLACED)
            wake_ups().tell("stops", {run_id: b""})
