"""Which process executes which runs. Each server process is a worker with a heartbeat; a run belongs to one worker.

A worker whose heartbeat stopped has lost its runs: another one takes each over, by one conditional update.
What the lost worker writes later meets a `seq` that is taken, and is refused: see `flows.log.rows`. Sync.
"""

import sys
from collections.abc import Collection
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from flows.models import Run, RunStatus, Worker
from web.lookups import adapt_id, fetch_all, write_for_driver
from web.process_id import PROCESS_ID

LEASE = timedelta(seconds=15)
HEARTBEAT_INTERVAL_S = 5.0
OTHERS = "SELECT 1 FROM flows_run WHERE status = 'running' AND (worker <> %s OR worker IS NULL) LIMIT 1"
"""Whether any other worker executes a run: mostly none does, and then nobody's lease has to be looked at."""


def send_heartbeat(*, executes_runs: bool = True) -> None:
    """Write that this process lives, and whether it executes runs."""
    if not Worker.objects.filter(pk=PROCESS_ID).update(beat_at=Now()):
        Worker.objects.create(pk=PROCESS_ID, beat_at=Now(), executes_runs=executes_runs)


def remove_worker() -> None:
    """Write that this worker executes no more runs."""
    Worker.objects.filter(pk=PROCESS_ID).delete()


def take_over_runs() -> list[UUID]:
    """Make the runs of workers that live no more this worker's own; return them. No two workers get the same one.

    Where workers execute runs, one that has no worker waits in their queue.
    """
    if not fetch_all(write_for_driver(OTHERS), [adapt_id(PROCESS_ID)]):
        return []
    lost = Run.objects.filter(status=RunStatus.RUNNING).exclude(worker__in=list_living_workers())
    if settings.MILLRACE_RUNS == "workers":
        lost = lost.filter(worker__isnull=False)
    rows = list(lost.values_list("pk", "worker"))
    return [id for id, worker in rows if lost.filter(pk=id, worker=worker).update(worker=PROCESS_ID)]


given_up_runs: set[UUID] = set()
"""The runs of this process whose events could not be stored. Their rows say that they go on."""


def list_unended(run_ids: Collection[UUID]) -> list[UUID]:
    """Return those of this worker's runs whose end is not stored."""
    return list(
        Run.objects.filter(pk__in=run_ids, status=RunStatus.RUNNING, worker=PROCESS_ID).values_list("pk", flat=True)
    )


def list_living_workers() -> list[UUID]:
    """Return the workers that live, this one among them."""
    if process_lock.is_exclusive:
        return [PROCESS_ID]
    return [PROCESS_ID, *Worker.objects.filter(beat_at__gt=Now() - LEASE).values_list("pk", flat=True)]


def count_executing_workers() -> int:
    """Return how many processes execute runs and live."""
    return Worker.objects.filter(beat_at__gt=Now() - LEASE, executes_runs=True).count()


class ProcessLock:
    """The lock on a file beside an SQLite database, by which a process learns that no other one lives.

    Every process holds it shared for as long as it lives. One that gets it exclusively when it starts knows that all
    others are dead, and need not wait for their leases. Other databases have no such file, and Windows no such lock:
    there, what a dead process left is ended when its lease is over.
    """

    def __init__(self) -> None:
        self.is_exclusive = False
        self._file: IO[str] | None = None

    def hold(self) -> None:
        """Take the lock, exclusively where no other process holds it. Does nothing when it is held."""
        if sys.platform == "win32" or connection.vendor != "sqlite" or self._file is not None:
            return
        import fcntl

        self._file = (settings.MILLRACE_DATA_DIR / "worker.lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.is_exclusive = True
        except OSError:
            fcntl.flock(self._file, fcntl.LOCK_SH)  # waits for a moment at most, while another one takes runs over

    def share(self) -> None:
        """Let other processes start: from here on, leases tell who lives."""
        if self.is_exclusive and self._file is not None:
            import fcntl

            self.is_exclusive = False
            fcntl.flock(self._file, fcntl.LOCK_SH)


process_lock = ProcessLock()
"""Of the process, because the operating system frees the lock when the process ends, and not before."""
