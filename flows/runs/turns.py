"""The turns of a session, where its runs go on one at a time. The database decides, for several processes alike. Sync.

A run takes its place when it is stored; it goes on when no earlier run of its session does. A run has left its place
as soon as its end is stored, also when another process has ended it after a crash.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from actions.contract.errors import DomainError
from actions.contract.properties import TurnRule
from flows.models import Run, RunStatus, Turn
from web.database import hold_lock

MAX_WAITING_RUNS = 20
"""How many runs of one session may wait."""


@dataclass(frozen=True, slots=True)
class SessionTurn:
    """The place of a run in its session."""

    key: str
    """Of the session: equal for all its runs."""
    replaced: tuple[UUID, ...] = ()
    """The runs that this one replaces."""


class StoredRun(NamedTuple):
    """What was stored of a run when it began."""

    id: UUID
    flow_id: UUID
    owner: str
    """On whose behalf it goes on."""
    started_at: datetime
    input: Mapping[str, Any]
    """What the trigger has made of the call's payload."""
    input_bytes: int
    """Of the payload as it came."""


def take_place(run: StoredRun, session_id: str, rule: TurnRule) -> SessionTurn:
    """Give the run the last place in its session. Call it in the transaction that stores the run.

    Raises DomainError `session_busy` when another run goes on and the rule is to refuse, `session_queue_full` when too
    many wait.
    """
    key = hashlib.sha256(f"{run.flow_id}\n{run.owner}\n{session_id}".encode()).hexdigest()
    hold_lock("turns of a session", key)
    _drop_ended_turns(key)
    earlier = tuple(Turn.objects.filter(key=key).order_by("pk").values_list("run_id", flat=True))
    if rule == "refuse":
        _take_at_once(run, key, is_busy=bool(earlier))
        return SessionTurn(key)
    if len(earlier) > MAX_WAITING_RUNS:
        message = f"{len(earlier)} runs of this session go on or wait already."
        raise DomainError("too_many", "session_queue_full", message, hint="Wait for their ends.", retry_after_s=5)
    Turn.objects.create(run_id=run.id, key=key)
    return SessionTurn(key, earlier if rule == "replace" else ())


def find_turn(run: Run) -> SessionTurn | None:
    """Return the place of a stored run; None when its session has no turns. Asks the database unless it was joined."""
    turn: Turn | None = getattr(run, "turn", None)  # Django says by AttributeError that there is none
    return None if turn is None else SessionTurn(turn.key)


def claim_turn(run_id: UUID) -> bool:
    """Return whether it is the run's turn now, and keep all others from taking theirs until the run has ended."""
    turn = Turn.objects.filter(run_id=run_id).first()
    if turn is None or turn.holds:
        return True
    _drop_ended_turns(turn.key)
    if Turn.objects.filter(key=turn.key, pk__lt=turn.pk).exists():
        return False
    return _hold(turn)


def end_turn(run_id: UUID) -> None:
    Turn.objects.filter(run_id=run_id).delete()


def _take_at_once(run: StoredRun, key: str, *, is_busy: bool) -> None:
    turn = None if is_busy else Turn.objects.create(run_id=run.id, key=key)
    if turn is None or not _hold(turn):
        hint = "Send this one when the other run has ended, or stop that run."
        raise DomainError("conflict", "session_busy", "Another run of this session goes on.", hint=hint)


def _hold(turn: Turn) -> bool:
    try:
        with transaction.atomic():
            Turn.objects.filter(pk=turn.pk).update(holds=True)
    except IntegrityError:
        return False
    return True


def _drop_ended_turns(key: str) -> None:
    Turn.objects.filter(key=key).exclude(run__status=RunStatus.RUNNING).delete()
