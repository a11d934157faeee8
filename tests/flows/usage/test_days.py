"""Each finished run is counted once, with what its models cost, also when its log or its flow is gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone

from actions.anthropic.simulator import Script
from flows import services
from flows.events.model_tokens import ModelTokens, read_model_tokens
from flows.models import Flow, Run, UsageOfDay
from flows.usage.report import UsageFilter, UsageReport, read_report
from tests.flows.log.compaction import expire_logs
from tests.flows.rest_client import post
from tests.flows.usage.counting import count_all
from tests.flows.usage.finished_runs import NOON, create_finished_run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]
TOKENS = ModelTokens("claude-sonnet-5-5", "usual", 1, 1_000_000)


def read(flow: Flow, **sought: Any) -> UsageReport:
    today = timezone.now().date()
    days = {"first_day": today - timedelta(days=90), "last_day": today, **sought}
    return read_report(UsageFilter(flow.workspace_id, **days))


async def test_a_run_leaves_what_its_model_cost_in_its_row(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    run = await Run.objects.aget(pk=run_id)
    (tokens,) = read_model_tokens(run.tokens or "")
    assert (tokens.model, tokens.answers) == ("claude-haiku-5-5", 1)
    assert tokens.input > 0
    assert tokens.output > 0
    before = await sync_to_async(read)(flow)
    assert (await sync_to_async(count_all)(), await sync_to_async(count_all)()) == (1, 0)
    after = await sync_to_async(read)(flow)
    assert before == after
    assert (after.total.runs, after.total.output) == (1, tokens.output)
    assert list(after.callers) == [("key", run.api_key_id)]
    assert after.total.first_chunks


async def test_a_run_that_failed_counts_as_failed_with_what_it_had_cost(flow: Flow, key: str, script: Script) -> None:
    script.cut_after = 2
    await post(flow, "run", key)
    await sync_to_async(count_all)()
    total = (await sync_to_async(read)(flow)).total
    assert (total.runs, total.failed) == (1, 1)
    assert total.input > 0


async def test_a_run_whose_log_has_expired_still_counts(flow: Flow, key: str) -> None:
    await post(flow, "run", key)
    before = (await sync_to_async(read)(flow)).total
    await sync_to_async(count_all)()
    await sync_to_async(expire_logs)()
    assert (await sync_to_async(read)(flow)).total == before


@pytest.mark.parametrize("is_expired", [False, True])
async def test_the_log_of_an_older_run_tells_what_it_cost(flow: Flow, key: str, is_expired: bool) -> None:
    await post(flow, "run", key)
    (tokens,) = read_model_tokens((await Run.objects.aget()).tokens or "")
    if is_expired:
        await sync_to_async(expire_logs)()
        tokens = tokens._replace(model="")
    await Run.objects.aupdate(tokens=None)
    await sync_to_async(count_all)()
    assert read_model_tokens((await UsageOfDay.objects.aget()).tokens) == [tokens]


def test_runs_of_one_day_version_and_caller_are_one_row(flow: Flow) -> None:
    for status in ("completed", "failed", "interrupted", "cancelled"):
        create_finished_run(flow, TOKENS, status=status, first_item_ms=100)
        count_all()
    create_finished_run(flow, finished_at=NOON + timedelta(days=1))
    count_all()
    first, second = UsageOfDay.objects.order_by("day")
    assert (first.runs, first.failed, first.cancelled) == (4, 2, 1)
    assert read_model_tokens(first.tokens) == [TOKENS._replace(answers=4, input=4_000_000)]
    assert (second.runs, second.tokens, bytes(second.first_chunks)) == (1, "[]", b"")


def test_what_a_deleted_flow_has_cost_stays(flow: Flow) -> None:
    create_finished_run(flow, TOKENS)
    services.delete_flow(flow)
    report = read(flow)
    assert (report.total.runs, report.total.dollars) == (1, 2)


def test_a_filter_finds_its_own(flow: Flow) -> None:
    create_finished_run(flow, TOKENS)
    create_finished_run(flow, owner="key:0f9b6a4e-5a0c-4e6e-9f0e-0a7a0c6a0d11")
    assert read(flow, without_key=True).total.runs == 1
    assert read(flow, first_day=NOON.date(), last_day=NOON.date()).total.runs == 2
    assert read(flow, last_day=NOON.date() - timedelta(days=1)).total.runs == 0
    assert read(flow, flow_id=flow.pk, revision=flow.revision).total.runs == 2
    assert read(flow, revision=flow.revision + 1).total.runs == 0
    assert read(flow, flows=frozenset()).total.runs == 0


OWNERS = {"member": "user:1", "visitor": "visitor:2", "schedule": "schedule:3"}


@pytest.mark.parametrize("counts", [lambda: None, count_all], ids=["just ended", "counted"])
def test_members_visitors_and_schedules_are_told_apart(flow: Flow, counts: Callable[[], object]) -> None:
    for owner in OWNERS.values():
        create_finished_run(flow, owner=owner)
        create_finished_run(flow, owner=owner)
    counts()
    assert {who: figures.runs for who, figures in read(flow).callers.items()} == {(kind, None): 2 for kind in OWNERS}
    assert read(flow, caller="visitor").total.runs == 2
    assert read(flow, without_key=True).total.runs == 6


def test_a_count_that_no_vendor_means_spoils_no_other(flow: Flow) -> None:
    create_finished_run(flow, TOKENS._replace(input=10**30, output=-5, cache_read=7))
    create_finished_run(flow, TOKENS._replace(answers=2))
    total = read(flow).total
    assert (total.runs, total.output, total.cache_read) == (2, 0, 7)
    assert total.input > TOKENS.input
