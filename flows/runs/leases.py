"""Who executes runs. Each server process is a worker that says by a heartbeat that it lives; a run belongs to one.

A worker whose heartbeat stopped has lost its runs: another one takes each over, by one conditional update.
What the lost worker writes later meets a `seq` that is taken, and is refused: see `log_store`. Sync.
"""

import sys
from datetime import timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models.functions import Now

from flows.models import Run, RunStatus, Worker
from web.process import THIS as THIS

LEASE = timedelta(seconds=15)
BEAT_S = 5.0

_lock: IO[str] | None = None
_alone = False


def beat() -> None:
    """Say that this worker lives."""
    Worker.objects.update_or_create(pk=THIS, defaults={"beat_at": Now()})


def retire() -> None:
    """Say that this worker executes no more runs."""
    Worker.objects.filter(pk=THIS).delete()


def join() -> None:
    """Say that this process is there, by the lock beside a database file; find out whether it is alone.

    Every process holds the lock shared for as long as it lives. One that gets it for itself when it starts knows that
    all others are dead, and need not wait for their leases, until `joined` lets others in.
    """
    global _lock, _alone
    if sys.platform == "win32" or connection.vendor != "sqlite" or _lock is not None:
        return
    import fcntl  # Windows has none: there, what a dead process left is ended when its lease is over

    _lock = (settings.MILLRACE_DATA_DIR / "worker.lock").open("w")
    try:
        fcntl.flock(_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _alone = True
    except OSError:
        fcntl.flock(_lock, fcntl.LOCK_SH)  # waits for a moment at most, while another one looks around


def joined() -> None:
    """Let other processes in: from here on, leases tell who lives."""
    global _alone
    if _alone and _lock is not None:
        import fcntl

        _alone = False
        fcntl.flock(_lock, fcntl.LOCK_SH)


def take_over() -> list[UUID]:
    """Make the runs of workers that live no more this worker's own; return them. No two workers get the same one."""
    lost = Run.objects.filter(status=RunStatus.RUNNING).exclude(worker__in=living())
    rows = list(lost.values_list("pk", "worker"))
    return [id for id, worker in rows if lost.filter(pk=id, worker=worker).update(worker=THIS)]


def living() -> list[UUID]:
    """Return the workers that live, this one among them."""
    others = [] if _alone else Worker.objects.filter(beat_at__gt=Now() - LEASE).values_list("pk", flat=True)
    return [THIS, *others]
