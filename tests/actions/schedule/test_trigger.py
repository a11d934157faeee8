"""What the Schedule trigger gives a flow, and what it takes of a caller."""

from typing import Any

import pytest

from actions.contract.action import InputError
from actions.schedule.trigger import ScheduleTrigger

BERLIN = {"time_zone": "Europe/Berlin", "fixed_input": {"desk": "north"}}


def test_a_due_time_is_given_in_the_zone_of_the_schedule() -> None:
    payload = {"due_at": "2026-11-30T08:00:00+00:00", "missed": 2, "late": True}
    assert ScheduleTrigger.parse_input(payload, BERLIN) == {
        "due_at": "2026-11-30T09:00:00+01:00",
        "date": "2026-11-30",
        "time": "09:00",
        "time_zone": "Europe/Berlin",
        "late": True,
        "missed": 2,
        "input": {"desk": "north"},
    }


def test_a_call_without_a_body_is_due_now_and_may_replace_the_fixed_input() -> None:
    given = ScheduleTrigger.parse_input({"input": {"desk": "south"}}, BERLIN)
    assert given["input"] == {"desk": "south"}
    assert given["due_at"].startswith(given["date"])


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"due_at": "tomorrow"}, "due_at"),
        ({"due_at": "2026-11-30T09:00:00"}, "due_at"),
        ({"due_at": "0001-01-01T00:00:00+14:00"}, "due_at"),
        ({"missed": -1}, "missed"),
        ({"missed": True}, "missed"),
        ({"input": []}, "input"),
        ({"prompt": "Hello"}, "prompt"),
    ],
)
def test_an_input_that_does_not_fit_names_its_field(payload: dict[str, Any], field: str) -> None:
    with pytest.raises(InputError) as raised:
        ScheduleTrigger.parse_input(payload, BERLIN)
    assert raised.value.field == field
