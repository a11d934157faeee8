"""Recovers the runs of workers that live no more, and ends those of this one whose events could not be stored.

A lost run ends as interrupted. A flow may ask that a lost run without any output is executed again: its log goes on
with `run.restarted`, and its version is executed from the beginning. That event also shows that this was done once.
"""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from pydantic_core import from_json

from actions.contract.errors import ActionError, DomainError
from actions.contract.registry import get_actions
from flows.engine.node_visits import describe_error
from flows.events.events import RunEvent as Event
from flows.events.events import Usage
from flows.events.model_tokens import COUNTED, sum_model_tokens
from flows.events.usage import sum_usage
from flows.log.run_log import LogUnavailable, run_log
from flows.models import Run, RunEvent
from flows.runs import leases
from flows.runs.execution.runner import get_runner
from flows.runs.prepare import prepare_again
from flows.runs.prepared_run import PreparedRun
from flows.runs.run_lines import log_end
from flows.runs.run_tally import RunTally
from flows.totals.run_totals import run_totals
from web.database import in_database
from web.lookups import adapt_id, fetch_all, write_for_driver

logger = logging.getLogger(__name__)

MAX_TRIES = 3
RESULT_EVENTS = ("item", "node.message", "usage")
"""Each says that a model has answered or the caller has got something: from there on, nothing is done twice."""
LOST = "The server stopped while the run was going on"
GIVEN_UP = "The database did not answer while the run was going on."
LAST_EVENT = "SELECT seq, data FROM flows_runevent WHERE run_id = %s ORDER BY seq DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Recovery:
    """What becomes of a lost run."""

    event: Event
    """The event that the log goes on with."""
    tally: RunTally
    """What the run had counted so far."""
    restart: PreparedRun | None
    """The run, when it begins anew."""


async def recover_runs() -> int:
    """Take over the runs of workers that live no more, to end them or begin them anew; return how many there were."""
    lost = await in_database(leases.take_over_runs)
    await asyncio.gather(*(_recover_run(run_id, plan_recovery) for run_id in lost))
    if leases.given_up_runs:
        await _end_given_up_runs()
    return len(lost)


async def _end_given_up_runs() -> None:
    """End the runs of this process whose log stopped in the middle, now that the database answers again.

    None begins anew: what had come of it before it stopped is not known.
    """
    given_up = set(leases.given_up_runs)
    unended = await in_database(leases.list_unended, given_up)
    await asyncio.gather(*(_recover_run(run_id, plan_interruption) for run_id in unended))
    leases.given_up_runs -= given_up


async def end_waiting_run(run_id: UUID, reason: str) -> None:
    """End a run as cancelled that this process has just taken out of the queue."""
    await _recover_run(run_id, partial(plan_cancellation, reason=reason))


async def _recover_run(run_id: UUID, plan: Callable[[UUID], Recovery | None]) -> None:
    for _ in range(MAX_TRIES):
        recovery = await in_database(plan, run_id)
        if recovery is None:
            return
        try:
            await write_recovery(run_id, recovery)
        except LogUnavailable:  # its worker, frozen and now awake, has written once more: read again how far it came
            continue
        if recovery.restart:
            await get_runner().begin_again(recovery.restart)
        return
    logger.error("run_not_recovered", extra={"run": str(run_id)})


async def write_recovery(run_id: UUID, recovery: Recovery) -> None:
    """Write the event that a run's log goes on with; raises LogUnavailable when another process has written there."""
    log = run_log()
    handle = log.open(run_id, recovery.event["seq"] - 1)
    try:
        log.append(handle, recovery.event, recovery.tally.add(recovery.event))
        await log.wait_until_committed(handle)
        log_end(run_id, recovery.tally.finish)
        run_totals.add_recovered(recovery.tally.finish)
    finally:
        log.close(handle)


def plan_recovery(run_id: UUID) -> Recovery | None:
    """Return what becomes of a run that has no worker any more; None when its row is gone. Sync."""
    run = Run.objects.filter(pk=run_id).select_related("flow", "version").first()
    if run is None:
        return None
    prepared, reason = _prepare_restart(run)
    return _interrupt(run, reason) if prepared is None else _restart(run, prepared, reason)


