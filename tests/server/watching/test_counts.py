"""What is added up in a process while it is scraped, and of whatever a flow can throw."""

import asyncio
from collections.abc import Iterable

import pytest
from prometheus_client.core import Metric

from flows.log.frames import Finish
from flows.totals.run_totals import RunTotals, run_totals
from server.metrics.collector import MillraceCollector


def read_chunks(metrics: Iterable[Metric]) -> list[float]:
    return [sample.value for each in metrics if each.name == "millrace_chunks" for sample in each.samples]


@pytest.mark.django_db(transaction=True)
async def test_a_run_that_ends_during_a_scrape_is_not_counted_twice() -> None:
    collector, before = MillraceCollector(asyncio.get_running_loop(), "web"), run_totals.items
    metrics = collector.collect()
    await asyncio.to_thread(next, metrics)  # the loop has answered
    run_totals.items += 5
    try:
        assert read_chunks(await asyncio.to_thread(list, metrics)) == [before]
    finally:
        run_totals.items -= 5


async def test_a_process_that_does_not_answer_tells_no_smaller_sum() -> None:
    loop = asyncio.new_event_loop()
    loop.close()
    metrics = await asyncio.to_thread(list, MillraceCollector(loop, "web").collect())
    assert [each.name for each in metrics][:2] == ["millrace_up", "millrace_process"]
    assert read_chunks(metrics) == []


def test_codes_that_flows_throw_are_not_kept() -> None:
    totals = RunTotals()
    for number in range(100):
        finish = {"status": "failed", "error_code": f"code_{number}", "duration_ms": 1, "first_item_ms": None}
        totals.add(Finish(**finish), 0, ())  # type: ignore[typeddict-item]  # not all keys
    assert totals.faults == {"flow": 100}
    assert "code_7" not in str(vars(totals))
