"""The canvas's socket: start, follow, stop, resume, and what it refuses."""

from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django.test import Client

from actions.anthropic.simulator import Script
from flows.events.events import KEPT_VALUES
from flows.models import Flow, Run, RunEvent
from tests.flows.socket_client import Socket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def test_a_run_is_started_and_followed(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    assert await socket.open()
    await socket.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
    accepted = await socket.answer()
    events = await socket.events()
    assert (accepted["type"], accepted["ref"]) == ("run.accepted", 1)
    stored = RunEvent.objects.exclude(type__in=KEPT_VALUES).order_by("seq").values_list("seq", flat=True)
    assert [event["seq"] for event in events] == [seq async for seq in stored]
    assert events[-1]["type"] == "run.completed"
    await socket.wire.disconnect()


async def test_stop_is_heard_while_the_run_streams(flow: Flow, client: Client, script: Script) -> None:
    script.stall_after = 1
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
    run_id = (await socket.answer())["run"]
    await socket.send(type="run.cancel", ref=2, run=run_id)
    assert (await socket.events())[-1]["type"] == "run.cancelled"
    run = await Run.objects.aget()
    assert (run.status, run.error_message) == ("cancelled", "The run was stopped.")
    await socket.wire.disconnect()


async def test_a_socket_that_comes_back_catches_up_after_its_cursor(flow: Flow, client: Client) -> None:
    first = Socket(flow.pk, client)
    await first.open()
    await first.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
    run_id = (await first.answer())["run"]
    whole = await first.events()
    await first.wire.disconnect()
    second = Socket(flow.pk, client)
    await second.open()
    await second.send(type="run.follow", ref=1, run=run_id, after=3)
    assert await second.events() == whole[3:]
    await second.wire.disconnect()


async def test_a_run_of_another_draft_is_refused(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.start", ref=7, input={"prompt": "x"}, revision=2)
    refusal = await socket.answer()
    assert (refusal["ref"], refusal["error"]["code"]) == (7, "version_conflict")
    await socket.wire.disconnect()


@pytest.mark.parametrize("origin", ["http://evil.example", "https://testserver", "http://testserver:81", "null", ""])
async def test_a_foreign_page_opens_no_socket(flow: Flow, client: Client, origin: str) -> None:
    assert not await Socket(flow.pk, client, origin).open()


async def test_nobody_opens_no_socket(flow: Flow) -> None:
    assert not await Socket(flow.pk, None).open()


async def test_another_workspaces_flow_is_closed_as_none(flow: Flow, bobs_client: Client) -> None:
    socket = Socket(flow.pk, bobs_client)
    await socket.open()
    assert (await socket.wire.receive_output(timeout=60))["code"] == 4404


async def test_a_viewer_starts_nothing(flow: Flow, viewers_client: Client) -> None:
    socket = Socket(flow.pk, viewers_client)
    await socket.open()
    await socket.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
    assert (await socket.answer())["error"]["code"] == "not_allowed"
    assert await Run.objects.acount() == 0
    await socket.wire.disconnect()


async def test_bad_messages_are_told_and_then_end_the_socket(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    for text in ("{", "[]", '{"type": "nope"}', '{"type": "run.start", "type": "x"}', '{"ref": 1}'):
        await socket.wire.send_to(text_data=text)
        assert (await socket.answer())["type"] == "error"
    assert (await socket.wire.receive_output(timeout=60))["code"] == 4400


async def test_a_database_that_does_not_answer_is_told_and_the_socket_stays(
    flow: Flow, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise OperationalError("connection to server at 10.1.2.3 failed")

    socket = Socket(flow.pk, client)
    await socket.open()
    with monkeypatch.context() as away:
        away.setattr("flows.wire.socket.authenticate_scope", fail)
        await socket.send(type="ping", ref=7)
        answer = await socket.answer()
    assert (answer["type"], answer["ref"], answer["error"]["code"]) == ("error", 7, "no_database")
    assert "10.1.2.3" not in str(answer)
    await socket.send(type="ping", ref=8)
    assert (await socket.answer())["type"] == "ok"
    await socket.wire.disconnect()


async def test_a_signed_out_socket_is_closed(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    await sync_to_async(client.logout)()
    await socket.send(type="ping", ref=1)
    assert (await socket.wire.receive_output(timeout=60))["code"] == 4401


async def test_a_run_that_is_not_there_is_not_followed(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.follow", ref=1, run=str(uuid4()), after=0)
    assert (await socket.answer())["error"]["code"] == "not_found"
    await socket.wire.disconnect()


async def test_the_longest_prompt_is_run_from_the_editor(flow: Flow, client: Client) -> None:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.start", ref=1, input={"prompt": "x" * 200_000}, revision=1)
    assert (await socket.answer())["type"] == "run.accepted"
    assert (await socket.events())[-1]["type"] == "run.completed"
    await socket.wire.disconnect()
