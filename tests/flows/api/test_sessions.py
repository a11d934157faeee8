"""The conversations of a caller with a flow: which there are, and the runs of one of them."""

from importlib import import_module
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.apps import apps

from flows.models import Flow, Run
from tests.databases import on_sqlite
from tests.flows.rest_client import get, patch, post
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def make_caller(workspace: Workspace, name: str) -> str:
    _, secret = await sync_to_async(keys.issue_key)(
        workspace, None, name=name, policies=["execute", "configure"], environments=["development"]
    )
    return secret


async def ask(flow: Flow, key: str, prompt: str, **more: Any) -> str:
    answer = await post(flow, "run", key, {"prompt": prompt, **more})
    assert answer.status_code == 200, answer.content
    return str(answer.json()["run"])


async def list_sessions(flow: Flow, key: str) -> list[dict[str, Any]]:
    return (await get(f"/api/v1/flows/{flow.pk}/sessions", key)).json()["sessions"]  # type: ignore[no-any-return]


async def list_runs(flow: Flow, key: str, session_id: str) -> list[str]:
    rows = (await get(f"/api/v1/runs?flow={flow.pk}&session_id={session_id}", key)).json()["runs"]
    return [row["id"] for row in rows]


async def test_sessions_are_listed_with_what_was_asked_first_and_run_last(flow: Flow, workspace: Workspace) -> None:
    key = await make_caller(workspace, "one")
    assert await list_sessions(flow, key) == []
    await ask(flow, key, "One?", session_id="s")
    await ask(flow, key, "No session?")
    await ask(flow, key, "x" * 500, session_id="t")
    last = await ask(flow, key, "Two?", session_id="s")
    first, second = await list_sessions(flow, key)
    assert (first["session_id"], first["question"], first["runs"]) == ("s", "One?", 2)
    assert (first["last_run"]["id"], first["last_run"]["status"]) == (last, "completed")
    assert (second["session_id"], second["question"], second["runs"]) == ("t", "x" * 120, 1)


async def name_session(flow: Flow, key: str, session_id: str, name: str) -> int:
    body = {"session_id": session_id, "name": name}
    return int((await patch(f"/api/v1/flows/{flow.pk}/sessions", key, body)).status_code)


async def test_a_session_has_the_name_that_its_own_caller_gave_last(flow: Flow, workspace: Workspace) -> None:
    one, two = await make_caller(workspace, "one"), await make_caller(workspace, "two")
    for key in (one, two):
        await ask(flow, key, "One?", session_id="s")
    for name in ("First", "Prices"):
        assert await name_session(flow, one, "s", name) == 204
    assert [each["name"] for each in await list_sessions(flow, one)] == ["Prices"]
    assert [each["name"] for each in await list_sessions(flow, two)] == [""]
    assert await name_session(flow, one, "s", "") == 204
    assert [each["name"] for each in await list_sessions(flow, one)] == [""]


async def test_only_a_session_of_the_caller_is_named(flow: Flow, workspace: Workspace) -> None:
    one, two = await make_caller(workspace, "one"), await make_caller(workspace, "two")
    await ask(flow, one, "One?", session_id="s")
    assert await name_session(flow, two, "s", "Mine") == 404
    assert await name_session(flow, one, "t", "Mine") == 404
    assert await name_session(flow, one, "s", "x" * 121) == 422
    assert await name_session(flow, one, "s", "\u202e") == 422


async def test_the_runs_of_a_session_are_the_callers_own(flow: Flow, workspace: Workspace) -> None:
    one, two = await make_caller(workspace, "one"), await make_caller(workspace, "two")
    ids = [await ask(flow, one, "One?", session_id="s"), await ask(flow, one, "Two?", session_id="s")]
    await ask(flow, one, "Three?", session_id="t")
    other = await ask(flow, two, "Four?", session_id="s")
    assert await list_runs(flow, one, "s") == ids[::-1]
    assert await list_runs(flow, two, "s") == [other]
    assert await list_runs(flow, two, "t") == []


async def test_a_list_of_runs_says_which_revision_ran(flow: Flow, workspace: Workspace) -> None:
    key = await make_caller(workspace, "one")
    await ask(flow, key, "One?")
    rows = (await get(f"/api/v1/runs?flow={flow.pk}", key)).json()["runs"]
    assert [row["revision"] for row in rows] == [flow.revision]


async def test_runs_from_before_the_column_get_their_session(flow: Flow, workspace: Workspace) -> None:
    key = await make_caller(workspace, "one")
    run_id = await ask(flow, key, "One?", session_id="s")
    without = await ask(flow, key, "Two?")
    await Run.objects.aupdate(session_id="")
    await sync_to_async(_fill_in)()
    named = {str(run.pk): run.session_id async for run in Run.objects.all()}
    assert named == {run_id: "s", without: ""}


async def test_runs_from_before_the_column_get_what_was_asked(flow: Flow, workspace: Workspace) -> None:
    key = await make_caller(workspace, "one")
    await ask(flow, key, "x" * 500, session_id="s")
    await ask(flow, key, "No session?")
    await Run.objects.aupdate(question="")
    await sync_to_async(_fill_in_questions)()
    assert [run.question async for run in Run.objects.order_by("started_at")] == ["x" * 120, ""]


@on_sqlite
async def test_what_was_asked_is_found_without_reading_the_rows(flow: Flow, workspace: Workspace) -> None:
    """A row holds the whole input, which may be 32 MB of JSON."""
    key = await make_caller(workspace, "one")
    await ask(flow, key, "One?", session_id="s")
    rows = Run.objects.filter(flow=flow, owner="key:1", session_id="s").exclude(session_id="")
    plan = await sync_to_async(rows.order_by("started_at").values("question")[:1].explain)()
    assert "USING COVERING INDEX runs_of_session" in plan


def _fill_in_questions() -> None:
    migration = import_module("flows.migrations.0010_stored_bytes_and_questions")
    migration.fill_in_questions(apps, None)


def _fill_in() -> None:
    migration = import_module("flows.migrations.0009_sessions_of_runs")
    migration.fill_in(apps, None)
