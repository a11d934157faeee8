"""Leaves runs to workers: a run's row and its job in procrastinate's queue are stored in one transaction.

A job says only that there is something to take: what counts is the row. A worker takes a run by one conditional update,
so a job that comes twice does no harm, and a run whose job was lost gets another one.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast, Now
from procrastinate.contrib.django import app as queue
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException

from flows.limits.live_runs import LiveCounts, Seat, check_counts, live_runs
from flows.log.run_log import run_log
from flows.models import Run, RunStatus
from flows.runs.leases import LEASE
from flows.runs.prepared_run import PreparedRun
from flows.runs.recover import end_waiting_run
from flows.traces.run_traces import incoming_trace
from web.database import hold_lock, in_database
from web.lookups import adapt_id, execute, fetch_all, write_for_driver
from web.process_id import PROCESS_ID

TASK = "millrace.execute_run"
QUEUE = "runs"
LOST_JOB_AGE = timedelta(seconds=15)
"""A run that waits for longer and has no job in the queue has lost it."""

COUNT_LIVE_RUNS = """
SELECT
  (SELECT count(*) FROM flows_worker WHERE executes_runs AND beat_at > statement_timestamp() - %s),
  count(*),
  count(*) FILTER (WHERE workspace_id = %s),
  count(*) FILTER (WHERE workspace_id = %s AND owner = %s),
  count(DISTINCT workspace_id) FILTER (WHERE workspace_id <> %s),
  coalesce(sum(stored_bytes), 0),
  coalesce(sum(stored_bytes) FILTER (WHERE workspace_id = %s), 0)
FROM flows_run WHERE status = 'running'
"""
TAKE_RUN = "UPDATE flows_run SET worker = %s WHERE id = %s AND status = 'running' AND worker IS NULL"


@dataclass(frozen=True, slots=True)
class QueuedRun:
    """A run that waits for a worker."""

    id: UUID
    revision: int


class QueuedRuns:
    """Lets workers execute runs."""

    worker: UUID | None = None
    has_queue = True

    def require_room(self, seat: Seat) -> None:
        hold_lock("live runs", seat.workspace_id)
        counts, workers = count_live_runs(seat)
        check_counts(counts, seat, settings.MILLRACE_RUN_LIMITS, max(1, workers))

    def put(self, run_id: UUID) -> None:
        job: dict[str, Any] = {"run": str(run_id)}
        if carrier := incoming_trace.get():
            job["trace"] = dict(carrier)
        try:
            queue.configure_task(TASK, queue=QUEUE, queueing_lock=str(run_id)).defer(**job)
        except ConnectorException as error:
            with connection.wrap_database_errors:  # as every other statement of a start raises it
                raise error.__cause__ or error from None

    async def cancel_waiting(self, run_id: UUID, reason: str) -> bool:
        if not await in_database(take_run, run_id):
            return False
        await end_waiting_run(run_id, reason)
        return True

    def begin(self, prepared: PreparedRun) -> QueuedRun:
        live_runs.free_seat(prepared.seat)
        run_log().expect(prepared.run_id)
        return QueuedRun(prepared.run_id, prepared.revision)

    async def begin_again(self, prepared: PreparedRun) -> None:
        await in_database(self._put_again, prepared.run_id)

    def _put_again(self, run_id: UUID) -> None:
        with transaction.atomic():
            if Run.objects.filter(pk=run_id, worker=PROCESS_ID).update(worker=None):
                _put_unless_queued(run_id)


def count_live_runs(seat: Seat) -> tuple[LiveCounts, int]:
    """Return how many runs go on or wait, in all processes together, and how many processes that execute runs live."""
    own = seat.workspace_id
    ((workers, *counts),) = fetch_all(COUNT_LIVE_RUNS, [LEASE, own, own, seat.owner, own, own])
    return LiveCounts(*map(int, counts)), workers


def take_run(run_id: UUID) -> bool:
    """Make a run that waits this process's own; return whether it is. No two processes get the same one."""
    return bool(execute(write_for_driver(TAKE_RUN), [adapt_id(PROCESS_ID), adapt_id(run_id)]).rowcount)


def put_lost_runs() -> int:
    """Put the runs whose jobs were lost into the queue again, and return how many there were.

    A job can be lost with the worker that has fetched it, before that has taken the run.
    """
    jobs = ProcrastinateJob.objects.filter(status="todo", queueing_lock=Cast(OuterRef("pk"), CharField()))
    waiting = Run.objects.filter(status=RunStatus.RUNNING, worker=None, started_at__lt=Now() - LOST_JOB_AGE)
    lost = list(waiting.exclude(Exists(jobs)).values_list("pk", flat=True))
    for run_id in lost:
        _put_unless_queued(run_id)
    return len(lost)


def _put_unless_queued(run_id: UUID) -> None:
    with suppress(AlreadyEnqueued), transaction.atomic():
        QueuedRuns().put(run_id)
