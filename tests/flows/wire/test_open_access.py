"""What stays open ends with the key or the session that has opened it; and how much of it one person may have."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from django.utils import timezone

from actions.anthropic.simulator import Script
from flows.models import Flow
from flows.runs.local_run import local_runs
from flows.wire.socket_protocol import MAX_FOLLOWED_RUNS, MAX_SOCKETS
from tests.flows.rest_client import events_of, post
from tests.flows.socket_client import Socket
from web.middleware.cut_short import CutShort
from workspaces import keys
from workspaces.audit.record import SERVER
from workspaces.models import ApiKey, Membership
from workspaces.open_access import access_watch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]


@pytest.fixture
async def ended_runs() -> AsyncIterator[None]:
    yield
    for run in local_runs:
        await run.cancel("run.cancelled", "The test is over.")


@pytest.mark.parametrize("way", ["revoked", "expired"])
async def test_a_stream_ends_when_its_key_does(flow: Flow, key: str, script: Script, way: str) -> None:
    script.stall_after = 1
    stream = events_of(await post(flow, "stream", key))
    assert (await anext(stream))["type"] == "run.started"
    await access_watch.look()
    while (await anext(stream))["type"] != "item":
        pass
    if way == "revoked":
        await ApiKey.objects.all().adelete()
    else:
        await ApiKey.objects.aupdate(expires_at=timezone.now())
    await access_watch.look()
    with pytest.raises(CutShort):
        await anext(stream)
    assert len(local_runs) == 1


async def test_a_stream_ends_at_once_when_its_key_has_ended_while_the_client_took_a_piece(
    flow: Flow, key: str, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.log.run_log.WAKE_INTERVAL_S", 1e6)  # readers are not woken for a heartbeat
    script.stall_after = 1
    pieces = aiter(await post(flow, "stream", key))
    while b'"item"' not in await anext(pieces):
        pass
    await ApiKey.objects.all().adelete()
    await access_watch.look()  # nobody waits for the run now, so this wakes nobody
    with pytest.raises(CutShort):
        async with asyncio.timeout(30):
            while True:
                await anext(pieces)


@pytest.mark.parametrize("way", ["old secret revoked", "old secret expired", "key revoked"])
async def test_a_stream_ends_when_the_secret_that_opened_it_does(
    flow: Flow, key: str, script: Script, way: str
) -> None:
    script.stall_after = 1
    row = await ApiKey.objects.aget()
    streams = {"old": events_of(await post(flow, "stream", key))}  # opened before the rotation
    until = timezone.now() + timedelta(days=1)
    _, new_key = await sync_to_async(keys.rotate_key)(row.workspace_id, row.pk, until, SERVER)
    streams["new"] = events_of(await post(flow, "stream", new_key))
    streams["old, opened later"] = events_of(await post(flow, "stream", key))
    for stream in streams.values():
        assert (await anext(stream))["type"] == "run.started"
    await access_watch.look()
    if way == "old secret revoked":
        await sync_to_async(keys.revoke_old_secret)(row.workspace_id, row.pk, SERVER)
    elif way == "old secret expired":
        await ApiKey.objects.aupdate(old_works_until=timezone.now())
    else:
        await sync_to_async(keys.revoke_key)(row.workspace_id, row.pk, SERVER)
    await access_watch.look()
    ended = [name for name in streams if way == "key revoked" or name.startswith("old")]
    for name in ended:
        assert await is_cut_short(streams.pop(name))
    for run in local_runs:
        await run.cancel("run.cancelled", "Enough.")
    for stream in streams.values():
        assert not await is_cut_short(stream)


async def is_cut_short(stream: Any) -> bool:
    """Read a stream to its end; return whether the server ended it before the run did."""
    try:
        while (await anext(stream))["type"] != "run.cancelled":
            pass
    except CutShort:
        return True
    return False


async def test_a_call_that_waits_is_answered_when_its_key_ends(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    call = asyncio.create_task(post(flow, "run", key))
    while not len(access_watch):
        await asyncio.sleep(0)
    await ApiKey.objects.all().adelete()
    await access_watch.look()
    assert (await call).status_code == 401


@pytest.mark.parametrize("way", ["signed out", "no member"])
async def test_a_members_stream_ends_with_the_session(flow: Flow, client: Client, script: Script, way: str) -> None:
    script.stall_after = 1
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
    run_id = (await socket.answer())["run"]
    browser = AsyncClient()
    browser.cookies = client.cookies
    answer: Any = await browser.get(f"/api/v1/runs/{run_id}/events")
    stream = events_of(answer)
    assert (await anext(stream))["type"] == "run.started"
    if way == "signed out":
        await sync_to_async(client.post)("/api/v1/sign-out")
    else:
        await Membership.objects.all().adelete()
    await access_watch.look()
    with pytest.raises(CutShort):
        while True:
            await anext(stream)
    code = None
    while code is None:
        code = (await socket.wire.receive_output(timeout=60)).get("code")
    assert code == 4401


async def test_a_person_has_so_many_sockets_and_no_more(flow: Flow, client: Client, editors_client: Client) -> None:
    sockets = [Socket(flow.pk, client) for _ in range(MAX_SOCKETS)]
    for socket in sockets:
        await socket.open()
        await socket.send(type="ping", ref=1)
        assert (await socket.answer())["type"] == "ok"
    refused, another = Socket(flow.pk, client), Socket(flow.pk, editors_client)
    await refused.open()
    assert (await refused.wire.receive_output(timeout=60))["code"] == 4429
    await another.open()
    await another.send(type="ping", ref=1)
    assert (await another.answer())["type"] == "ok"
    for socket in (*sockets, another):
        await socket.wire.disconnect()
    again = Socket(flow.pk, client)
    await again.open()
    await again.send(type="ping", ref=1)
    assert (await again.answer())["type"] == "ok"
    await again.wire.disconnect()


async def test_a_socket_follows_so_many_runs_whether_it_starts_them_or_not(
    flow: Flow, client: Client, script: Script
) -> None:
    script.stall_after = 1
    socket = Socket(flow.pk, client)
    await socket.open()
    answers = []
    for number in range(MAX_FOLLOWED_RUNS + 1):
        await socket.send(type="run.start", ref=number, input={"prompt": "x"}, revision=1)
        while (answer := await socket.answer()).get("ref") != number:
            pass
        answers.append(answer)
    assert [answer["type"] for answer in answers] == ["run.accepted"] * MAX_FOLLOWED_RUNS + ["error"]
    assert answers[-1]["error"]["code"] == "too_many_followed"
    await socket.wire.disconnect()
