"""A call that is repeated under its Idempotency-Key starts one run."""

import asyncio
from datetime import timedelta

import pytest
from django.utils import timezone

from flows import services
from flows.models import Flow, Run
from tests.flows.conftest import chat_graph
from tests.flows.rest_client import call
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def test_fifty_calls_at_once_are_one_run_and_one_answer(flow: Flow, key: str) -> None:
    answers = await asyncio.gather(*(call(flow, key, "once") for _ in range(50)))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert await Run.objects.acount() == 1


async def test_a_stream_that_is_asked_for_again_is_the_same_from_its_beginning(flow: Flow, key: str) -> None:
    first, again = [b"".join([piece async for piece in await call(flow, key, "once", kind="stream")]) for _ in range(2)]
    assert first == again
    assert await Run.objects.acount() == 1


async def test_another_body_under_the_same_key_is_refused(flow: Flow, key: str) -> None:
    await call(flow, key, "once")
    answer = await call(flow, key, "once", {"prompt": "Another"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "idempotency_key_reused")


async def test_a_call_that_was_refused_has_not_used_its_key(flow: Flow, key: str) -> None:
    assert (await call(flow, key, "once", {})).status_code == 422
    assert (await call(flow, key, "once")).status_code == 200


async def test_keys_of_two_callers_do_not_meet(flow: Flow, key: str, workspace: Workspace) -> None:
    _, other = await asyncio.to_thread(
        keys.issue_key, workspace, None, name="other", policies=["execute"], environments=["development"]
    )
    await call(flow, key, "once")
    assert (await call(flow, other, "once")).status_code == 200
    assert await Run.objects.acount() == 2


async def test_another_flow_under_the_same_key_is_refused(flow: Flow, key: str, workspace: Workspace) -> None:
    graph = chat_graph(flow.graph["nodes"][1]["properties"]["connection"])
    other = await asyncio.to_thread(services.create_flow, workspace.pk, "Other", "", graph)
    await call(flow, key, "once")
    assert (await call(other, key, "once")).status_code == 422


async def test_a_key_is_free_again_after_a_day(flow: Flow, key: str) -> None:
    await call(flow, key, "once")
    await Run.objects.aupdate(started_at=timezone.now() - timedelta(hours=25))
    assert (await call(flow, key, "once")).status_code == 200
    assert await Run.objects.acount() == 2


@pytest.mark.parametrize("name", ["", " ", "a b", "x" * 256, "é"])
async def test_a_key_that_is_none_is_refused(flow: Flow, key: str, name: str) -> None:
    answer = await call(flow, key, name)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_idempotency_key")
    assert await Run.objects.acount() == 0
