"""Starts a run. This is the only way: REST and the socket call it, and so does every protocol that is to come."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flows.runs.admission import admission
from flows.runs.local_run import LocalRun
from flows.runs.prepare import StartedBefore, prepare_run
from web.database import in_database
from workspaces.access import Caller


async def start_run(
    caller: Caller,
    flow_id: UUID,
    payload: Mapping[str, Any],
    *,
    revision: int | None = None,
    key: str | None = None,
) -> LocalRun | StartedBefore:
    """Start a run of the flow as it was last saved, or find the one that this very call has started before.

    `payload` is what the trigger is given. `revision` is the one that the caller has seen; None takes any. `key` is the
    call's Idempotency-Key. The run belongs to the process and goes on when the caller leaves.

    Raises DomainError: `shutting_down`, `not_allowed`, `not_found`, `version_conflict`, `flow_has_problems`,
    `invalid_input`, `bad_idempotency_key`, `idempotency_key_reused`. Nothing is stored then, and the key is unused.
    """
    admission.require_open()
    prepared = await in_database(prepare_run, caller, flow_id, payload, revision=revision, key=key)
    if isinstance(prepared, StartedBefore):
        return prepared
    run = LocalRun(prepared)
    run.start()
    return run
