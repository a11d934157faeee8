"""When a cron expression is due in a time zone. The only module that knows the library for it. Pure.

Clocks are changed as Debian's cron takes it. A time that does not exist, such as 02:30 on the day on which clocks skip
from 02:00 to 03:00, is due at the first moment after the gap. A time that is twice is due the first time. Where the
field for minutes or hours begins with `*`, the expression means steps of real time: then nothing is moved, and what is
twice is due twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, StringConstraints

from actions.contract.property_types import CRON, TIME_ZONE

MAX_EXPRESSION_CHARACTERS = 100
FIELDS = ("minute", "hour", "day of the month", "month", "day of the week")
MAX_STEPS = (59, 23, 30, 11, 6)
"""By field: with a larger step only the first value is left, and `*/90` would be every hour."""
EXAMPLE = "0 9 * * MON-FRI"
HOST_ZONES = frozenset({"Factory", "localtime"})
"""Names that mean something else on each machine."""

ClockChange = Literal["moved", "first_of_two"]
"""What a change of clocks does to a due time: it does not exist and was moved, or it is twice and the first counts."""


@dataclass(frozen=True, slots=True)
class DueTimes:
    """A cron expression in a time zone. Both are valid."""

    expression: str
    time_zone: str

    def iterate_after(self, moment: datetime) -> Iterator[datetime]:
        """Yield the due times after `moment`, in the time zone, in order. They end where none comes in 50 years."""
        last = moment.astimezone(UTC)
        for at in CronSim(self.expression, last.astimezone(ZoneInfo(self.time_zone))):
            if (in_utc := at.astimezone(UTC)) > last:  # in an hour that is twice, the library names the first one again
                last = in_utc
                yield at

    def find_next(self, moment: datetime) -> datetime | None:
        """Return the first due time after `moment`, in UTC; None where none comes in 50 years."""
        following = next(self.iterate_after(moment), None)
        return following.astimezone(UTC) if following else None

    def describe(self) -> str:
        """Return the expression in plain words: `At 09:00 on Monday through Friday`."""
        return CronSim(self.expression, datetime.now(UTC)).explain()

    def find_clock_change(self, at: datetime) -> ClockChange | None:
        """Return what a change of clocks does to the due time `at`, if anything."""
        parsed = CronSim(self.expression, at)
        if not parsed.fixup_tz:
            return None
        if at.hour not in parsed.hours or at.minute not in parsed.minutes:
            return "moved"
        return "first_of_two" if at.utcoffset() != at.replace(fold=1).utcoffset() else None


def check_expression(text: str) -> str:
    """Return the expression; raises ValueError, with a sentence for the builder, when it is none or never due."""
    fields = text.split()
    if len(fields) != len(FIELDS):
        raise ValueError(f"This needs five fields: {', '.join(FIELDS)}. {EXAMPLE!r} is 09:00 on weekdays.")
    _check_steps(fields)
    try:
        is_due = next(iter(CronSim(text, datetime.now(UTC))), None) is not None
    except (CronSimError, ValueError, AssertionError) as error:
        raise ValueError(_describe_fault(str(error))) from None
    if not is_due:
        raise ValueError("This is never due: no day fits.")
    return text


def check_time_zone(name: str) -> str:
    """Return the name; raises ValueError, with a sentence for the builder, when there is no such time zone."""
    if name not in list_time_zones():
        near = get_close_matches(name, list_time_zones(), n=1)
        hint = f"Nearest: {near[0]!r}." if near else "Choose one such as 'Europe/Berlin', or 'UTC'."
        raise ValueError(f"There is no time zone {name[:64]!r}. {hint}")
    return name


@cache  # reads some hundred files
def list_time_zones() -> tuple[str, ...]:
    """Return the names of all time zones, sorted."""
    return tuple(sorted(available_timezones() - HOST_ZONES))


def _check_steps(fields: list[str]) -> None:
    for name, field, most in zip(FIELDS, fields, MAX_STEPS, strict=True):
        steps = [part.rpartition("/")[2] for part in field.split(",") if "/" in part]
        if any(step.isdecimal() and int(step) > most for step in steps):
            hint = "Times that do not fit into one field are written out, such as 0 0,3,6 * * *."
            raise ValueError(f"A step in the field for the {name} is larger than {most}: it would never come. {hint}")


def _describe_fault(message: str) -> str:
    """Return the library's sentence, such as `Bad day-of-month`, as one of ours."""
    field = message.removeprefix("Bad ").replace("day-of-", "day of the ")
    if field not in FIELDS:
        return f"This is no cron expression. {EXAMPLE!r} is 09:00 on weekdays."
    hint = "Take numbers, ranges such as 1-5, lists such as 1,15, steps such as */10, or *."
    return f"The field for the {field} (number {FIELDS.index(field) + 1}) cannot be read, or fits no day. {hint}"


CronExpression = Annotated[
    str, StringConstraints(max_length=MAX_EXPRESSION_CHARACTERS), AfterValidator(check_expression), CRON
]
"""A cron expression of five fields that is due at some time."""

TimeZoneName = Annotated[str, StringConstraints(max_length=64), AfterValidator(check_time_zone), TIME_ZONE]
"""A time zone by its name in the IANA database, such as `Europe/Berlin`."""
