"""What a server process does at leisure: make finished runs small, and let go of logs that are old enough."""

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

EVERY_S = 10.0
AT_ONCE = 100
DONE = object()
REST = 4
"""A rest lasts so many times as long as the step before it: the log's writer has four fifths of the time at least."""


async def keep_house() -> None:
    """Look again and again for what is to be done, and do it, until the task is cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            while await tidy() == AT_ONCE:
                pass
        except DatabaseError:  # the next look may find it back
            logger.exception("house_not_kept")


async def tidy() -> int:
    """Compact some of the runs that are due, and let some logs expire; return the most that there were of either."""
    ended = await in_database(archive.due, AT_ONCE)
    for run_id in ended:
        steps = archive.compact(run_id)
        while await _step(next, steps, DONE) is not DONE:
            pass
    old = await in_database(retention.due, AT_ONCE)
    for run_id in old:
        await _step(retention.expire, run_id)
    return max(len(ended), len(old))


async def _step(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    began = time.monotonic()
    done = await in_database(work, *args, **kwargs)
    await asyncio.sleep(REST * (time.monotonic() - began))
    return done
