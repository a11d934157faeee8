"""The queue and the schedules of a workspace as JSON. Pure: types only."""

from typing import Literal

from actions.schedule.due_times import ClockChange
from actions.schedule.trigger import MissedRule, OverlapRule
from flows.api.shapes import LastRun, RunFailure, Wait
from flows.caller_kinds import CallerKind
from flows.events.fold import RunStatus
from web.shapes import DateTimeText, Shape
from workspaces.environments import Environment


class QueueRun(Shape):
    """A run of the queue. `caller` is null in runs of old versions.

    `waits_for` says what a run that has not begun waits for: a worker that takes it, or its turn in its session.
    """

    id: str
    flow: str
    flow_name: str
    revision: int
    environment: Environment
    caller: CallerKind | None
    status: RunStatus
    waits_for: Wait | None
    started_at: DateTimeText
    finished_at: DateTimeText | None
    error: RunFailure | None


class Queue(Shape):
    """The runs that wait and go on, the oldest first, and those that failed last, the newest first.

    The lists are bounded; `waiting_count` and `running_count` count all. `workers` is how many processes execute runs
    by now, where workers do; null where the server itself does.
    """

    workers: int | None
    waiting: list[QueueRun]
    waiting_count: int
    running: list[QueueRun]
    running_count: int
    failed: list[QueueRun]


class ScheduleNote(Shape):
    """Times at which a schedule has started no run: none was there in time, the last one went on, or it was refused.

    `message` says why a start was refused.
    """

    reason: Literal["missed", "overlap", "refused"]
    message: str
    count: int
    first_due_at: DateTimeText
    last_due_at: DateTimeText


class Schedule(Shape):
    """When the version of a flow that is published to an environment starts by itself.

    `words` are the expression in plain words. `due_at` is the time that comes next; null while the schedule is off.
    `last_due_at` is the time for which the last run was started. `notes` has the newest first.
    """

    id: str
    flow: str
    flow_name: str
    environment: Environment
    revision: int | None
    expression: str
    time_zone: str
    words: str
    missed: MissedRule
    overlap: OverlapRule
    is_on: bool
    due_at: DateTimeText | None
    last_due_at: DateTimeText | None
    last_run: LastRun | None
    notes: list[ScheduleNote]


class ScheduleList(Shape):
    schedules: list[Schedule]


class PreviewedTime(Shape):
    """A due time, with the offset of the time zone.

    `change` says what a change of clocks does to it: the time does not exist and was moved, or it is twice and the
    first one counts.
    """

    at: DateTimeText
    change: ClockChange | None


class SchedulePreview(Shape):
    """A cron expression in plain words, and its next times."""

    words: str
    times: list[PreviewedTime]
