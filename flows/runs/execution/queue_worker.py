"""What a worker does: it takes runs from procrastinate's queue, executes them, and gives lost ones another job."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status
from psycopg_pool import AsyncConnectionPool

from actions.contract.errors import ActionError, DomainError
from flows.limits.live_runs import live_runs
from flows.models import Run
from flows.runs import leases
from flows.runs.admission import admission
from flows.runs.execution import queue
from flows.runs.local_run import LocalRun
from flows.runs.prepare import prepare_again
from flows.runs.prepared_run import PreparedRun
from flows.runs.recover import Recovery, plan_cancellation, plan_failure, read_last_event, write_recovery
from flows.traces.run_traces import Carrier, incoming_trace
from web.database import in_database

logger = logging.getLogger(__name__)

LOOK_INTERVAL_S = 0.1
"""How often the queue is looked at beside its notifications: one that comes during a look can be missed."""
TIDY_INTERVAL_S = 5.0
STALLED_S = 15.0
"""A worker whose queue has not heard of it for so long has lost its jobs."""
HEARTBEAT_INTERVAL_S = 5.0
ABORT_S = 0.5
"""How long jobs may go on when the connection to the queue is given up. Their runs go on without them."""
FIRST_PAUSE_S, MAX_PAUSE_S = 0.2, 5.0
"""Before the queue is tried again: twice as long after each failure."""


class QueueWorker:
    """Takes runs for this process, up to `MILLRACE_MAX_LIVE_RUNS` at once; what is beyond them waits in the queue."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._is_lost = False

    async def work(self) -> None:
        """Take and execute runs until the task is cancelled, and connect again whenever the queue is lost."""
        self._task = asyncio.current_task()
        pause_s = FIRST_PAUSE_S
        while True:
            began = asyncio.get_running_loop().time()
            try:
                await self._work_connected()
            except (ConnectorException, psycopg.Error, OSError) as error:
                self._note_loss(error)
            except Exception:  # whatever is wrong with it, the runs that go on need it not
                logger.exception("queue_failed")
            if asyncio.get_running_loop().time() - began > MAX_PAUSE_S:
                pause_s = FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, MAX_PAUSE_S)

    async def stop(self) -> None:
        """Take no more runs. Those that go on are not touched."""
        if self._task:
            self._task.cancel()

    async def _work_connected(self) -> None:
        connector = PsycopgConnector(pool_factory=_create_pool, kwargs=connector_params(), min_size=1, max_size=3)
        app = App(connector=connector)
        app.task(name=queue.TASK, queue=queue.QUEUE)(execute_run)
        async with app.open_async():
            if self._is_lost:
                logger.warning("queue_back")
            self._is_lost = False
            tidying = asyncio.create_task(_tidy_regularly(app), name="lost jobs")
            try:
                await app.run_worker_async(
                    queues=[queue.QUEUE],
                    concurrency=settings.MILLRACE_RUN_LIMITS.live_runs,
                    fetch_job_polling_interval=LOOK_INTERVAL_S,
                    update_heartbeat_interval=HEARTBEAT_INTERVAL_S,
                    stalled_worker_timeout=STALLED_S,
                    shutdown_graceful_timeout=ABORT_S,
                    delete_jobs="always",
                    install_signal_handlers=False,
                )
            finally:
                tidying.cancel()

    def _note_loss(self, error: Exception) -> None:
        if not self._is_lost:
            hint = "No new runs are taken until PostgreSQL answers again."
            logger.warning("queue_lost", extra={"reason": type(error).__name__, "hint": hint})
        self._is_lost = True


def _create_pool(*, check: object, **arguments: Any) -> AsyncConnectionPool:
    """Return procrastinate's pool without the question before each statement whether the server still answers.

    A statement that finds it gone ends the connected work, which begins anew. Each is a transaction of its own.
    """
    return AsyncConnectionPool(**arguments, configure=_commit_each)


async def _commit_each(connection: psycopg.AsyncConnection) -> None:
    await connection.set_autocommit(True)


async def execute_run(run: str, trace: Carrier | None = None) -> None:
    """Take a run from the queue and execute it to its end. Cancelling this ends the job, and not the run."""
    incoming_trace.set(trace or {})
    start = asyncio.create_task(_begin(UUID(run)), name=f"start of {run}")
    admission.starts.add(start)
    start.add_done_callback(admission.starts.discard)
    if local := await asyncio.shield(start):
        await local.wait()


async def _begin(run_id: UUID) -> LocalRun | None:
    """Begin to execute a run; return None when another process has taken it, or it could not begin."""
    try:
        taken = await in_database(_take, run_id)
    except DatabaseError:  # nobody knows whether it was taken: then it ends, else it gets another job
        leases.given_up_runs.add(run_id)
        logger.warning("run_not_taken", extra={"run": str(run_id)})
        return None
    if taken is None:
        return None
    leases.given_up_runs.discard(run_id)
    if isinstance(taken, Recovery):
        await write_recovery(run_id, taken)
        return None
    live_runs.take_seat(taken.seat, None)  # it was admitted when it was stored
    run = LocalRun(taken)
    run.start()
    return run


def _take(run_id: UUID) -> PreparedRun | Recovery | None:
    """Make a run this worker's own and prepare it; return how it fails when it cannot be executed any more."""
    with transaction.atomic():
        if not queue.take_run(run_id):
            return None
        run = Run.objects.select_related("flow", "version", "turn").get(pk=run_id)
        if run.stop_asked:
            return plan_cancellation(run_id, run.stop_asked)
        seq, ms = read_last_event(run_id)
        waited_ms = (timezone.now() - run.started_at) // timedelta(milliseconds=1)
        try:
            return replace(prepare_again(run), seq=seq, ms=max(ms, waited_ms))
        except DomainError as error:  # since it was stored, something that it needs was changed
            return plan_failure(run, ActionError(error.code, error.message, error.hint))
        except DatabaseError:
            raise
        except Exception:  # one run must not keep the others waiting
            logger.exception("run_not_prepared", extra={"run": str(run_id)})
            return plan_failure(run, ActionError("internal_error", "The run could not be prepared.", "See the log."))


async def _tidy_regularly(app: App) -> None:
    """Delete the jobs of dead workers, and give each waiting run that has no job another one."""
    while True:
        await asyncio.sleep(TIDY_INTERVAL_S)
        try:
            stalled: Any = await app.job_manager.get_stalled_jobs(queue=queue.QUEUE, seconds_since_heartbeat=STALLED_S)
            for job in stalled:
                await app.job_manager.finish_job(job, Status.ABORTED, delete_job=True)
            if count := await in_database(queue.put_lost_runs):
                logger.warning("lost_runs_queued", extra={"count": count})
        except Exception:  # the next try may find it back
            logger.warning("queue_not_tidied", exc_info=True)
