"""What becomes of a run that has lost its worker, by what its log tells. Sync; for database threads.

It ends as interrupted. A flow may say that a run of which nothing had come is run again: its log goes on with
`run.restarted`, and its version is executed from the beginning. That event is also how the log tells that it was done.
"""

import asyncio
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from pydantic_core import from_json

from actions.contract.errors import DomainError
from actions.contract.registry import get_actions
from flows.events.events import RunEvent as Event
from flows.log.run_log import LogUnavailable, run_log
from flows.models import Run, RunEvent
from flows.runs import leases
from flows.runs.local_run import _Tally, start
from flows.runs.prepare import Prepared, prepare_again
from web.database import in_database

logger = logging.getLogger(__name__)

GIVEN = ("item", "node.message", "usage")
"""Each says that a model has answered or the caller has got something: from there on, nothing is done twice."""
LOST = "The server stopped while the run was going on"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The event that the log goes on with, what it has counted so far, and the run when it begins anew."""

    event: Event
    items: int
    first_item_ms: int | None
    again: Prepared | None


def judge(run_id: UUID) -> Verdict | None:
    """Return what becomes of a run that has no worker any more; None when it is gone."""
    run = Run.objects.filter(pk=run_id).select_related("flow", "version").first()
    if run is None:
        return None
    prepared, reason = _again(run)
    if prepared is None:
        return _ended(run_id, reason)
    return _restarted(run, prepared, reason)


def _again(run: Run) -> tuple[Prepared | None, str]:
    """Return the run prepared to begin anew, when it may; and what its log says of that."""
    if not run.owner or not _wanted(run.version.graph) or _has(run, *GIVEN):
        return None, f"{LOST}."
    if _has(run, "run.restarted"):
        return None, f"{LOST}, for the second time."
    try:
        return prepare_again(run), f"{LOST}. Nothing had come of it, so it begins anew."
    except DomainError as error:
        return None, f"{LOST}. It could not be run again: {error.message}"
    except Exception:  # one run must not keep the server from starting
        logger.exception("run_not_prepared_again", extra={"run": str(run.pk)})
        return None, f"{LOST}. It could not be run again."


def _wanted(graph: dict[str, Any]) -> bool:
    triggers = (node for node in graph["nodes"] if _is_trigger(node["action"]))
    return any(node["properties"].get("after_crash") == "run_again" for node in triggers)


def _is_trigger(action_type: str) -> bool:
    action = get_actions().get(action_type)
    return action is not None and action.role == "trigger"


def _has(run: Run, *types: str) -> bool:
    return RunEvent.objects.filter(run=run, type__in=types).exists()


def _ended(run_id: UUID, reason: str) -> Verdict:
    seq, ms = _last_event(run_id)
    items = RunEvent.objects.filter(run_id=run_id, type="item").order_by("seq")
    first = items.values_list("data", flat=True).first()
    event = {"type": "run.interrupted", "seq": seq + 1, "ms": ms, "reason": reason, "usage": None}
    return Verdict(cast(Event, event), items.count(), from_json(first)["ms"] if first else None, None)


def _restarted(run: Run, prepared: Prepared, reason: str) -> Verdict:
    seq, ms = _last_event(run.pk)
    now = timezone.now()
    again = replace(prepared, seq=seq + 1, ms=max(ms, (now - run.started_at) // timedelta(milliseconds=1)))
    told = {**prepared.started(), "at": now.isoformat(), "reason": reason}
    event = cast(Event, {"type": "run.restarted", "seq": again.seq, "ms": again.ms, **told})
    return Verdict(event, 0, None, again)


def _last_event(run_id: UUID) -> tuple[int, int]:
    """Return the seq of the run's last stored event and the time of it in the run, 0 and 0 when there is none."""
    row = RunEvent.objects.filter(run_id=run_id).order_by("-seq").values_list("seq", "data").first()
    return (row[0], from_json(row[1])["ms"]) if row else (0, 0)


async def recover_runs() -> int:
    """Take over the runs of workers that live no more, to end them or begin them anew; return how many there were."""
    lost = await in_database(leases.take_over)
    await asyncio.gather(*map(_recover, lost))
    return len(lost)


async def _recover(run_id: UUID) -> None:
    for _ in range(3):
        verdict = await in_database(judge, run_id)
        if verdict is None:
            return
        try:
            await _tell(run_id, verdict)
        except LogUnavailable:  # its worker, frozen and now awake, has written once more: read again how far it came
            continue
        if verdict.again:
            start(verdict.again)
        return
    logger.error("run_not_recovered", extra={"run": str(run_id)})


async def _tell(run_id: UUID, verdict: Verdict) -> None:
    log = run_log()
    live = log.open(run_id, verdict.event["seq"] - 1)
    try:
        log.append(live, verdict.event, _Tally(verdict.items, verdict.first_item_ms).finish(verdict.event))
        await log.flush(live)
    finally:
        log.close(live)
