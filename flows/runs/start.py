"""Starts a run. This is the only way: REST and the socket call it, and so does every protocol that is to come."""

from collections.abc import Callable

from flows.runs.admission import admission
from flows.runs.local_run import LocalRun
from flows.runs.prepare import RunCall, StartedBefore, prepare_run
from web.database import in_database


async def start_run(read_call: Callable[[], RunCall]) -> LocalRun | StartedBefore:
    """Start a run of the flow as it was last saved, or find the one that this very call has started before.

    `read_call` authenticates the caller and reads the call. It is called in a database thread, where the run is
    prepared right after it: a start waits for one thread once. What it raises passes through. The run belongs to the
    process and goes on when the caller leaves.

    Raises DomainError: `shutting_down`, `not_allowed`, `not_found`, `version_conflict`, `flow_has_problems`,
    `invalid_input`, `bad_idempotency_key`, `idempotency_key_reused`, `nothing_to_resume`. Nothing is stored then, and
    the key is unused.
    """
    admission.require_open()  # before the database is asked, which may be gone while the server stops
    prepared = await in_database(lambda: prepare_run(read_call()))
    if isinstance(prepared, StartedBefore):
        return prepared
    run = LocalRun(prepared)
    run.start()
    return run
