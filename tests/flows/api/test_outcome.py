"""What a run has given: every value that it yielded, and how it ended, also when its log is gone."""

import asyncio
import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from django.utils import timezone

from actions.anthropic.simulator import Script
from actions.contract.errors import DomainError
from flows import services
from flows.events import yielded
from flows.log.run_log import run_log
from flows.models import Flow, Run
from flows.runs import cancel_requests
from flows.wire import waiting_response
from tests.flows.log.compaction import expire_logs
from tests.flows.rest_client import PROMPT, call, get, post, read, whole
from tests.flows.scripted import graph, node, path, trigger
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

VALUES: list[Any] = ["a text", "", {"error": {"code": "none"}}, [1, [2]], 12, 1.5, True, None, "a text"]


@pytest.fixture
def yielding(workspace: Workspace) -> Flow:
    """A flow that yields every kind of value."""
    names = [f"y{index}" for index in range(len(VALUES))]
    nodes = [
        node(name, "control.yield_return", value={"expression": to_expression(value)})
        for name, value in zip(names, VALUES, strict=True)
    ]
    return services.create_flow(workspace.pk, "Yields", "", graph([trigger(), *nodes], path("trigger", *names)))


def to_expression(value: Any) -> str:
    """JSON is an expression for all but the escapes of texts, and these have none."""
    return json.dumps(value)


async def test_every_value_is_given_by_each_way_of_asking(yielding: Flow, key: str) -> None:
    outcome = (await call(yielding, key, "once")).json()
    array = await AsyncClient().post(
        f"/api/v1/flows/{yielding.pk}/stream",
        data=PROMPT,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", "Idempotency-Key": "once", "Accept": "application/json"},
    )
    events = await read(await get(f"/api/v1/runs/{outcome['run']}/events", key))
    streamed = [event.get("text", event.get("value")) for event in events if event["type"] == "item"]
    run = (await get(f"/api/v1/runs/{outcome['run']}", key)).json()
    assert outcome["yielded"] == run["yielded"] == json.loads(await whole(array)) == streamed == VALUES
    assert (outcome["items"], outcome["yielded_left_out"], run["yielded_left_out"]) == (len(VALUES), 0, 0)


async def test_the_values_stay_when_the_log_has_gone(yielding: Flow, key: str, client: Client) -> None:
    run_id = (await post(yielding, "run", key)).json()["run"]
    await sync_to_async(expire_logs)()
    run = (await get(f"/api/v1/runs/{run_id}", key)).json()
    member = (await sync_to_async(client.get)(f"/api/v1/runs/{run_id}")).json()
    assert run["log_expired_at"] is not None
    assert run["yielded"] == member["yielded"] == VALUES


