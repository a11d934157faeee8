"""Starts a run. This is the only way: REST and the socket call it, and so does every protocol that is to come."""

from collections.abc import Callable, Iterable
from uuid import UUID

from flows.runs.admission import admission
from flows.runs.cancel_requests import request_cancel
from flows.runs.local_run import LocalRun, local_runs
from flows.runs.prepare import RunCall, StartedBefore, prepare_run
from web.database import in_database

REPLACED = "A newer call of the same session replaces it."


async def start_run(read_call: Callable[[], RunCall]) -> LocalRun | StartedBefore:
    """Start a run of the flow as it was last saved, or find the one that this very call has started before.

    `read_call` authenticates the caller and reads the call. It is called in a database thread, where the run is
    prepared right after it: a start waits for one thread once. What it raises passes through. The run belongs to the
    process and goes on when the caller leaves.

    Raises DomainError: `shutting_down`, `not_allowed`, `not_found`, `version_conflict`, `flow_has_problems`,
    `invalid_input`, `session_busy`, `session_queue_full`, `bad_idempotency_key`, `idempotency_key_reused`,
    `nothing_to_resume`. Nothing is stored then, and the key is unused.
    """
    admission.require_open()  # before the database is asked, which may be gone while the server stops
    prepared = await in_database(lambda: prepare_run(read_call()))
    if isinstance(prepared, StartedBefore):
        return prepared
    run = LocalRun(prepared)
    run.start()
    if prepared.turn:
        await _cancel_replaced_runs(prepared.turn.replaced)
    return run


async def _cancel_replaced_runs(run_ids: Iterable[UUID]) -> None:
    """Ask the runs to stop, because a newer one of their session replaces them. Waits for no end."""
    for run_id in run_ids:
        if run := local_runs.get(run_id):
            run.request_end("run.cancelled", REPLACED)
        else:
            await in_database(request_cancel, run_id, REPLACED)
