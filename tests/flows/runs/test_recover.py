"""A run whose worker is lost: it ends as interrupted, or begins anew once where nothing had come of it."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from copy import deepcopy
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.test import Client

from actions.anthropic.simulator import Script
from connections.models import Connection
from flows import services
from flows.events.events import COUNTS, encode
from flows.log import rows
from flows.log.frames import Frame
from flows.models import Flow, Run, RunEvent
from flows.runs import leases, prepare, recover
from flows.runs.cancel import cancel_run
from flows.runs.local_run import local_runs
from flows.runs.prepare import RunCall, prepare_run
from flows.runs.prepared_run import PreparedRun
from flows.runs.recover import recover_runs
from tests.flows.conftest import chat_graph
from tests.flows.log.compaction import compact
from tests.flows.log.events import ALL_EVENTS
from tests.flows.rest_client import events_of as read_stream
from tests.flows.rest_client import get, post, read
from workspaces.access import Caller
from workspaces.models import ApiKey, User, Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

ANSWER = "A mill race carries water."
STARTED = {"type": "node.started", "node": "answer"}
ITEM = {"type": "item", "index": 0, "node": "yield", "source": "answer", "message": 0, "text": "A mill"}
MESSAGE = {"type": "node.message", "node": "answer", "index": 0, "text": "A mill"}
TOKENS = {"input_tokens": 1, "output_tokens": 1, "cache_read_input_tokens": None, "cache_creation_input_tokens": None}
USAGE = {"type": "usage", "node": "answer", "model": "m", "stop_reason": None, "first_message_ms": None, **TOKENS}

Lose = Callable[..., Awaitable[UUID]]


@pytest.fixture
def flow(workspace: Workspace, connection: Connection) -> Flow:
    """A flow whose runs are run again after a crash."""
    graph = chat_graph(str(connection.pk))
    graph["nodes"][0]["properties"] |= {"after_crash": "run_again"}
    return services.create_flow(workspace.pk, "Chat", "", graph)


@pytest.fixture
def lose(flow: Flow, key: str) -> Lose:
    """Store a run that a dead process has begun, with the events that it had come to."""

    @sync_to_async
    def lost(*events: dict[str, Any], flow: Flow = flow, begun: bool = True) -> UUID:
        row = ApiKey.objects.get()
        caller = Caller("key", flow.workspace_id, frozenset({"run"}), key_id=row.pk)
        prepared = prepare_run(RunCall(caller, flow.pk, {"prompt": "What is it?"}, 20))
        assert isinstance(prepared, PreparedRun)
        Run.objects.filter(pk=prepared.run_id).update(worker=uuid4())
        began = [{"type": "run.started", **prepared.describe_start()}] if begun else []
        told = [{**event, "seq": seq, "ms": seq} for seq, event in enumerate([*began, *events], 1)]
        frames = [Frame(e["seq"], e["type"], encode(e)) for e in told]  # type: ignore[arg-type]  # built above
        rows.commit_batch([(prepared.run_id, frame, None) for frame in frames])
        return prepared.run_id

    return lost


async def ended(run_id: UUID) -> Run:
    async with asyncio.timeout(60):
        while (run := await Run.objects.aget(pk=run_id)).status == "running":
            await asyncio.sleep(0.01)
    return run


async def events_of(run_id: UUID) -> list[Any]:
    return [json.loads(data) async for data in RunEvent.objects.order_by("seq").values_list("data", flat=True)]


async def test_a_run_of_which_nothing_had_come_begins_anew(lose: Lose, key: str, script: Script) -> None:
    run_id = await lose(STARTED)
    assert await recover_runs() == 1
    run, events = await ended(run_id), await events_of(run_id)
    assert (run.status, run.items) == ("completed", len([e for e in events if e["type"] == "item"]))
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["type"] for event in events][:4] == ["run.started", "node.started", "run.restarted", "node.started"]
    assert [event["index"] for event in events if event["type"] == "item"] == list(range(run.items))
    assert [event["ms"] for event in events] == sorted(event["ms"] for event in events)
    state = (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]
    assert (state["text"], state["started_at"]) == (ANSWER, events[0]["at"])


async def test_an_interrupted_run_keeps_what_it_had_spent(lose: Lose, key: str) -> None:
    open_answer = {**USAGE, "type": "answer.started", "message_id": "msg_2", **dict.fromkeys(COUNTS), "input_tokens": 5}
    del open_answer["stop_reason"], open_answer["first_message_ms"]
    run_id = await lose(STARTED, USAGE, ITEM, open_answer)
    await recover_runs()
    events = await read(await get(f"/api/v1/runs/{run_id}/events", key))
    assert events[-1]["type"] == "run.interrupted"
    assert (events[-1]["usage"]["input_tokens"], events[-1]["usage"]["output_tokens"]) == (6, 1)


async def test_a_client_that_resumes_hears_that_it_began_anew(lose: Lose, key: str) -> None:
    run_id = await lose(STARTED)
    await recover_runs()
    events = await read(await get(f"/api/v1/runs/{run_id}/events", key, **{"Last-Event-ID": "1"}))
    assert [event["type"] for event in events][:2] == ["run.restarted", "item"]
    assert events[0]["run"] == str(run_id)
    assert events[0]["reason"].endswith("Nothing had come of it, so it begins anew.")
    assert "".join(event.get("text", "") for event in events) == ANSWER


@pytest.mark.parametrize("given", [ITEM, MESSAGE, USAGE], ids=["item", "message", "usage"])
async def test_a_run_of_which_something_had_come_is_never_run_again(
    lose: Lose, given: dict[str, Any], script: Script
) -> None:
    run_id = await lose(STARTED, given)
    await recover_runs()
    run = await ended(run_id)
    assert (run.status, run.error_message) == ("interrupted", "The server stopped while the run was going on.")
    assert script.requests == []


async def test_a_flow_that_does_not_say_so_ends(lose: Lose, flow: Flow, script: Script) -> None:
    changed = deepcopy(flow.graph)
    del changed["nodes"][0]["properties"]["after_crash"]
    await sync_to_async(services.save_graph)(flow, flow.revision, changed)
    run = await ended_after_recovery(await lose(STARTED))
    assert (run.status, script.requests) == ("interrupted", [])


async def ended_after_recovery(run_id: UUID) -> Run:
    await recover_runs()
    return await ended(run_id)


async def test_it_begins_anew_once(lose: Lose, script: Script) -> None:
    again = {"type": "run.restarted", "run": "r", "flow": "f", "revision": 1, "at": "2026-01-01T00:00:00Z"}
    run = await ended_after_recovery(await lose(STARTED, {**again, "simulator": True, "reason": ""}, STARTED))
    assert run.status == "interrupted"
    assert run.error_message == "The server stopped while the run was going on, for the second time."
    assert script.requests == []


async def test_a_run_whose_very_beginning_was_not_stored_begins_anew(lose: Lose, key: str) -> None:
    run_id = await lose(begun=False)
    run = await ended_after_recovery(run_id)
    assert run.status == "completed"
    assert (await events_of(run_id))[0]["type"] == "run.restarted"
    assert (await get(f"/api/v1/runs/{run_id}", key)).json()["state"]["started_at"] is not None


async def test_it_runs_the_version_that_it_began_with(lose: Lose, flow: Flow, script: Script) -> None:
    run_id = await lose(STARTED)
    newer = {**flow.graph, "nodes": flow.graph["nodes"][:1], "edges": []}
    await sync_to_async(services.save_graph)(flow, 1, newer)
    run = await ended_after_recovery(run_id)
    assert (run.status, run.items > 0, len(script.requests)) == ("completed", True, 1)
    assert (await events_of(run_id))[2]["revision"] == 1


async def test_a_run_that_cannot_be_prepared_any_more_ends_and_says_why(lose: Lose, connection: Connection) -> None:
    run_id = await lose(STARTED)
    await connection.adelete()
    run = await ended_after_recovery(run_id)
    assert run.status == "interrupted"
    assert "It could not be run again: 'Chat' cannot run:" in run.error_message


async def test_a_fault_in_preparing_ends_that_run_and_no_other(lose: Lose, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = await lose(STARTED), await lose(STARTED)
    prepare_again = prepare.prepare_again

    def breaks_once(run: Run) -> PreparedRun:
        if run.pk == first:
            raise RuntimeError("a fault")
        return prepare_again(run)

    monkeypatch.setattr(recover, "prepare_again", breaks_once)
    assert await recover_runs() == 2
    assert ((await ended(first)).status, (await ended(second)).status) == ("interrupted", "completed")


async def test_it_goes_on_on_behalf_of_whoever_started_it(
    lose: Lose, flow: Flow, alice: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_key = await lose(STARTED)
    person = Caller("Alice", flow.workspace_id, frozenset({"run"}), user_id=alice.pk)
    prepared = await sync_to_async(prepare_run)(RunCall(person, flow.pk, {"prompt": "Hi"}, 20))
    assert isinstance(prepared, PreparedRun)
    key_id = (await ApiKey.objects.aget()).pk
    for run_id, owner in ((by_key, f"key:{key_id}"), (prepared.run_id, f"user:{alice.pk}")):
        recovery = await sync_to_async(recover.plan_recovery)(run_id)
        assert recovery
        assert recovery.restart
        assert recovery.restart.owner.owner == owner


async def test_a_run_that_began_anew_can_be_stopped(lose: Lose, client: Client, script: Script) -> None:
    script.stall_after = 1
    run_id = await lose(STARTED)
    await recover_runs()
    assert await cancel_run(run_id, "Stopped by Alice.") == "cancelled"


async def test_a_worker_that_was_lost_and_wakes_writes_nothing_and_leaves_the_model(
    flow: Flow, key: str, script: Script
) -> None:
    """Its run was ended while it was frozen. The model's next message finds its place in the log taken."""
    script.pause_s = 0.2
    script.answer = lambda request: "again and " * 300
    run_id = UUID((await post(flow, "submit", key)).json()["run"])
    while not await RunEvent.objects.filter(type="item").aexists():
        await asyncio.sleep(0.005)
    run = local_runs.get(run_id)
    assert run
    refused = frozenset({run_id})
    while refused:  # as long as the next message is faster
        recovery = await sync_to_async(recover.plan_recovery)(run_id)
        assert recovery
        frame = Frame(recovery.event["seq"], recovery.event["type"], encode(recovery.event))
        refused = await sync_to_async(rows.commit_batch)([(run_id, frame, None)])
    before = await events_of(run_id)
    async with asyncio.timeout(60):
        await run.wait()
        while not script.closed:
            await asyncio.sleep(0.01)
    assert await events_of(run_id) == before
    assert before[-1]["type"] == "run.interrupted"


