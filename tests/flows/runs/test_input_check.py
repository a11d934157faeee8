"""A body is checked against the trigger's schema before its run is stored, and never in a thread of the database."""

import threading
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from actions.json_schema.budget import Budget
from flows import services
from flows.engine.input_check import check_input
from flows.models import Flow, Run
from flows.runs import start
from tests.flows.rest_client import call, post
from tests.flows.scripted import graph, node, path
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"numbers": {"type": "array", "items": {"type": "number"}, "uniqueItems": True}},
    "required": ["numbers"],
}


def build_graph(schema: dict[str, Any]) -> dict[str, Any]:
    give = node("give", "control.return", value={"expression": "size(request.numbers)"})
    return graph([node("start", "http.trigger", body_schema=schema), give], path("start", "give"))


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    return services.create_flow(workspace.pk, "Numbers", "", build_graph(SCHEMA))


@pytest.fixture
def key(workspace: Workspace) -> str:
    return keys.issue_key(workspace, None, name="test", policies=["execute"], environments=["development"])[1]


@pytest.mark.parametrize("count", [3, 20_000])
async def test_a_body_that_fits_starts_a_run(flow: Flow, key: str, count: int) -> None:
    answer = await post(flow, "run", key, {"numbers": list(range(count))})
    assert (answer.status_code, answer.json()["result"]) == (200, count)


async def test_a_body_that_does_not_is_refused_and_nothing_is_stored(flow: Flow, key: str) -> None:
    answer = await post(flow, "run", key, {"numbers": [1, "secret"]})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, "invalid_input", "numbers.1")
    assert error["message"] == "'numbers.1' must be of type number."
    assert await Run.objects.acount() == 0


async def test_a_body_that_takes_too_many_steps_is_refused_with_what_to_do(flow: Flow, key: str) -> None:
    answer = await post(flow, "submit", key, {"numbers": list(range(600_000))})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (422, "invalid_input")
    assert "takes more than 2,000,000 steps" in error["message"]
    assert "Send less at once" in error["hint"]


async def test_no_check_is_made_in_a_thread_of_the_database(
    flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await post(flow, "run", key, {"numbers": [1]})  # compiles the schema
    threads = set()
    spend = Budget.spend

    def note_thread(budget: Budget, steps: int) -> None:
        threads.add(threading.current_thread().name.partition("_")[0])
        spend(budget, steps)

    monkeypatch.setattr(Budget, "spend", note_thread)
    await post(flow, "run", key, {"numbers": [1, 2]})
    await post(flow, "run", key, {"numbers": list(range(20_000))})
    assert threads == {threading.current_thread().name, "schema"}


async def test_a_call_that_is_repeated_finds_its_run(flow: Flow, key: str) -> None:
    first = await call(flow, key, "once", {"numbers": [1]})
    again = await call(flow, key, "once", {"numbers": [1]})
    assert (first.status_code, again.json()["run"]) == (200, first.json()["run"])


async def test_a_schema_that_is_saved_meanwhile_is_the_one_that_counts(
    flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[Any] = []

    async def save_and_check(schema: Any, payload: Any) -> None:
        checked.append(schema)
        if len(checked) == 1:
            changed = Flow.objects.filter(pk=flow.pk)
            await changed.aupdate(graph=build_graph({**SCHEMA, "minProperties": 2}), revision=flow.revision + 1)
        await check_input(schema, payload)

    monkeypatch.setattr(start, "check_input", save_and_check)
    answer = await post(flow, "run", key, {"numbers": [1]})
    assert (answer.status_code, len(checked)) == (422, 2)
    assert "minProperties" in answer.json()["error"]["message"]


async def test_a_body_that_seems_to_name_a_stored_file_is_taken_as_it_is(workspace: Workspace, key: str) -> None:
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Echo", "", build_graph({"type": "object"}))
    body = {"numbers": [1], "files": [{"stored": str(uuid4())}]}
    answer = await post(flow, "run", key, body)
    assert (answer.status_code, answer.json()["result"]) == (200, 1)
