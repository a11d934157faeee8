"""What remains of a run when its log has been kept for long enough, and what is told of the rest."""

import asyncio
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.db import connections
from django.test import Client
from django.utils import timezone

from actions.anthropic.simulator import Script
from flows.log import archive, retention, rows
from flows.models import Flow, Run, RunArchive, RunEvent
from tests.flows.log.compaction import compact, expire
from tests.flows.rest_client import call, get, post, whole
from tests.flows.socket_client import Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

FORMS = ("text/event-stream", "application/x-ndjson", "application/json", "text/plain")


def grow_old(days: float = 31) -> None:
    """Let the only run have started and ended so long ago, and keep house."""
    Run.objects.update(finished_at=timezone.now() - timedelta(days=days))
    Run.objects.update(started_at=timezone.now() - timedelta(days=days, minutes=1))
    for run_id in archive.find_due_runs(10):
        compact(run_id)
    for run_id in retention.find_expiring_runs(10):
        expire(run_id)


@pytest.fixture
async def expired(flow: Flow, key: str) -> str:
    """The id of a run whose log has expired."""
    run_id: str = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(grow_old)()
    return run_id


async def test_the_run_still_answers_with_what_it_gave(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    before = (await get(f"/api/v1/runs/{run_id}", key)).json()
    await sync_to_async(grow_old)()
    after = (await get(f"/api/v1/runs/{run_id}", key)).json()
    assert (before["log_expired_at"], before["state"]["text"]) == (None, "A mill race carries water.")
    assert after["log_expired_at"] is not None
    assert after["state"] == {**before["state"], "nodes": {}}
    assert await RunEvent.objects.acount() == await RunArchive.objects.acount() == 0


async def test_a_run_that_failed_keeps_why(flow: Flow, key: str, script: Script) -> None:
    script.cut_after = 2
    run_id = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(grow_old)()
    state = (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]
    assert (state["status"], state["error"]["code"]) == ("failed", "upstream_truncated")
    assert state["text"].startswith("A mill")


async def test_a_member_is_shown_the_same_without_the_trace(expired: str, key: str, client: Client) -> None:
    member = (await sync_to_async(client.get)(f"/api/v1/runs/{expired}")).json()
    assert member["state"] == (await get(f"/api/v1/runs/{expired}", key)).json()["state"]
    assert (member["input"]["prompt"], member["state"]["nodes"]) == ("What is it?", {})


@pytest.mark.parametrize("format_type", FORMS)
@pytest.mark.parametrize("after", [0, 3, 10_000])
async def test_its_events_are_gone_in_every_form(expired: str, key: str, format_type: str, after: int) -> None:
    answer = await get(f"/api/v1/runs/{expired}/events?after={after}", key, Accept=format_type)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (410, "log_expired")
    assert error["message"] == "The log of this run was deleted 31 days after its end."
    assert error["links"] == {"state": f"/api/v1/runs/{expired}"}
    assert answer["Link"] == f'</api/v1/runs/{expired}>; rel="related"'


async def test_a_socket_is_told_the_same(expired: str, flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.follow", ref=1, run=expired, after=0)
    refusal = await socket.answer()
    assert (refusal["ref"], refusal["error"]["code"]) == (1, "log_expired")
    await socket.wire.disconnect()


async def test_what_is_stopped_again_is_left_as_it_is(expired: str, client: Client) -> None:
    answer = await sync_to_async(client.post)(f"/api/v1/runs/{expired}/cancel")
    assert (answer.status_code, answer.json()["status"]) == (200, "completed")


async def test_lists_say_which_logs_are_gone(expired: str, client: Client) -> None:
    (row,) = (await sync_to_async(client.get)("/api/v1/runs")).json()["runs"]
    assert (row["id"], row["status"], row["log_expired_at"] is not None) == (expired, "completed", True)


@pytest.mark.parametrize(("days", "age", "kept"), [(30, 29, True), (30, 31, False), (2, 3, False), (0, 9_999, True)])
async def test_a_log_is_kept_for_as_many_days_as_the_server_says(
    flow: Flow, key: str, settings: LazySettings, days: int, age: int, kept: bool
) -> None:
    settings.MILLRACE_KEEP_LOGS_DAYS = days
    run_id = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(grow_old)(age)
    answer = await get(f"/api/v1/runs/{run_id}/events", key)
    assert answer.status_code == (200 if kept else 410)


async def test_two_that_let_go_of_it_at_once_keep_one_state(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(grow_old)(10)
    await asyncio.gather(*(asyncio.to_thread(_expired, run_id) for _ in range(4)))
    state = (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]
    assert (state["status"], state["text"]) == ("completed", "A mill race carries water.")


def _expired(run_id: str) -> None:
    expire(uuid.UUID(run_id))
    connections.close_all()


async def test_a_log_that_expires_while_it_is_read_has_left_its_state(
    flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(grow_old)(10)
    read_page: Callable[..., Any] = rows.read_page

    def read_too_late(*args: Any) -> Any:
        monkeypatch.setattr(rows, "read_page", read_page)
        expire(uuid.UUID(run_id))
        return read_page(*args)

    monkeypatch.setattr(rows, "read_page", read_too_late)
    assert (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]["text"] == "A mill race carries water."


async def test_a_call_that_is_repeated_finds_its_run_when_that_is_compacted(flow: Flow, key: str) -> None:
    first = await call(flow, key, "once")
    await sync_to_async(grow_old)(0.5)
    assert await RunEvent.objects.acount() == 0
    assert (await call(flow, key, "once")).content == first.content
    streamed = await whole(await call(flow, key, "once", kind="stream"))
    assert streamed.count("event: run.completed") == 1


async def test_a_key_is_free_again_before_the_shortest_life_of_a_log_is_over(
    flow: Flow, key: str, settings: LazySettings
) -> None:
    settings.MILLRACE_KEEP_LOGS_DAYS = 1
    first = (await call(flow, key, "once")).json()["run"]
    await sync_to_async(grow_old)(1.001)
    again = await call(flow, key, "once")
    assert (again.status_code, again.json()["run"] == first) == (200, False)
