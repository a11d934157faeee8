"""The limits of an API key: refused early, with 429 and the time to wait, over all processes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from actions.anthropic.simulator import Script
from flows.models import Flow, Run
from flows.runs.local_run import local_runs
from tests.flows.rest_client import call, events_of, post
from tests.flows.usage.counting import count_all
from workspaces import keys
from workspaces.audit.record import SERVER
from workspaces.key_limits import build_limits
from workspaces.models import ApiKey, ThrottleWindow, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]


@pytest.fixture
async def ended_runs() -> AsyncIterator[None]:
    yield
    for run in local_runs:
        await run.cancel("run.cancelled", "The test is over.")


async def limit(**limits: int) -> None:
    row = await ApiKey.objects.aget()
    await sync_to_async(keys.change_limits)(row.workspace_id, row.pk, build_limits(limits), SERVER)


def check_refused(answer: Any, code: str, longest_s: int) -> None:
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, code)
    assert 1 <= int(answer.headers["Retry-After"]) <= longest_s


async def test_runs_per_minute(flow: Flow, key: str) -> None:
    await limit(runs_per_minute=2)
    assert [(await post(flow, "run", key)).status_code for _ in range(2)] == [200, 200]
    check_refused(await post(flow, "run", key), "limit_key_runs_per_minute", 60)
    assert await Run.objects.acount() == 2
    await ThrottleWindow.objects.all().adelete()  # as the minute would
    assert (await post(flow, "run", key)).status_code == 200


async def test_of_calls_at_the_same_moment_only_as_many_pass(flow: Flow, key: str) -> None:
    await limit(runs_per_minute=3)
    answers = await asyncio.gather(*(post(flow, "run", key) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 3 + [429] * 5


async def test_a_repeated_call_and_a_refused_one_count_for_nothing(flow: Flow, key: str) -> None:
    await limit(runs_per_minute=2)
    for _ in range(4):
        assert (await call(flow, key, "same-call")).status_code == 200
    assert (await post(flow, "run", key, {"prompt": 7})).status_code == 422
    assert (await post(flow, "run", key)).status_code == 200
    check_refused(await post(flow, "run", key), "limit_key_runs_per_minute", 60)


async def test_runs_at_once(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    await limit(runs_at_once=1)
    stream = events_of(await post(flow, "stream", key))
    assert (await anext(stream))["type"] == "run.started"
    check_refused(await post(flow, "run", key), "limit_key_runs_at_once", 60)
    (run,) = local_runs
    await run.cancel("run.cancelled", "Enough.")
    script.stall_after = None
    assert (await post(flow, "run", key)).status_code == 200


@pytest.mark.parametrize("is_counted", [False, True])
async def test_tokens_per_day(flow: Flow, key: str, is_counted: bool) -> None:
    await limit(tokens_per_day=1)
    assert (await post(flow, "run", key)).status_code == 200
    if is_counted:
        await sync_to_async(count_all)()
    check_refused(await post(flow, "run", key), "limit_key_tokens_per_day", 24 * 3600)
    await limit(tokens_per_day=1_000_000)
    assert (await post(flow, "run", key)).status_code == 200


async def test_the_limits_of_a_key_are_its_own(flow: Flow, key: str, workspace: Workspace) -> None:
    await limit(runs_per_minute=1)
    issue = sync_to_async(keys.issue_key)
    _, another = await issue(workspace, None, name="other", policies=["execute"], environments=["development"])
    assert (await post(flow, "run", key)).status_code == 200
    assert [(await post(flow, "run", another)).status_code for _ in range(2)] == [200, 200]


async def test_a_stream_and_a_protocol_are_refused_alike(flow: Flow, key: str) -> None:
    await limit(runs_per_minute=1)
    assert (await post(flow, "run", key)).status_code == 200
    check_refused(await post(flow, "stream", key), "limit_key_runs_per_minute", 60)
    check_refused(await post(flow, "submit", key), "limit_key_runs_per_minute", 60)
