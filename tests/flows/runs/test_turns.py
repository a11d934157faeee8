"""One run at a time per session: the next one waits, is refused, or replaces the one before; the database decides."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import IntegrityError
from django.test import AsyncClient

from actions.anthropic.simulator import Script
from flows import services
from flows.models import Flow, Run, RunEvent, Turn, Worker
from flows.runs import turns
from flows.runs.recover import recover_runs
from tests.flows.rest_client import PROMPT, call, get, post, read
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]
TURN = {**PROMPT, "session_id": "s"}


async def set_rule(flow: Flow, rule: str) -> None:
    flow.graph["nodes"][0]["properties"]["session_turns"] = rule
    await sync_to_async(flow.save)()


async def submit(flow: Flow, key: str, **fields: Any) -> str:
    response = await post(flow, "submit", key, {**TURN, **fields})
    assert response.status_code == 202, response.content
    return str(response.json()["run"])


async def wait_for_item(run_id: str) -> None:
    while not await RunEvent.objects.filter(run_id=run_id, type="item").aexists():
        await asyncio.sleep(0.01)


async def wait_for_end(run_id: str) -> str:
    while (status := (await Run.objects.aget(pk=run_id)).status) == "running":
        await asyncio.sleep(0.01)
    return status


async def cancel(run_id: str, key: str) -> str:
    answer = await AsyncClient().post(f"/api/v1/runs/{run_id}/cancel", headers={"Authorization": f"Bearer {key}"})
    return str(answer.json()["status"])


async def list_types(run_id: str) -> list[str]:
    rows = RunEvent.objects.filter(run_id=run_id).order_by("seq")
    return [type async for type in rows.values_list("type", flat=True)]


async def test_the_next_run_of_a_session_waits_for_the_end_of_the_one_before(
    flow: Flow, key: str, script: Script
) -> None:
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    second = await submit(flow, key)
    while not await RunEvent.objects.filter(run_id=second).aexists():
        await asyncio.sleep(0.01)
    assert await list_types(second) == ["run.started"]
    script.stall_after = None
    assert await cancel(first, key) == "cancelled"
    assert await wait_for_end(second) == "completed"
    while await Turn.objects.aexists():  # a turn ends after its run has
        await asyncio.sleep(0.01)


async def test_turns_are_taken_in_the_order_in_which_they_were_asked(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    later = [await submit(flow, key) for _ in range(4)]
    script.stall_after = None
    await cancel(first, key)
    for run_id in later:
        assert await wait_for_end(run_id) == "completed"
    starts = [await RunEvent.objects.aget(run_id=run_id, seq=2) for run_id in later]
    ends = [await RunEvent.objects.aget(run_id=run_id, type="run.completed") for run_id in later]
    for end, start in zip(ends[:-1], starts[1:], strict=True):
        assert end.pk < start.pk


async def test_a_history_keeps_the_order_in_which_the_turns_were_asked(workspace: Workspace, key: str) -> None:
    session = {"expression": "chatCompletionRequest.session_id"}
    prompt = {"expression": "chatCompletionRequest.prompt"}
    document = graph(
        [
            trigger(),
            node("load", "chat.get_history", session_id=session),
            node("rest", "control.wait", seconds=0),
            node("save", "chat.save_history", session_id=session, user_message=prompt, response=prompt),
            node("yield", "control.yield_return", value={"expression": "history"}),
        ],
        path("trigger", "load", "rest", "save", "yield"),
    )
    flow = await sync_to_async(services.create_flow)(workspace.pk, "History", "", document)
    runs = [await submit(flow, key, prompt=str(number)) for number in range(5)]
    for run_id in runs:
        assert await wait_for_end(run_id) == "completed", (await Run.objects.aget(pk=run_id)).error_message
    events = await read(await get(f"/api/v1/runs/{runs[-1]}/events", key))
    history = next(event for event in events if event["type"] == "item")["value"]
    said = [turn["content"] for turn in history if turn["role"] == "user"]
    assert said == ["0", "1", "2", "3"]


async def test_a_run_is_refused_while_another_one_of_its_session_goes_on(flow: Flow, key: str, script: Script) -> None:
    await set_rule(flow, "refuse")
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    refused = await call(flow, key, "again", TURN)
    error = refused.json()["error"]
    assert (refused.status_code, error["code"], "stop that run" in error["hint"]) == (409, "session_busy", True)
    assert await Run.objects.acount() == 1
    script.stall_after = None
    await cancel(first, key)
    accepted = await call(flow, key, "again", TURN)
    assert (accepted.status_code, accepted.json()["status"]) == (200, "completed")


async def test_a_run_replaces_the_one_that_goes_on_and_those_that_wait(flow: Flow, key: str, script: Script) -> None:
    await set_rule(flow, "replace")
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    second = await submit(flow, key)
    await wait_for_end(first)
    await wait_for_item(second)
    script.stall_after = None
    third = await submit(flow, key)
    assert await wait_for_end(third) == "completed"
    for run_id in (first, second):
        run = await Run.objects.aget(pk=run_id)
        assert (run.status, run.error_message) == ("cancelled", "A newer call of the same session replaces it.")


async def test_a_waiting_run_can_be_stopped_and_is_passed_over(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    second, third = await submit(flow, key), await submit(flow, key)
    assert await cancel(second, key) == "cancelled"
    assert await list_types(second) == ["run.started", "run.cancelled"]
    script.stall_after = None
    await cancel(first, key)
    assert await wait_for_end(third) == "completed"


async def test_a_repeated_call_finds_the_run_that_waits(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    first = await submit(flow, key)
    await wait_for_item(first)
    answers = [await call(flow, key, "name", TURN, "submit") for _ in range(2)]
    assert answers[0].json()["run"] == answers[1].json()["run"]
    assert await Turn.objects.acount() == 2
    for run_id in (answers[0].json()["run"], first):
        await cancel(run_id, key)


async def test_too_many_may_not_wait(flow: Flow, key: str, script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "MAX_WAITING_RUNS", 2)
    script.stall_after = 1
    runs = [await submit(flow, key) for _ in range(3)]
    refused = await post(flow, "submit", key, TURN)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "session_queue_full")
    assert refused["Retry-After"] == "5"
    for run_id in reversed(runs):
        assert await cancel(run_id, key) == "cancelled"


async def test_sessions_callers_and_flows_do_not_wait_for_each_other(
    flow: Flow, key: str, script: Script, workspace: Workspace
) -> None:
    script.stall_after = 1
    other = await sync_to_async(services.create_flow)(workspace.pk, "Other", "", flow.graph)
    _, their_key = await sync_to_async(keys.issue_key)(
        workspace, None, name="other", policies=["execute"], environments=["development"]
    )
    calls: list[tuple[Flow, str, dict[str, Any]]] = [
        (flow, key, {}),
        (flow, key, {"session_id": "t"}),
        (flow, their_key, {}),
        (other, key, {}),
    ]
    calls += [(flow, key, {"session_id": ""}), (flow, key, {"session_id": None})]
    runs = [(await submit(each, caller, **fields), caller) for each, caller, fields in calls]
    for run_id, _ in runs:
        await wait_for_item(run_id)
    assert await Turn.objects.acount() == 4
    for run_id, caller in runs:
        await cancel(run_id, caller)


async def test_a_flow_that_wants_no_turns_has_none(flow: Flow, key: str, script: Script) -> None:
    await set_rule(flow, "at_once")
    script.stall_after = 1
    runs = [await submit(flow, key) for _ in range(2)]
    for run_id in runs:
        await wait_for_item(run_id)
    assert not await Turn.objects.aexists()
    for run_id in runs:
        await cancel(run_id, key)


async def store_run_of_dead_process(flow: Flow, owner_of: str, *, holds: bool) -> Run:
    """Store a run of the same session as `owner_of`, before it, whose process lives no more."""
    turn = await Turn.objects.aget(run_id=owner_of)
    like = await Run.objects.aget(pk=owner_of)
    lost = await Run.objects.acreate(
        workspace_id=like.workspace_id, flow=flow, version_id=like.version_id, owner=like.owner, worker=uuid4()
    )
    await Turn.objects.acreate(id=turn.pk - 1, run=lost, key=turn.key, holds=holds)
    return lost


async def test_the_turn_of_a_process_that_died_is_over_when_its_run_is(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    await set_rule(flow, "queue")
    placeholder = await submit(flow, key)
    await wait_for_item(placeholder)
    await Turn.objects.filter(run_id=placeholder).aupdate(holds=False, id=1_000)
    lost = await store_run_of_dead_process(flow, placeholder, holds=True)
    waiting = await submit(flow, key)
    script.stall_after = None
    await cancel(placeholder, key)
    assert not await sync_to_async(turns.claim_turn)(UUID(waiting))
    await Worker.objects.all().adelete()
    await recover_runs()
    assert (await Run.objects.aget(pk=lost.pk)).status == "interrupted"
    assert await wait_for_end(waiting) == "completed"


@pytest.mark.usefixtures("workspace")
async def test_the_database_lets_one_run_of_a_session_go_on(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    runs = [await submit(flow, key) for _ in range(2)]
    await wait_for_item(runs[0])
    with pytest.raises(IntegrityError):
        await Turn.objects.filter(run_id=runs[1]).aupdate(holds=True)
    for run_id in reversed(runs):
        await cancel(run_id, key)


async def test_a_json_flow_may_have_turns_by_the_session_in_its_body(workspace: Workspace, key: str) -> None:
    document = graph([node("trigger", "http.trigger", session_turns="refuse")], [])
    document["nodes"].append(node("rest", "control.wait", seconds=600))
    document["edges"] = path("trigger", "rest")
    flow = await sync_to_async(services.create_flow)(workspace.pk, "JSON", "", document)
    first = await post(flow, "submit", key, {"session_id": "s"})
    second = await post(flow, "submit", key, {"session_id": "s"})
    numbers = await post(flow, "submit", key, {"session_id": 5})
    assert [each.status_code for each in (first, second, numbers)] == [202, 409, 202]
    for answer in (first, numbers):
        assert await cancel(answer.json()["run"], key) == "cancelled"
