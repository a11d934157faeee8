"""When a cron expression is due: on plain days, and on those on which clocks change."""

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest

from actions.schedule.due_times import DueTimes, check_expression, check_time_zone


def list_times(expression: str, zone: str, after: str, count: int) -> list[str]:
    start = datetime.fromisoformat(after).replace(tzinfo=ZoneInfo(zone))
    return [at.strftime("%d %H:%M%z") for at in islice(DueTimes(expression, zone).iterate_after(start), count)]


@pytest.mark.parametrize(
    ("expression", "zone", "after", "due"),
    [
        ("0 9 * * MON-FRI", "UTC", "2026-11-27T09:00", ["30 09:00+0000", "01 09:00+0000"]),
        ("0 17 L * *", "Asia/Tokyo", "2027-02-01T00:00", ["28 17:00+0900", "31 17:00+0900"]),
        # Clocks skip from 02:00 to 03:00.
        ("30 2 * * *", "Europe/Berlin", "2027-03-27T12:00", ["28 03:00+0200", "29 02:30+0200"]),
        ("0 3 * * *", "Europe/Berlin", "2027-03-27T12:00", ["28 03:00+0200", "29 03:00+0200"]),
        ("0,30 2,3 * * *", "America/New_York", "2027-03-13T12:00", ["14 03:00-0400", "14 03:30-0400", "15 02:00-0400"]),
        ("*/30 * * * *", "Europe/Berlin", "2027-03-28T01:15", ["28 01:30+0100", "28 03:00+0200", "28 03:30+0200"]),
        # The hour from 02:00 to 03:00 is twice.
        ("30 2 * * *", "Europe/Berlin", "2027-10-30T12:00", ["31 02:30+0200", "01 02:30+0100"]),
        ("*/30 * * * *", "Europe/Berlin", "2027-10-31T02:15", ["31 02:30+0200", "31 02:00+0100", "31 02:30+0100"]),
        ("0 * * * *", "Europe/Berlin", "2027-10-31T00:30", ["31 01:00+0200", "31 02:00+0200", "31 02:00+0100"]),
        # Clocks skip half an hour.
        ("15 2 * * *", "Australia/Lord_Howe", "2027-10-02T12:00", ["03 02:30+1100", "04 02:15+1100"]),
    ],
)
def test_due_times_follow_the_clocks_of_the_zone(expression: str, zone: str, after: str, due: list[str]) -> None:
    assert list_times(expression, zone, after, len(due)) == due


def test_a_time_that_is_twice_is_not_due_again_in_its_second_hour() -> None:
    zone = ZoneInfo("Europe/Berlin")
    in_second_hour = datetime(2027, 10, 31, 2, 10, tzinfo=zone, fold=1)
    following = DueTimes("30 2 * * *", "Europe/Berlin").find_next(in_second_hour)
    assert following == datetime(2027, 11, 1, 1, 30, tzinfo=UTC)


def test_due_times_rise_across_both_changes_of_a_year() -> None:
    times = DueTimes("*/20 1-3 * * *", "Europe/Berlin").iterate_after(datetime(2027, 1, 1, tzinfo=UTC))
    in_utc = [at.astimezone(UTC) for at in islice(times, 9 * 365)]
    assert all(second - first >= timedelta(minutes=20) for first, second in pairwise(in_utc))


@pytest.mark.parametrize(
    ("expression", "day", "change"),
    [
        ("30 2 * * *", "2027-03-27T12:00", "moved"),
        ("30 2 * * *", "2027-03-28T12:00", None),
        ("30 2 * * *", "2027-10-30T12:00", "first_of_two"),
        ("*/30 2 * * *", "2027-10-30T12:00", None),
    ],
)
def test_what_a_change_of_clocks_does_is_told(expression: str, day: str, change: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")
    times = DueTimes(expression, "Europe/Berlin")
    following = next(times.iterate_after(datetime.fromisoformat(day).replace(tzinfo=zone)))
    assert times.find_clock_change(following) == change


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("0 9 * * MON-FRI", "At 09:00 on Monday through Friday"),
        ("*/15 * * * *", "Every 15th minute of every hour"),
        ("0 9 1 * *", "At 09:00 on the first day of every month"),
    ],
)
def test_an_expression_is_told_in_words(expression: str, words: str) -> None:
    assert DueTimes(expression, "UTC").describe() == words


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("", "five fields"),
        ("* * * * * *", "five fields"),
        ("@daily", "five fields"),
        ("61 * * * *", "field for the minute"),
        ("* 24 * * *", "field for the hour"),
        ("* * 32 * *", "field for the day of the month"),
        ("0 0 31 2,4 *", "field for the day of the month"),
        ("* * * FEBR *", "field for the month"),
        ("* * * * MO", "field for the day of the week"),
        ("*/0 * * * *", "field for the minute"),
        ("9-5 * * * *", "field for the minute"),
        ("*/90 * * * *", "step in the field for the minute is larger than 59"),
        ("0 0,*/24 * * *", "step in the field for the hour is larger than 23"),
        ("0 0 */40 * *", "step in the field for the day of the month is larger than 30"),
        ("* * */20 * 1L", "never due"),
        ("²L * * * *", "field for the minute"),
        ("* * * * ²L", "field for the day of the week"),
    ],
)
def test_an_expression_that_is_none_is_refused_with_the_field_at_fault(expression: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        check_expression(expression)


def test_a_time_zone_that_is_none_is_refused_with_the_nearest_one() -> None:
    assert check_time_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(ValueError, match=r"no time zone 'Europe/Berln'\. Nearest: 'Europe/Berlin'"):
        check_time_zone("Europe/Berln")
    with pytest.raises(ValueError, match=r"no time zone '\.\./\.\./etc/passwd'"):
        check_time_zone("../../etc/passwd")
