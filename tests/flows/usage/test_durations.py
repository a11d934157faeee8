"""A percentile that is read from spans is near the true one."""

import pytest

from flows.usage.durations import add_durations, find_span, read_percentile


def count(times: list[int]) -> dict[str, int]:
    spans: dict[str, int] = {}
    for ms in times:
        add_durations(spans, {find_span(ms): 1})
    return spans


@pytest.mark.parametrize("part", [0.5, 0.95])
def test_a_percentile_is_at_most_five_percent_off(part: float) -> None:
    times = [40 + number * number for number in range(1, 200)]
    true = sorted(times)[int(part * len(times))]
    assert read_percentile(count(times), part) == pytest.approx(true, rel=0.05)


def test_of_no_runs_there_is_no_percentile() -> None:
    assert read_percentile({}, 0.5) is None


def test_a_chunk_at_once_counts_too() -> None:
    assert read_percentile(count([0]), 0.95) == 1
