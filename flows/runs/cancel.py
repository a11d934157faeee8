"""Cancels a run of this process or of another one, and ends all runs of this process when its server stops."""

import asyncio
from collections.abc import Collection
from contextlib import aclosing, suppress
from uuid import UUID

from django.db import DatabaseError

from flows.log import rows
from flows.log.run_log import run_log
from flows.runs import cancel_requests
from flows.runs.admission import admission
from flows.runs.cancel_requests import read_status
from flows.runs.execution.runner import get_runner
from flows.runs.local_run import SERVER_STOPPED, local_runs
from flows.wake_ups.wake_ups import wake_ups
from web.database import in_database

STOPPED = "The run was stopped."
"""Why a run was cancelled that a person or a key has stopped. It names nobody, because callers read it."""
ANSWER_LIMIT_S = 5.0
"""How long another process is waited for. One that is frozen or dead does not answer: when its lease is over, another
process ends the run."""


async def cancel_run(run_id: UUID, reason: str, by: str = "") -> str:
    """Cancel the run and return its status once its end is stored. Does nothing to a run that has ended.

    `reason` is public: every caller of the run may read it. `by` is who asks, for members of the workspace.

    A run of another process is cancelled by that one, and one that waits for a worker at once. When that process does
    not answer in `ANSWER_LIMIT_S` seconds, the status is `running`, and the run ends when it can.
    """
    if run := local_runs.get(run_id):
        await run.cancel("run.cancelled", reason)
        await in_database(cancel_requests.note_canceller, run_id, by)
    elif await in_database(cancel_requests.request_cancel, run_id, reason, by):
        await _cancel_elsewhere(run_id, reason)
    return await in_database(read_status, run_id)


async def _cancel_elsewhere(run_id: UUID, reason: str) -> None:
    """Cancel a run of another process, or one that waits for a worker."""
    if await get_runner().cancel_waiting(run_id, reason):
        return
    wake_ups().tell("stops", {run_id: b""})
    await _wait_for_other_process(run_id)


async def cancel_requested_runs() -> None:
    """Cancel the runs of this process that other processes have asked it to cancel."""
    pending = await in_database(cancel_requests.read_pending_cancels)
    runs = ((local_runs.get(run_id), reason) for run_id, reason in pending)
    await asyncio.gather(*(run.cancel("run.cancelled", reason) for run, reason in runs if run))


async def cancel_when_told() -> None:
    """Cancel runs of this process as soon as another one tells that it asks for that, until the task is cancelled."""
    told = asyncio.Event()

    def hear(run_ids: Collection[UUID]) -> None:
        if any(local_runs.get(run_id) for run_id in run_ids):
            told.set()

    wake_ups().hear("stops", hear)
    while await told.wait():
        told.clear()
        with suppress(DatabaseError):  # the regular look may find it back
            await cancel_requested_runs()


async def drain_runs(limit_s: float) -> None:
    """Let the runs of this process finish for `limit_s` seconds, then end the rest as interrupted.

    Runs that are being prepared count too: the caller has seen to it that no more starts are admitted.
    """
    with suppress(TimeoutError):
        async with asyncio.timeout(limit_s):
            await admission.wait_for_starts()
            await asyncio.gather(*(run.wait() for run in local_runs))
    await asyncio.gather(*(run.cancel("run.interrupted", SERVER_STOPPED) for run in local_runs))


async def _wait_for_other_process(run_id: UUID) -> None:
    after = await in_database(rows.read_last_seq, run_id)
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_LIMIT_S), aclosing(run_log().read(run_id, after)) as batches:
            async for _ in batches:
                pass