async def test_a_repeated_run_answers_when_the_log_has_gone(
    yielding: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = (await call(yielding, key, "once")).json()
    await sync_to_async(expire_logs)()
    await Run.objects.aupdate(started_at=timezone.now())  # so that its key is not free yet
    assert (await call(yielding, key, "once")).json() == first


async def test_a_run_whose_log_went_before_values_were_kept_says_so(yielding: Flow, key: str) -> None:
    run_id = (await post(yielding, "run", key)).json()["run"]
    await sync_to_async(expire_logs)()
    await Run.objects.aupdate(kept_yields=None)
    run = (await get(f"/api/v1/runs/{run_id}", key)).json()
    assert (run["yielded"], run["yielded_left_out"]) == (None, len(VALUES))
    assert run["state"]["items"] == len(VALUES)


async def test_a_state_that_was_kept_before_some_facts_has_null_for_them(
    flow: Flow, key: str, client: Client, script: Script
) -> None:
    script.cut_after = 1
    run_id = (await post(flow, "run", key)).json()["run"]
    await sync_to_async(expire_logs)()
    run = await Run.objects.aget(pk=run_id)
    assert run.kept
    del run.kept["finish_kind"], run.kept["error"]["fault"], run.kept["error"]["retryable"]
    await run.asave()
    state = (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]
    assert (state["finish_kind"], state["error"]["fault"], state["error"]["code"]) == (None, None, "upstream_truncated")


async def test_a_failure_says_whose_fault_it_is_and_when_to_try_again(flow: Flow, key: str, script: Script) -> None:
    script.errors = [(429, "rate_limit_error", {"retry-after": "600"})]
    outcome = await call(flow, key, "once")
    error = outcome.json()["error"]
    assert (outcome.status_code, error["code"]) == (502, "upstream_rate_limited")
    assert (error["fault"], error["retryable"]) == ("vendor", True)
    assert outcome.headers.get("Retry-After") == (str(error["retry_after_s"]) if error["retry_after_s"] else None)
    run = (await get(f"/api/v1/runs/{outcome.json()['run']}", key)).json()["state"]["error"]
    assert {name: error[name] for name in ("code", "fault", "retryable", "retry_after_s")}.items() <= run.items()


@pytest.mark.parametrize("is_expired", [False, True])
async def test_more_than_an_answer_holds_is_left_out_and_counted(
    yielding: Flow, key: str, monkeypatch: pytest.MonkeyPatch, is_expired: bool
) -> None:
    monkeypatch.setattr(yielded, "MAX_YIELDED_BYTES", 300)
    outcome = (await post(yielding, "run", key)).json()
    if is_expired:
        await sync_to_async(expire_logs)()
    run = (await get(f"/api/v1/runs/{outcome['run']}", key)).json()
    assert 0 < len(run["yielded"]) < len(VALUES)
    assert outcome["yielded"] == run["yielded"] == VALUES[: len(run["yielded"])]
    assert run["yielded_left_out"] == len(VALUES) - len(run["yielded"])


async def test_nobody_is_named_in_the_reason_of_a_stop(flow: Flow, key: str, client: Client, script: Script) -> None:
    script.stall_after = 1
    run_id = (await post(flow, "submit", key)).json()["run"]
    await sync_to_async(client.post)(f"/api/v1/runs/{run_id}/cancel")
    events = await whole(await get(f"/api/v1/runs/{run_id}/events", key))
    run = (await get(f"/api/v1/runs/{run_id}", key)).json()
    assert "Alice" not in events + json.dumps(run)
    assert run["error"] == {"code": "cancelled", "message": "The run was stopped."}
    member = (await sync_to_async(client.get)(f"/api/v1/runs/{run_id}")).json()
    assert member["stopped_by"] == "Alice"


async def test_another_process_is_asked_without_a_name(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    run_id = (await post(flow, "submit", key)).json()["run"]
    run = await Run.objects.aget(pk=run_id)
    await sync_to_async(cancel_requests.request_cancel)(run.pk, "The run was stopped.", "Alice")
    await run.arefresh_from_db()
    assert (run.stop_asked, run.stopped_by) == ("The run was stopped.", "Alice")


@pytest.mark.parametrize("status", ["failed", "cancelled", "interrupted"])
async def test_a_row_from_before_has_a_code_too(yielding: Flow, key: str, client: Client, status: str) -> None:
    run_id = (await post(yielding, "run", key)).json()["run"]
    await Run.objects.aupdate(status=status, error_code="", error_message="Stopped.")
    (row,) = (await sync_to_async(client.get)("/api/v1/runs")).json()["runs"]
    assert row["error"] == (await get(f"/api/v1/runs/{run_id}", key)).json()["error"]
    assert row["error"] == {"code": status, "message": "Stopped."}


def test_an_error_without_a_code_has_that_of_its_kind() -> None:
    assert DomainError("upstream", "", "It failed.").code == "upstream"


async def test_an_answer_that_is_waited_for_sends_white_space(
    flow: Flow, key: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_response, "MAX_SILENCE_S", 0.05)
    script.stall_after, script.cut_after = 1, None
    response = await post(flow, "run", key)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")
    assert (response["X-Accel-Buffering"], response["Content-Encoding"]) == ("no", "identity")
    pieces = aiter(response)
    assert [await anext(pieces), await anext(pieces)] == [b" ", b" "]
    await AsyncClient().post(f"/api/v1/runs/{response['X-Run']}/cancel", headers={"Authorization": f"Bearer {key}"})
    body = json.loads(b"".join([piece async for piece in pieces]))
    assert (body["status"], body["error"]["code"]) == ("cancelled", "cancelled")
    assert body["text"] == "A "[: len(body["text"])]


async def test_a_client_that_leaves_a_waiting_answer_leaves_no_task(
    flow: Flow, key: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting_response, "MAX_SILENCE_S", 0.05)
    script.stall_after = 1
    response = await post(flow, "run", key)
    pieces = aiter(response)
    await anext(pieces)
    await pieces.aclose()
    async with asyncio.timeout(60):
        while any(task.get_name() == f"outcome {response['X-Run']}" for task in asyncio.all_tasks()):
            await asyncio.sleep(0.01)
    await AsyncClient().post(f"/api/v1/runs/{response['X-Run']}/cancel", headers={"Authorization": f"Bearer {key}"})


async def test_a_run_whose_end_could_not_be_stored_does_not_look_whole(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    answer = asyncio.create_task(post(flow, "run", key))
    while not await Run.objects.filter(events__type="item").aexists():
        await asyncio.sleep(0.01)
    log = run_log()
    log._give_up(list(log._handles.values()))
    await Run.objects.all().adelete()
    response = await answer
    assert (response.status_code, response.json()["error"]["code"]) == (503, "end_not_stored")