def plan_interruption(run_id: UUID) -> Recovery | None:
    """Return how a run ends whose events could not be stored; None when its row is gone. Sync."""
    run = Run.objects.filter(pk=run_id).first()
    return None if run is None else _interrupt(run, GIVEN_UP)


def plan_cancellation(run_id: UUID, reason: str) -> Recovery | None:
    """Return how a run ends that is cancelled before a worker has taken it; None when its row is gone. Sync."""
    run = Run.objects.filter(pk=run_id).first()
    return None if run is None else _end(run, {"type": "run.cancelled", "reason": reason})


def plan_failure(run: Run, error: ActionError) -> Recovery:
    """Return how a run ends that could not begin. Sync."""
    return _end(run, {"type": "run.failed", "node": None, **describe_error(error)})


def _prepare_restart(run: Run) -> tuple[PreparedRun | None, str]:
    """Return the run prepared to begin anew, when it may; and what its log says of that."""
    if not run.owner or not _may_run_again(run.version.graph) or _has_event(run, *RESULT_EVENTS):
        return None, f"{LOST}."
    if _has_event(run, "run.restarted"):
        return None, f"{LOST}, for the second time."
    try:
        return prepare_again(run), f"{LOST}. Nothing had come of it, so it begins anew."
    except DomainError as error:
        return None, f"{LOST}. It could not be run again: {error.message}"
    except Exception:  # one run must not keep the server from starting
        logger.exception("run_not_prepared_again", extra={"run": str(run.pk)})
        return None, f"{LOST}. It could not be run again."


def _may_run_again(graph: dict[str, Any]) -> bool:
    triggers = (node for node in graph["nodes"] if _is_trigger(node["action"]))
    return any(node["properties"].get("after_crash") == "run_again" for node in triggers)


def _is_trigger(action_type: str) -> bool:
    action = get_actions().get(action_type)
    return action is not None and action.role == "trigger"


def _has_event(run: Run, *types: str) -> bool:
    return RunEvent.objects.filter(run=run, type__in=types).exists()


def _interrupt(run: Run, reason: str) -> Recovery:
    return _end(run, {"type": "run.interrupted", "reason": reason})


def _end(run: Run, end: Mapping[str, object]) -> Recovery:
    """Return how a run ends that nobody executes, with what it has given so far."""
    seq, ms = read_last_event(run.pk)
    items = RunEvent.objects.filter(run=run, type="item").order_by("seq")
    first = items.values_list("data", flat=True).first()
    tally = RunTally(items.count(), from_json(first)["ms"] if first else None, run.stored_bytes)
    tally.tokens = sum_model_tokens(_read_events(run.pk, COUNTED))
    event = {**end, "seq": seq + 1, "ms": ms, "usage": _read_usage(run.pk)}
    return Recovery(cast(Event, event), tally, None)


def _restart(run: Run, prepared: PreparedRun, reason: str) -> Recovery:
    seq, ms = read_last_event(run.pk)
    now = timezone.now()
    restart = replace(prepared, seq=seq + 1, ms=max(ms, (now - run.started_at) // timedelta(milliseconds=1)))
    fields = {**prepared.describe_start(), "at": now.isoformat(), "reason": reason}
    event = cast(Event, {"type": "run.restarted", "seq": restart.seq, "ms": restart.ms, **fields})
    return Recovery(event, RunTally(stored_bytes=run.stored_bytes), restart)


def _read_usage(run_id: UUID) -> Usage | None:
    return sum_usage(_read_events(run_id, {"answer.started", "usage"}))


def _read_events(run_id: UUID, types: Collection[str]) -> Iterator[dict[str, Any]]:
    """Yield the stored events of these types, in order."""
    told = RunEvent.objects.filter(run_id=run_id, type__in=types).order_by("seq")
    return (from_json(data) for data in told.values_list("data", flat=True))


def read_last_event(run_id: UUID) -> tuple[int, int]:
    """Return the seq of the run's last stored event and the time of it in the run, 0 and 0 when there is none."""
    rows = fetch_all(write_for_driver(LAST_EVENT), [adapt_id(run_id)])
    return (rows[0][0], from_json(rows[0][1])["ms"]) if rows else (0, 0)
