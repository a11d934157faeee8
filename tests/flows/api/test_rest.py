"""Flows over REST: streamed, waited for, submitted, resumed, stopped, and refused."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.http.response import StreamingHttpResponse
from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from flows import services
from flows.models import Flow, Run, RunEvent
from flows.runs import cancel, cancel_requests
from flows.runs.cancel import cancel_requested_runs, cancel_run
from tests.flows.conftest import chat_graph
from tests.flows.rest_client import PROMPT, events_of, get, post, read, whole
from tests.flows.scripted import graph, node, path, trigger
from web.middleware.cut_short import CutShort
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def test_a_stream_holds_what_was_yielded_and_one_end(flow: Flow, key: str) -> None:
    response = await post(flow, "stream", key)
    events = await read(response)
    assert response["Content-Type"] == "text/event-stream; charset=utf-8"
    assert response["Cache-Control"] == "no-cache, no-transform"
    assert [e["type"] for e in events] == ["run.started", *["item"] * (len(events) - 2), "run.completed"]
    assert "".join(e["text"] for e in events if e["type"] == "item") == "A mill race carries water."
    assert [e["index"] for e in events if e["type"] == "item"] == list(range(len(events) - 2))
    assert events[-1]["finish_reason"] == "end_turn"
    assert events[-1]["usage"]["output_tokens"] > 0


async def test_a_chunk_arrives_while_the_model_is_still_writing(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 1
    response = await post(flow, "stream", key)
    events = events_of(response)
    first = [await anext(events), await anext(events)]
    run = await Run.objects.aget()
    assert (first[1]["type"], run.status) == ("item", "running")
    assert await cancel_run(run.pk, "enough") == "cancelled"
    assert [e["type"] async for e in events][-1] == "run.cancelled"


async def test_run_waits_and_answers_the_whole(flow: Flow, key: str) -> None:
    response = await post(flow, "run", key)
    assert response.status_code == 200
    assert response.json()["text"] == "A mill race carries water."
    assert response.json()["status"] == "completed"


async def test_a_run_that_fails_is_told_with_its_text_so_far(flow: Flow, key: str, script: Script) -> None:
    script.cut_after = 2
    response = await post(flow, "run", key)
    assert response.status_code == 502
    assert response.json()["error"]["code"] == "upstream_truncated"
    assert response.json()["text"].startswith("A mill")


async def test_submit_answers_at_once_with_where_to_find_it(flow: Flow, key: str) -> None:
    response = await post(flow, "submit", key)
    links = response.json()["links"]
    assert response.status_code == 202
    events = await read(await get(links["events"], key))
    assert events[-1]["type"] == "run.completed"
    assert (await get(links["state"], key)).json()["state"]["text"] == "A mill race carries water."


async def test_a_reader_resumes_after_its_cursor_and_misses_nothing(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "submit", key)).json()["run"]
    whole = await read(await get(f"/api/v1/runs/{run_id}/events", key))
    for seen in whole[:-1]:
        rest = await read(await get(f"/api/v1/runs/{run_id}/events", key, **{"Last-Event-ID": str(seen["seq"])}))
        assert rest == [event for event in whole if event["seq"] > seen["seq"]]


async def test_a_stream_that_was_read_to_its_end_is_not_come_back_for(flow: Flow, key: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    last = await RunEvent.objects.filter(run_id=run_id).acount()
    assert (await get(f"/api/v1/runs/{run_id}/events?after={last}", key)).status_code == 204


@pytest.mark.parametrize("cursor", ["abc", "-1", "1e3", "9" * 30, "10000", "٣"])
async def test_a_cursor_that_is_none_is_refused(flow: Flow, key: str, cursor: str) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    response = await get(f"/api/v1/runs/{run_id}/events?after={cursor}", key)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "bad_cursor")


async def test_a_client_that_leaves_does_not_stop_the_run(flow: Flow, key: str, script: Script) -> None:
    script.pause_s = 0.01
    response = await post(flow, "stream", key)
    events = events_of(response)
    await anext(events)
    await events.aclose()
    run = await Run.objects.aget()
    rest = await read(await get(f"/api/v1/runs/{run.pk}/events", key))
    assert rest[-1]["type"] == "run.completed"


async def test_cancel_closes_the_vendors_stream_and_can_be_repeated(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 2
    run_id = (await post(flow, "submit", key)).json()["run"]
    headers = {"Authorization": f"Bearer {key}"}
    while await RunEvent.objects.filter(run_id=run_id, type="item").acount() < 2:
        await asyncio.sleep(0.01)
    for _ in range(2):
        answer = await AsyncClient().post(f"/api/v1/runs/{run_id}/cancel", headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    async with asyncio.timeout(60):
        while not script.closed:
            await asyncio.sleep(0.01)
    assert await RunEvent.objects.filter(run_id=run_id, type__startswith="run.").acount() == 2


async def test_a_run_of_another_process_is_stopped_by_that_process(flow: Flow, key: str, script: Script) -> None:
    script.stall_after = 2
    run_id = (await post(flow, "submit", key)).json()["run"]
    while await RunEvent.objects.filter(run_id=run_id, type="item").acount() < 2:
        await asyncio.sleep(0.01)
    await sync_to_async(cancel_requests.request_cancel)(
        UUID(run_id), "Stopped by a friend."
    )  # as the other process does
    await cancel_requested_runs()
    found = await Run.objects.aget(pk=run_id)
    assert (found.status, found.error_message) == ("cancelled", "Stopped by a friend.")


async def test_stop_tells_the_truth_of_a_process_that_does_not_answer(
    flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cancel, "ANSWER_LIMIT_S", 0.1)
    run_id = (await post(flow, "run", key)).json()["run"]
    await Run.objects.filter(pk=run_id).aupdate(status="running", worker=uuid4())
    answer = await AsyncClient().post(f"/api/v1/runs/{run_id}/cancel", headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, answer.json()["status"]) == (200, "running")
    assert (await Run.objects.aget(pk=run_id)).stop_asked == "The run was stopped."


async def test_a_key_hears_what_is_public_and_a_member_the_trace(flow: Flow, key: str, client: Client) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    public = await read(await get(f"/api/v1/runs/{run_id}/events", key))
    assert {e["type"] for e in public} == {"run.started", "item", "run.completed"}
    page = await sync_to_async(client.get)(f"/api/v1/runs/{run_id}/events", headers={"Accept": "application/json"})
    assert {"node.started", "node.finished", "usage"} <= {e["type"] for e in page.json()["events"]}
    assert "input" not in (await get(f"/api/v1/runs/{run_id}", key)).json()


async def test_a_list_of_runs_leaves_large_inputs_to_the_runs(flow: Flow, key: str, client: Client) -> None:
    prompts = ("short", "x" * 70_000)
    for prompt in prompts:
        await post(flow, "run", key, {"prompt": prompt})
    rows = (await sync_to_async(client.get)("/api/v1/runs")).json()["runs"]
    assert [row["input"] and row["input"]["prompt"] for row in rows] == [None, "short"]
    run = (await sync_to_async(client.get)(f"/api/v1/runs/{rows[0]['id']}")).json()
    assert run["input"]["prompt"] == prompts[1]


REFUSALS: dict[str, tuple[Any, int, str, str | None]] = {
    "no prompt": ({}, 422, "invalid_input", "prompt"),
    "an empty prompt": ({"prompt": ""}, 422, "invalid_input", "prompt"),
    "a prompt that is no text": ({"prompt": 1}, 422, "invalid_input", "prompt"),
    "a field that does not exist": ({"prompt": "x", "data": {}}, 422, "invalid_input", "data"),
    "a graph of the caller's own": ({"prompt": "x", "graph": {"nodes": []}}, 422, "invalid_input", "graph"),
    "a lone surrogate": (b'{"prompt": "\\ud800"}', 400, "bad_character", "prompt"),
    "a NUL": (b'{"prompt": "a\\u0000"}', 400, "bad_character", "prompt"),
    "no JSON": (b"{", 400, "invalid_json", None),
    "a list": (b"[]", 400, "invalid_json", None),
    "deep JSON": (b'{"context": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400, "too_deep", None),
    "two equal keys": (b'{"prompt": "a", "prompt": "b"}', 400, "duplicate_key", None),
    "an infinite number": (b'{"prompt": "a", "context": 1e999}', 400, "bad_number", None),
}


@pytest.mark.parametrize(("body", "status", "code", "field"), REFUSALS.values(), ids=REFUSALS)
async def test_a_body_is_refused_and_starts_nothing(
    flow: Flow, key: str, body: Any, status: int, code: str, field: str | None
) -> None:
    response = await post(flow, "stream", key, body)
    error = response.json()["error"]
    assert (response.status_code, error["code"], error.get("field")) == (status, code, field)
    assert await Run.objects.acount() == 0


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nope", "Basic YTpi", "Bearer mr_live_aaaaaaaa_" + "a" * 48])
async def test_a_wrong_key_is_told_nothing(flow: Flow, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    url = f"/api/v1/flows/{flow.pk}/run"
    answer = await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "not_signed_in")


async def test_a_key_travels_in_its_header_only(flow: Flow, key: str) -> None:
    url = f"/api/v1/flows/{flow.pk}/run?api_key={key}"
    headers = {"X-API-Key": key}
    answer = await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=headers)
    assert answer.status_code == 401


async def test_another_workspaces_flow_looks_like_none(flow: Flow, key: str, other_workspace: Workspace) -> None:
    theirs = await sync_to_async(services.create_flow)(other_workspace.pk, "Theirs")
    foreign, missing = await post(theirs, "run", key), await post(Flow(pk=uuid4()), "run", key)
    assert foreign.status_code == missing.status_code == 404
    assert foreign.json()["error"]["code"] == missing.json()["error"]["code"] == "not_found"


async def test_a_flow_with_problems_does_not_run_and_tells_them_all(workspace: Workspace, key: str) -> None:
    broken = graph([trigger(), node("y", "control.yield_return", value="{{ nope }}")], path("trigger", "y"))
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Broken", "", broken)
    response = await post(flow, "run", key)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "flow_has_problems")
    assert response.json()["error"]["problems"][0]["property"] == "value"


def test_a_stale_save_overwrites_nothing(flow: Flow, client: Client) -> None:
    url = f"/api/v1/flows/{flow.pk}/graph"
    mine = graph([trigger()], [])
    first = client.put(url, {"revision": 1, "graph": mine}, content_type="application/json")
    second = client.put(url, {"revision": 1, "graph": chat_graph("")}, content_type="application/json")
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert (second.status_code, second.json()["error"]["code"]) == (409, "version_conflict")
    flow.refresh_from_db()
    assert flow.graph == mine


def test_a_save_is_sent_again_without_a_conflict(flow: Flow, client: Client) -> None:
    url = f"/api/v1/flows/{flow.pk}/graph"
    body = {"revision": 1, "graph": graph([trigger()], [])}
    answers = [client.put(url, body, content_type="application/json") for _ in range(2)]
    assert [(each.status_code, each.json()["revision"]) for each in answers] == [(200, 2), (200, 2)]


GRAPHS: dict[str, tuple[Any, int, str]] = {
    "an unknown field": ({"schema": 1, "nodes": [], "extra": 1}, 400, "unknown_field"),
    "another schema": ({"schema": 2}, 422, "invalid_graph"),
    "a hostile id": ({"schema": 1, "nodes": [{**trigger(), "id": "__proto__/../x"}]}, 422, "invalid_graph"),
    "a position out of this world": (
        {"schema": 1, "nodes": [{**trigger(), "position": {"x": 1e300, "y": 0}}]},
        422,
        "invalid_graph",
    ),
    "too many nodes": (
        {"schema": 1, "nodes": [{**trigger(), "id": f"n{i}"} for i in range(501)]},
        422,
        "invalid_graph",
    ),
}


@pytest.mark.parametrize(("document", "status", "code"), GRAPHS.values(), ids=GRAPHS)
def test_what_is_no_graph_is_not_saved(flow: Flow, client: Client, document: Any, status: int, code: str) -> None:
    before = flow.graph
    answer = client.put(
        f"/api/v1/flows/{flow.pk}/graph", {"revision": 1, "graph": document}, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    flow.refresh_from_db()
    assert flow.graph == before


async def streamed(flow: Flow, key: str, accept: str, path: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {key}", "Accept": accept}
    if path:
        return await AsyncClient().get(path, headers=headers)
    url = f"/api/v1/flows/{flow.pk}/stream"
    return await AsyncClient().post(url, data=PROMPT, content_type="application/json", headers=headers)


ANSWER = "A mill race carries water."


async def whole_until_cut(response: StreamingHttpResponse) -> str:
    """Return what the answer held before it was cut short; fails when it was not."""
    pieces: list[bytes] = []
    with pytest.raises(CutShort):
        async for piece in response:
            pieces.append(piece)  # noqa: PERF401  # a list would be lost with the exception
    return b"".join(pieces).decode()


async def test_lines_are_the_events_and_can_be_resumed(flow: Flow, key: str) -> None:
    response = await streamed(flow, key, "application/x-ndjson")
    events = [json.loads(line) for line in (await whole(response)).splitlines()]
    assert "".join(event.get("text", "") for event in events) == ANSWER
    path = f"/api/v1/runs/{response['X-Run']}/events?after={events[2]['seq']}"
    rest = await whole(await streamed(flow, key, "application/x-ndjson", path))
    assert [json.loads(line) for line in rest.splitlines()] == events[3:]


async def test_an_array_has_an_element_for_every_yield(flow: Flow, key: str) -> None:
    response = await streamed(flow, key, "application/json")
    pieces = [piece async for piece in response]
    assert (pieces[0], "".join(json.loads(b"".join(pieces)))) == (b"[", ANSWER)


async def test_an_array_of_a_run_that_fails_is_left_open_after_the_error(flow: Flow, key: str, script: Script) -> None:
    script.cut_after = 2
    text = await whole_until_cut(await streamed(flow, key, "application/json"))
    elements = json.loads(text + "]")
    assert elements[-1]["error"]["code"] == "upstream_truncated"
    assert all(isinstance(element, str) for element in elements[:-1])


async def test_text_is_what_was_yielded(flow: Flow, key: str) -> None:
    response = await streamed(flow, key, "text/plain")
    assert (response["Content-Type"], await whole(response)) == ("text/plain; charset=utf-8", ANSWER)


async def test_text_of_a_run_that_fails_is_cut_short(flow: Flow, key: str, script: Script) -> None:
    script.cut_after = 2
    assert ANSWER.startswith(await whole_until_cut(await streamed(flow, key, "text/plain")))


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", "text/event-stream"),
        ("", "text/event-stream"),
        (" , ", "text/event-stream"),
        ("text/*", "text/event-stream"),
        ("application/json, text/event-stream", "application/json"),
        ("application/json;q=0.9, text/event-stream", "text/event-stream"),
        ("text/event-stream;q=0.5, application/x-ndjson", "application/x-ndjson"),
        ("application/json; charset=utf-8", "application/json"),
        ('Text/Plain;Charset="UTF-8";q=0.8, image/png', "text/plain"),
        ("*/*, text/event-stream;q=0", "application/x-ndjson"),
        ("text/*;q=0, */*;q=0.1", "application/x-ndjson"),
        ("*/*;q=0.9, text/plain", "text/plain"),
    ],
)
async def test_the_client_says_which_form_it_takes(flow: Flow, key: str, accept: str, media: str) -> None:
    response = await streamed(flow, key, accept)
    assert response["Content-Type"].startswith(media)
    await whole(response)


@pytest.mark.parametrize(
    "accept", ["image/png", "text/event-stream;q=0", "application/json;version=2", "text/plain;charset=latin1", "json"]
)
async def test_a_form_that_does_not_exist_is_refused_and_nothing_starts(flow: Flow, key: str, accept: str) -> None:
    response = await streamed(flow, key, accept)
    assert (response.status_code, response.json()["error"]["code"]) == (406, "not_acceptable")
    assert await Run.objects.acount() == 0


async def leave_after_the_first_event(response: StreamingHttpResponse) -> None:
    """Leave as a client does: the server cancels the task that sends to it."""
    heard = asyncio.Event()

    async def listen() -> None:
        async for _ in events_of(response):
            heard.set()

    task = asyncio.create_task(listen())
    await heard.wait()
    task.cancel()
    await asyncio.wait([task])


async def wait_for_end(run_id: str, key: str) -> None:
    """Return when the run has ended. A reader of its events would be a listener, and keep it."""
    while (await get(f"/api/v1/runs/{run_id}", key)).json()["status"] == "running":
        await asyncio.sleep(0.01)


async def test_a_run_whose_trigger_says_so_is_cancelled_when_its_callers_have_left(
    flow: Flow, key: str, script: Script
) -> None:
    flow.graph["nodes"][0]["properties"] |= {"on_disconnect": "cancel", "disconnect_grace": 0}
    await sync_to_async(flow.save)()
    script.stall_after = 1
    response = await post(flow, "stream", key)
    await leave_after_the_first_event(response)
    await wait_for_end(response["X-Run"], key)
    rest = await read(await get(f"/api/v1/runs/{response['X-Run']}/events", key))
    assert (rest[-1]["type"], rest[-1]["reason"]) == ("run.cancelled", "Nobody heard the run any more.")


async def test_a_caller_that_comes_back_in_time_keeps_the_run_going(flow: Flow, key: str, script: Script) -> None:
    flow.graph["nodes"][0]["properties"] |= {"on_disconnect": "cancel", "disconnect_grace": 600}
    await sync_to_async(flow.save)()
    script.pause_s = 0.1
    response = await post(flow, "stream", key)
    await leave_after_the_first_event(response)
    whole = await read(await get(f"/api/v1/runs/{response['X-Run']}/events", key))
    assert whole[-1]["type"] == "run.completed"