async def test_what_wakes_after_the_second_run_was_compacted_is_refused_too(lose: Lose) -> None:
    run_id = await lose(STARTED)
    await ended_after_recovery(run_id)
    before = await sync_to_async(rows.read_page)(run_id, 0, ALL_EVENTS)
    await sync_to_async(compact)(run_id)
    late = [Frame(3, "node.finished", b"{}"), Frame(4, "item", b"{}")]
    assert await sync_to_async(rows.commit_batch)([(run_id, frame, None) for frame in late]) == {run_id}
    assert await sync_to_async(rows.read_page)(run_id, 0, ALL_EVENTS) == before


async def test_many_lost_runs_are_seen_to_at_once(lose: Lose, script: Script) -> None:
    lost = [await lose(STARTED) for _ in range(20)]
    await sync_to_async(leases.send_heartbeat)()
    assert await recover_runs() == 20
    assert {(await ended(run_id)).status for run_id in lost} == {"completed"}
    assert len(script.requests) == 20


async def test_a_run_whose_events_could_not_be_stored_ends_when_the_database_is_back(
    flow: Flow, key: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not begin anew, though its flow asks for that after a crash: here, it was stopped meanwhile."""
    script.stall_after = 2
    stream = read_stream(await post(flow, "stream", key))
    assert (await anext(stream))["type"] == "run.started"
    (run,) = local_runs
    assert leases.given_up_runs == set()

    def fail(*arguments: Any) -> None:
        raise OperationalError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(rows, "RETRY_LIMIT_S", 0)
        away.setattr(rows, "write_batch", fail)
        await run.cancel("run.cancelled", "Enough.")
    assert leases.given_up_runs == {run.id}
    assert (await Run.objects.aget(pk=run.id)).status == "running"
    await stream.aclose()
    assert await recover_runs() == 0
    assert leases.given_up_runs == set()
    row = await ended(run.id)
    assert (row.status, row.error_message) == (
        "interrupted",
        "The database did not answer while the run was going on.",
    )
    assert await recover_runs() == 0
