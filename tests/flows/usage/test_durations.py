"""A percentile that is read from spans is near the true one."""

import pytest

from flows.usage.durations import NO_DURATIONS, count_durations, read_durations, read_percentile, write_durations


@pytest.mark.parametrize("part", [0.5, 0.95])
def test_a_percentile_is_at_most_five_percent_off(part: float) -> None:
    times = [40 + number * number for number in range(1, 200)]
    true = sorted(times)[int(part * len(times))]
    assert read_percentile(count_durations(times), part) == pytest.approx(true, rel=0.05)


def test_of_no_runs_there_is_no_percentile() -> None:
    assert read_percentile(NO_DURATIONS, 0.5) is None


def test_a_chunk_at_once_counts_too() -> None:
    assert read_percentile(count_durations([0]), 0.95) == 1


def test_what_was_stored_of_two_days_adds_up() -> None:
    days = ([90, 100, 2_000], [100] * 70_000)
    first, second = (read_durations(write_durations(count_durations(day))) for day in days)
    assert first + second == count_durations([*days[0], *days[1]])
    assert read_percentile(first + second, 0.5) == pytest.approx(100, rel=0.05)
    assert write_durations(NO_DURATIONS) == b""
