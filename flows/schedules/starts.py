"""Starts what is due, in every process that takes calls. One task, which sleeps until the next time."""

import asyncio
import logging

from django.db import DatabaseError
from django.utils import timezone

from actions.contract.errors import DomainError
from flows.models import Schedule
from flows.runs.start import start_run
from flows.schedules.due import ClaimedElsewhere, DueStart, end_times, find_next_due, list_due, plan_start
from web.database import in_database

logger = logging.getLogger(__name__)

LOOK_INTERVAL_S = 30.0
"""How long a process sleeps at most: so soon it notices what another one has published or switched on."""
AFTER_STARTS_S = 0.2
"""Before the next look, when everything that was due is dealt with."""
RETRY_S = 5.0
"""After so long a start is tried again that has found no room."""
MAX_STARTS_PER_LOOK = 1_000
"""So many that those which find no room, of one workspace, do not keep others from being looked at."""
UNREADABLE = "This server cannot tell its times any more. Choose them anew in its trigger, and publish that."
RETRIED = frozenset({"too_many", "unavailable"})
"""The kinds of refusals that end by themselves."""


async def run_schedules() -> None:
    """Start what is due when it is due, until the task is cancelled."""
    while True:
        try:
            pause_s = await start_due()
        except DatabaseError:  # the next look may find it back
            logger.exception("schedules_not_read")
            pause_s = RETRY_S
        await asyncio.sleep(pause_s)


async def start_due() -> float:
    """Start what is due; return after how many seconds to look again."""
    next_due = await in_database(find_next_due)
    if next_due is None:
        return LOOK_INTERVAL_S
    wait_s = (next_due - timezone.now()).total_seconds()
    if wait_s > 0:
        return min(wait_s, LOOK_INTERVAL_S)
    rows = await in_database(list_due, MAX_STARTS_PER_LOOK)
    results = [await _try_to_start(row) for row in rows]
    return AFTER_STARTS_S if all(results) else RETRY_S


async def _try_to_start(row: Schedule) -> bool:
    """Start the schedule's run, or note why there is none; return False when it has to wait for room."""
    try:
        start = await in_database(plan_start, row)
    except DatabaseError:
        raise
    except Exception:  # such as a time zone that a newer server does not know: one schedule must not end this task
        logger.exception("schedule_not_read", extra={"flow": str(row.flow_id)})
        await in_database(end_times, row, UNREADABLE)
        return True
    return start is None or await _start(start)


async def _start(start: DueStart) -> bool:
    """Start the run, or note why there is none; return False when it has to wait for room."""
    try:
        await start_run(start.build_call)
    except ClaimedElsewhere:
        return True
    except DomainError as error:
        if error.kind in RETRIED:
            return False
        await _refuse(start, error)
    except DatabaseError:
        raise
    except Exception:  # one schedule must not stop the others
        logger.exception("schedule_failed", extra={"flow": str(start.schedule.flow_id)})
        await in_database(start.refuse, "The server failed while it started the run. See its log.")
    return True


async def _refuse(start: DueStart, error: DomainError) -> None:
    message = " ".join(text for text in (error.message, error.hint) if text)
    if await in_database(start.refuse, message):
        extra = {"flow": str(start.schedule.flow_id), "code": error.code}
        logger.error("schedule_not_started", extra=extra)
