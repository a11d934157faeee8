"""What a server process does when it has time: it compacts finished runs, and expires logs that are old enough."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from django.db import DatabaseError

from flows.log import archive, retention
from web.database import in_database

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

LOOK_INTERVAL_S = 10.0
MAX_RUNS_PER_LOOK = 100
END = object()
REST_FACTOR = 4
"""A rest lasts so many times as long as the step before it: the log's writer has four fifths of the time at least."""


async def run_housekeeping(interval_s: float = LOOK_INTERVAL_S) -> None:
    """Look every `interval_s` seconds for what is due, and do it, until the task is cancelled."""
    while True:
        await asyncio.sleep(interval_s)
        try:
            while await tidy_runs() == MAX_RUNS_PER_LOOK:
                pass
        except DatabaseError:  # the next look may find it back
            logger.exception("housekeeping_failed")


async def tidy_runs() -> int:
    """Compact some of the runs that are due, and expire some logs; return how many of either there were at most."""
    finished = await in_database(archive.find_due_runs, MAX_RUNS_PER_LOOK)
    for run_id in finished:
        steps = archive.compact_run(run_id)
        while await _do_step(next, steps, END) is not END:
            pass
    expiring = await in_database(retention.find_expiring_runs, MAX_RUNS_PER_LOOK)
    for run_id in expiring:
        await _do_step(retention.expire_log, run_id)
    return max(len(finished), len(expiring))


async def _do_step(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    began = time.monotonic()
    result = await in_database(work, *args, **kwargs)
    await asyncio.sleep(REST_FACTOR * (time.monotonic() - began))
    return result
