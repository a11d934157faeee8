"""Looks at a process when it is scraped: what is open, what waits, and how long waiting takes at this moment."""

import asyncio
from concurrent.futures import CancelledError
from dataclasses import dataclass
from time import monotonic

from django.conf import settings
from django.db import DatabaseError

from flows.log.run_log import Backlog, run_log
from flows.models import Run, RunStatus
from flows.runs.local_run import local_runs
from flows.runs.turn_queue import turn_queue
from flows.totals.run_totals import run_totals
from flows.wire.socket import open_sockets
from server.request_turns import all_turns
from web.database import in_database
from workspaces.open_access import access_watch


@dataclass(frozen=True, slots=True)
class ProcessState:
    """What is true at the moment of a scrape."""

    loop_wait_s: float
    """How long the event loop took to come to the question: so long would a chunk have waited that came with it."""
    database_wait_s: float
    """How long a call took to get one of the database threads."""
    live_runs: int
    items: int
    """What runs have yielded: those that have ended and, so that a long one shows while it goes on, those that live.

    Both are added up in one pass of the loop. A run that ends between them would be counted twice, and the next sum be
    smaller, which Prometheus takes for a new process.
    """
    turn_waits: int
    """Runs of this process that wait for their turn in their session."""
    queue_waits: int | None
    """Runs that wait for a worker, of all processes; None where this process has no queue, or no database."""
    request_waits: int
    """Requests that have not begun."""
    streams: int
    """Open streams and sockets."""
    sockets: int
    backlog: Backlog


async def read_state(asked_at: float) -> ProcessState:
    """Return the state of this process, on its event loop. `asked_at` is the monotonic time of the question."""
    loop_wait_s = monotonic() - asked_at
    runs = list(local_runs)
    items, backlog = run_totals.items + sum(run.items for run in runs), run_log().describe_backlog()
    called_at = monotonic()
    began_at, queue_waits = await in_database(_look_in_database)
    return ProcessState(
        loop_wait_s=loop_wait_s,
        database_wait_s=began_at - called_at,
        live_runs=len(runs),
        items=items,
        turn_waits=len(turn_queue),
        queue_waits=queue_waits,
        request_waits=sum(map(len, all_turns)),
        streams=len(access_watch),
        sockets=open_sockets.total(),
        backlog=backlog,
    )


def _look_in_database() -> tuple[float, int | None]:
    """Return when this began, and how many runs wait for a worker."""
    began_at = monotonic()
    if settings.MILLRACE_RUNS != "workers":
        return began_at, None
    try:
        return began_at, Run.objects.filter(status=RunStatus.RUNNING, worker=None).count()
    except DatabaseError:
        return began_at, None


def ask_state(loop: asyncio.AbstractEventLoop, patience_s: float) -> ProcessState | None:
    """Return the state, asked from another thread; None when the process does not come to it in time, or has ended."""
    if loop.is_closed():
        return None
    answer = asyncio.run_coroutine_threadsafe(read_state(monotonic()), loop)
    try:
        return answer.result(patience_s)
    except (TimeoutError, CancelledError):
        answer.cancel()
        return None
