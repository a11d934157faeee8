"""A stream is resumed where it was cut: after which event, by which call, and never by starting another run."""

import asyncio
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from actions.anthropic.simulator import Script
from flows.log import rows
from flows.models import Flow, Run, RunEvent
from tests.flows.rest_client import PROMPT, get, post, read, whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def start_again(flow: Flow, key: str, call: str = "stream", **headers: str) -> Any:
    """Post a call that starts a run, with more headers."""
    given = {"Authorization": f"Bearer {key}", **headers}
    url = f"/api/v1/flows/{flow.pk}/{call}"
    return await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=given)


@pytest.mark.parametrize(
    ("query", "last", "first"),
    [("?after=1", "3", 4), ("?after=3", "1", 2), ("?after=3", "", 4), ("", "", 1), ("?after=9999", "2", 3)],
)
async def test_the_last_event_id_wins_and_an_empty_one_is_none(
    flow: Flow, key: str, query: str, last: str, first: int
) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    everything = await read(await get(f"/api/v1/runs/{run_id}/events", key))
    events = await read(await get(f"/api/v1/runs/{run_id}/events{query}", key, **{"Last-Event-ID": last}))
    assert events == [event for event in everything if event["seq"] >= first]


@pytest.mark.parametrize("last", ["abc", "-1", "1e3", "9" * 30, "10000", "٣"])
async def test_a_last_event_id_that_is_none_is_refused_by_its_name(flow: Flow, key: str, last: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    header = last.encode().decode("latin1")
    response = await get(f"/api/v1/runs/{run_id}/events?after=1", key, **{"Last-Event-ID": header})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (400, "bad_cursor", "Last-Event-ID")


async def test_an_after_that_is_no_cursor_is_refused_also_beside_the_header(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    response = await get(f"/api/v1/runs/{run_id}/events?after=abc", key, **{"Last-Event-ID": "1"})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (400, "bad_cursor", "after")


async def test_a_cursor_beyond_a_run_that_goes_on_is_refused(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    run_id = (await post(flow, "submit", key)).json()["run"]
    while not await RunEvent.objects.filter(run_id=run_id, type="item").aexists():
        await asyncio.sleep(0.01)
    response = await get(f"/api/v1/runs/{run_id}/events", key, **{"Last-Event-ID": "500"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_cursor")
    last = await sync_to_async(rows.read_last_seq)(run_id)
    await AsyncClient().post(f"/api/v1/runs/{run_id}/cancel", headers={"Authorization": f"Bearer {key}"})
    events = await read(await get(f"/api/v1/runs/{run_id}/events?after={last}", key))
    assert [event["type"] for event in events] == ["run.cancelled"]


async def test_a_key_that_is_sent_twice_starts_nothing(flow: Flow, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}
    again: dict[str, Any] = {"Idempotency-Key": "once"}  # one more line of the same name
    url = f"/api/v1/flows/{flow.pk}/submit"
    response = await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=headers, **again)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_idempotency_key")
    assert await Run.objects.acount() == 0


async def test_a_start_goes_on_after_the_last_event_under_its_key(flow: Flow, key: str) -> None:
    everything = await read(await start_again(flow, key, **{"Idempotency-Key": "once"}))
    for seen in everything[:-1]:
        headers = {"Idempotency-Key": "once", "Last-Event-ID": str(seen["seq"])}
        rest = await read(await start_again(flow, key, **headers))
        assert rest == [event for event in everything if event["seq"] > seen["seq"]]
    assert await Run.objects.acount() == 1


async def test_a_start_that_was_read_to_its_end_is_not_come_back_for(flow: Flow, key: str) -> None:
    everything = await read(await start_again(flow, key, **{"Idempotency-Key": "once"}))
    headers = {"Idempotency-Key": "once", "Last-Event-ID": str(everything[-1]["seq"])}
    assert (await start_again(flow, key, **headers)).status_code == 204


@pytest.mark.parametrize("call", ["stream", "run", "submit"])
@pytest.mark.parametrize("last", ["3", "0", "nonsense"])
async def test_a_last_event_id_alone_never_starts_a_run(flow: Flow, key: str, call: str, last: str) -> None:
    response = await start_again(flow, key, call, **{"Last-Event-ID": last})
    error = response.json()["error"]
    assert (response.status_code, error["code"], error["field"]) == (409, "resume_needs_key", "Last-Event-ID")
    assert "/events" in error["hint"]
    assert await Run.objects.acount() == 0


@pytest.mark.parametrize("call", ["stream", "run", "submit"])
async def test_a_last_event_id_with_a_key_that_has_started_nothing_starts_nothing(
    flow: Flow, key: str, call: str
) -> None:
    response = await start_again(flow, key, call, **{"Idempotency-Key": "never used", "Last-Event-ID": "3"})
    assert response.status_code == 400  # a key has no spaces
    response = await start_again(flow, key, call, **{"Idempotency-Key": "never-used", "Last-Event-ID": "3"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "nothing_to_resume")
    assert await Run.objects.acount() == 0


async def test_an_empty_last_event_id_starts_a_run(flow: Flow, key: str) -> None:
    events = await read(await start_again(flow, key, **{"Last-Event-ID": ""}))
    assert events[-1]["type"] == "run.completed"


async def test_a_start_whose_log_has_expired_says_so(flow: Flow, key: str) -> None:
    await whole(await start_again(flow, key, **{"Idempotency-Key": "once"}))
    run = await Run.objects.aget()
    await Run.objects.aupdate(log_expired_at=run.finished_at)
    response = await start_again(flow, key, **{"Idempotency-Key": "once"})
    assert (response.status_code, response.json()["error"]["code"]) == (410, "log_expired")


@pytest.mark.parametrize("accept", ["text/event-stream", "application/x-ndjson", "application/json", "text/plain"])
async def test_no_proxy_compresses_or_holds_back_a_stream(flow: Flow, key: str, accept: str) -> None:
    response = await start_again(flow, key, Accept=accept)
    assert response["Content-Encoding"] == "identity"
    assert response["X-Accel-Buffering"] == "no"
    pieces = [piece async for piece in response]
    assert pieces[0] == {"text/event-stream": b"retry: 1000\n", "application/json": b"["}.get(accept, b"")
