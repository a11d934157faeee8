"""The schedules that are due: which run each starts now, or why it starts none. Sync.

A row moves from one time to the next by one conditional update: together with the run that is started, in one
transaction, or with a note that none was. So each time is dealt with once, whichever process comes to it, also when one
is killed in between, or was frozen and goes on with what it has read before.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from actions.schedule.due_times import DueTimes
from actions.schedule.trigger import MAX_MISSED, ScheduleTrigger
from flows.models import Run, RunStatus, Schedule
from flows.runs.prepare import RunCall
from flows.schedules.notes import add_note
from web.lookups import fetch_all
from workspaces.access import Caller
from workspaces.environments import Environment

NEXT = "SELECT MIN(due_at) FROM flows_schedule"
ON_TIME = timedelta(seconds=60)
"""So late after its time, a run still counts as started in time."""


class ClaimedElsewhere(Exception):
    """Another process has dealt with the time, or the schedule was changed since it was read."""


@dataclass(frozen=True, slots=True)
class DueStart:
    """A run that a schedule starts now."""

    schedule: Schedule
    """As it was read, with its flow."""
    due_at: datetime
    """The time for which the run is started."""
    missed: int
    """How many times before it have started no run."""
    is_late: bool
    following: datetime | None
    """The next time after this moment."""

    def build_call(self) -> RunCall:
        """Return the call that starts the run, and moves the schedule on with it."""
        row, flow = self.schedule, self.schedule.flow
        environment = cast(Environment, row.environment)
        payload: dict[str, Any] = {"due_at": self.due_at.isoformat(), "late": self.is_late, "missed": self.missed}
        return RunCall(
            _build_caller(row, environment),
            flow.pk,
            payload,
            payload_bytes=0,
            environment=environment,
            trigger=ScheduleTrigger.type,
            claim=self._claim,
        )

    def refuse(self, message: str) -> bool:
        """Note why no run was started, and move the schedule on; return whether it still stood at this time."""
        with transaction.atomic():
            if not _move_on(self.schedule, self.following):
                return False
            self._note_missed()
            add_note(self.schedule, "refused", self.due_at, self.due_at, 1, message)
        return True

    def _claim(self, run_id: UUID) -> None:
        if not _move_on(self.schedule, self.following, last_due_at=self.due_at, last_run_id=run_id):
            raise ClaimedElsewhere
        self._note_missed()

    def _note_missed(self) -> None:
        if self.missed:
            first = cast(datetime, self.schedule.due_at)
            add_note(self.schedule, "missed", first, self.due_at - timedelta(seconds=1), self.missed)


def find_next_due() -> datetime | None:
    """Return the time that comes first of all schedules; None when there is none."""
    moment = fetch_all(NEXT)[0][0]
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)  # as SQLite stores it


def list_due(limit: int) -> list[Schedule]:
    """Return the schedules whose time has come, the earliest first."""
    rows = Schedule.objects.filter(due_at__lte=timezone.now()).select_related("flow").defer("flow__graph")
    return list(rows.order_by("due_at", "pk")[:limit])


def plan_start(row: Schedule) -> DueStart | None:
    """Return the run that the schedule starts now; None when it starts none, which is noted then."""
    assert row.due_at is not None
    now = timezone.now()
    times = DueTimes(row.expression, row.time_zone)
    due = [row.due_at, *islice(takewhile(lambda at: at <= now, times.iterate_after(row.due_at)), MAX_MISSED)]
    following = times.find_next(max(now, due[-1]))
    is_late = now - due[-1] > ON_TIME
    start = DueStart(row, due[-1], len(due) - 1, is_late, following)
    if is_late and row.missed != "run_once":
        _start_nothing(start, "missed", due[0], len(due))
        return None
    if row.overlap == "skip" and _has_running_run(row):
        _start_nothing(start, "overlap", due[0], len(due))
        return None
    return start


def end_times(row: Schedule, message: str) -> None:
    """Let the schedule wait for no time any more, and note why."""
    assert row.due_at is not None
    with transaction.atomic():
        if _move_on(row, None):
            add_note(row, "refused", row.due_at, row.due_at, 1, message)


def _start_nothing(start: DueStart, reason: str, first: datetime, count: int) -> None:
    with transaction.atomic():
        if _move_on(start.schedule, start.following):
            add_note(start.schedule, reason, first, start.due_at, count)


def _move_on(row: Schedule, following: datetime | None, **started: Any) -> bool:
    """Let the schedule wait for its next time, unless it stands elsewhere than it was read; return whether it does."""
    return bool(Schedule.objects.filter(pk=row.pk, due_at=row.due_at).update(due_at=following, **started))


def _has_running_run(row: Schedule) -> bool:
    owner = f"schedule:{row.pk}"
    return Run.objects.filter(flow_id=row.flow_id, owner=owner, status=RunStatus.RUNNING).exists()


def _build_caller(row: Schedule, environment: Environment) -> Caller:
    return Caller(
        f"Schedule of {row.flow.name}",
        row.flow.workspace_id,
        frozenset({"run"}),
        environments=(environment,),
        schedule_id=row.pk,
    )
