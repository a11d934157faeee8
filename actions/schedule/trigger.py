"""Where a flow begins at times of its own."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from actions.contract.action import NEXT, Action, ActionContext, InputError, Output, Role
from actions.contract.model_input import read_model_input
from actions.contract.properties import TriggerProperties, prop
from actions.contract.property_types import LITERAL, VariableName
from actions.contract.records import Record, RecordField, RecordType
from actions.contract.steps import Result, Step
from actions.schedule.due_times import CronExpression, TimeZoneName

DEFAULT_EXPRESSION = "0 9 * * *"
DEFAULT_TIME_ZONE = "UTC"
MAX_MISSED = 10_000
"""How many missed times are counted."""

MissedRule = Literal["note", "run_once"]
OverlapRule = Literal["skip", "start"]

DUE_TIME = RecordType(
    "due_time",
    "Due time",
    (
        RecordField("due_at", "text", "The time that was due, with its offset: 2026-11-30T09:00:00+01:00."),
        RecordField("date", "text", "Its date in the time zone of the schedule: 2026-11-30."),
        RecordField("time", "text", "Its time of day there: 09:00."),
        RecordField("time_zone", "text", "The time zone of the schedule."),
        RecordField("late", "boolean", "Whether the time was missed, and the run makes up for it."),
        RecordField("missed", "integer", "How many times were missed before it, since the last run."),
        RecordField("input", "any", "The fixed input of the trigger, or what a caller sends in its place."),
    ),
)


class DueTime(Record):
    record_type = DUE_TIME
    renders_as = "due_at"


class DueTimeInput(BaseModel):
    """What starts the flow. A caller may leave out everything."""

    model_config = ConfigDict(extra="forbid", strict=True)

    due_at: str | None = Field(
        None, max_length=40, description="The time that is due, with its offset; now by default."
    )
    late: bool = Field(False, description="Whether the time was missed.")
    missed: int = Field(0, ge=0, le=MAX_MISSED, description="How many times were missed before.")
    input: dict[str, JsonValue] | None = Field(None, description="Takes the place of the trigger's fixed input.")


class ScheduleTriggerProperties(TriggerProperties):
    expression: CronExpression = prop(
        "When the flow is started: minute, hour, day of the month, month and day of the week.",
        title="Starts",
        default=DEFAULT_EXPRESSION,
        modes=LITERAL,
    )
    time_zone: TimeZoneName = prop(
        "Whose clocks count. Where they are changed in spring and autumn, the times follow.",
        default=DEFAULT_TIME_ZONE,
        modes=LITERAL,
    )
    missed: MissedRule = prop(
        "What becomes of times at which no server ran. However many there are, one run at most makes up for them.",
        title="Missed Times",
        default="note",
        modes=LITERAL,
        port=False,
        choices={"note": "They are noted", "run_once": "One late run"},
    )
    overlap: OverlapRule = prop(
        "What becomes of a time at which a run of this schedule still goes on.",
        title="While a Run Goes On",
        default="skip",
        modes=LITERAL,
        port=False,
        choices={"skip": "The time is skipped", "start": "Another run starts"},
    )
    fixed_input: dict[str, JsonValue] = prop(
        "What each run is given, read as schedule.input.",
        title="Fixed Input",
        default={},
        modes=LITERAL,
        port=False,
        verbatim=True,
    )
    schedule_variable_name: VariableName = prop("Variable that holds the due time.", default="schedule", port=False)


class ScheduleTrigger(Action[ScheduleTriggerProperties]):
    """Start the flow by a timer: daily, every hour, on some day of the month, as a cron expression says."""

    type = "schedule.trigger"
    title = "Schedule"
    family = "schedule"
    role: ClassVar[Role] = "trigger"
    awaits_answer: ClassVar[bool] = False
    branches = (NEXT,)
    output = Output(DUE_TIME, name="schedule_variable_name")

    def run(self, properties: ScheduleTriggerProperties, context: ActionContext) -> Iterator[Step]:
        yield Result(DueTime(context.input))

    @classmethod
    def describe_input(cls, properties: Mapping[str, Any]) -> Mapping[str, Any]:
        return DueTimeInput.model_json_schema()

    @classmethod
    def parse_input(cls, payload: Mapping[str, Any], properties: Mapping[str, Any]) -> Mapping[str, Any]:
        given = read_model_input(DueTimeInput, payload)
        zone = properties.get("time_zone", DEFAULT_TIME_ZONE)
        at = _read_due_time(given.due_at, zone)
        return {
            "due_at": at.isoformat(timespec="seconds"),
            "date": at.strftime("%Y-%m-%d"),
            "time": at.strftime("%H:%M"),
            "time_zone": zone,
            "late": given.late,
            "missed": given.missed,
            "input": properties.get("fixed_input", {}) if given.input is None else given.input,
        }


def _read_due_time(text: str | None, zone: str) -> datetime:
    """Return the time in the zone of the schedule; raises InputError."""
    if text is None:
        return datetime.now(ZoneInfo(zone))
    try:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError):
        pass
    message = "'due_at' must be a time with its offset, such as 2026-11-30T09:00:00+01:00."
    raise InputError(message, "due_at", "Leave it out for the time of the call.")
