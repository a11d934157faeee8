"""What members of a workspace read of the nodes of a run, and that nobody else does."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from connections.models import Connection
from flows import services
from flows.models import Flow, Run, RunEvent
from flows.runs.local_run import read_run_events
from flows.wire.socket_protocol import pack_frames
from tests.flows.conftest import chat_graph
from tests.flows.log.compaction import compact, expire_logs
from tests.flows.rest_client import call, get, post, whole
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

SECRET_PROMPT = "An inner prompt that no caller may see"


@pytest.fixture
def guided(workspace: Workspace, connection: Connection) -> Flow:
    """A flow whose prompts are made of what the caller sent and of words of its own."""
    prompt = SECRET_PROMPT + ": {{ chatCompletionRequest.prompt }}"
    return services.create_flow(
        workspace.pk, "Guided", "", chat_graph(str(connection.pk), system_prompt=SECRET_PROMPT, user_prompt=prompt)
    )


async def run_flow(flow: Flow, key: str) -> str:
    response = await post(flow, "run", key)
    return str(response.headers["X-Run-Id"]) if "X-Run-Id" in response.headers else str(response.json()["run"])


async def read(client: Client, run: str, node_id: str, **query: Any) -> Any:
    response = await sync_to_async(client.get)(f"/api/v1/runs/{run}/nodes/{node_id}", query)
    assert response.status_code == 200, response.content
    return response.json()


def find(values: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(value for value in values if value["name"] == name)


async def test_the_prompt_is_read_as_it_was_bound(guided: Flow, key: str, client: Client) -> None:
    values = await read(client, await run_flow(guided, key), "answer")
    prompt = find(values["received"], "user_prompt")
    assert prompt["value"] == f"{SECRET_PROMPT}: What is it?"
    assert (prompt["source"], prompt["is_kept"], prompt["cut_bytes"]) == ("bound", True, None)
    assert prompt["written"] == SECRET_PROMPT + ": {{ chatCompletionRequest.prompt }}"
    assert find(values["received"], "model_id")["source"] == "fixed"
    assert find(values["received"], "temperature")["source"] == "default"
    assert find(values["received"], "connection")["source"] == "connection"
    assert find(values["gave"], "response")["value"]["text"] == "A mill race carries water."
    assert (values["state"], values["pass_count"], values["pass_number"]) == ("done", 1, 1)
    assert values["messages"]["text"] == "A mill race carries water."


async def test_each_message_of_a_path_can_be_chosen(guided: Flow, key: str, client: Client) -> None:
    run = await run_flow(guided, key)
    last = await read(client, run, "yield")
    texts = [
        (await read(client, run, "yield", **{"pass": number}))["received"][0]["value"]["text"]
        for number in range(1, last["pass_count"] + 1)
    ]
    assert "".join(texts) == "A mill race carries water."
    assert last["kept_passes"] == [{"first": 1, "last": last["pass_count"]}]
    assert last["pass_count"] > 1


async def test_the_trigger_gave_what_the_caller_sent(guided: Flow, key: str, client: Client) -> None:
    values = await read(client, await run_flow(guided, key), "trigger")
    assert values["gave"][0]["name"] == "chatCompletionRequest"
    assert values["gave"][0]["value"]["prompt"] == "What is it?"


async def test_a_node_that_the_run_has_not_reached_has_no_state(guided: Flow, key: str, client: Client) -> None:
    run = await run_flow(guided, key)
    graph = {**guided.graph, "nodes": [*guided.graph["nodes"], node("late", "control.log", message="x")]}
    await sync_to_async(services.save_graph)(guided, guided.revision, graph)
    values = await read(client, run, "late")
    assert (values["is_in_version"], values["state"], values["pass_count"], values["received"]) == (False, None, 0, [])


async def test_a_disabled_node_is_skipped_and_received_nothing(workspace: Workspace, key: str, client: Client) -> None:
    document = graph(
        [trigger(), node("log", "control.log", message="{{ chatCompletionRequest.prompt }}", disabled=True)],
        path("trigger", "log"),
    )
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Off", "", document)
    values = await read(client, await run_flow(flow, key), "log")
    assert (values["state"], values["pass_count"], values["received"]) == ("skipped", 0, [])


async def test_a_failed_node_tells_its_error_and_what_it_received(
    workspace: Workspace, key: str, client: Client
) -> None:
    document = graph(
        [trigger(), node("throw", "control.throw", message="No: {{ chatCompletionRequest.prompt }}")],
        path("trigger", "throw"),
    )
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Fails", "", document)
    await post(flow, "run", key)
    run = await Run.objects.aget()
    values = await read(client, str(run.pk), "throw")
    assert (values["state"], values["error"]["code"]) == ("failed", "thrown")
    assert find(values["received"], "message")["value"] == "No: What is it?"


async def test_values_are_read_after_compaction_and_go_with_the_log(guided: Flow, key: str, client: Client) -> None:
    run = await run_flow(guided, key)
    before = await read(client, run, "answer")
    await sync_to_async(lambda: compact(Run.objects.get().pk))()
    assert not await RunEvent.objects.filter(type="node.received").aexists()
    assert await read(client, run, "answer") == before
    await sync_to_async(expire_logs)()
    gone = await sync_to_async(client.get)(f"/api/v1/runs/{run}/nodes/answer")
    assert (gone.status_code, gone.json()["error"]["code"]) == (410, "log_expired")


async def test_another_workspace_finds_nothing(guided: Flow, key: str, bobs_client: Client) -> None:
    run = await run_flow(guided, key)
    answer = await sync_to_async(bobs_client.get)(f"/api/v1/runs/{run}/nodes/answer")
    assert answer.status_code == 404


@pytest.mark.parametrize("policies", [["execute"], ["configure"], ["execute", "configure"]])
async def test_no_api_key_reads_them(guided: Flow, key: str, workspace: Workspace, policies: list[str]) -> None:
    run = await run_flow(guided, key)
    _, other = await sync_to_async(keys.issue_key)(
        workspace, None, name="another", policies=policies, environments=["development"]
    )
    for text in (key, other):
        answer = await get(f"/api/v1/runs/{run}/nodes/answer", text)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "members_only")
    assert (await AsyncClient().get(f"/api/v1/runs/{run}/nodes/answer")).status_code == 401


async def test_no_public_form_holds_what_nodes_received(guided: Flow, key: str) -> None:
    """Walks every call and every format that an API key may use of flows and runs."""
    formats = ("text/event-stream", "application/x-ndjson", "application/json", "text/plain")
    answers = [await call(guided, key, f"by-{kind}", kind=kind) for kind in ("stream", "run", "submit")]
    seen = [await read_all(answer) for answer in answers]
    runs = [str(pk) async for pk in Run.objects.values_list("pk", flat=True)]
    answers = [await get(f"/api/v1/runs/{run}", key) for run in runs]
    answers += [await get(f"/api/v1/runs/{run}/events", key, Accept=accept) for run in runs for accept in formats]
    seen += [await read_all(answer) for answer in answers]
    assert len(seen) == 3 + len(runs) * 5
    for text in seen:
        assert SECRET_PROMPT not in text
        assert "node.received" not in text
        assert "node.gave" not in text
        assert "simulator-key-123" not in text
    assert await RunEvent.objects.filter(type="node.received", data__contains=SECRET_PROMPT).aexists()


async def test_the_canvas_is_not_sent_them(guided: Flow, key: str) -> None:
    await run_flow(guided, key)
    run = await Run.objects.aget()
    frames = [frame async for batch in read_run_events(run.pk) for frame in batch]
    assert "node.received" in {frame.type for frame in frames}
    events = [event for message in pack_frames(run.pk, frames) for event in json.loads(message)["events"]]
    assert len(events) == sum(frame.type not in ("node.received", "node.gave") for frame in frames)
    assert SECRET_PROMPT not in json.dumps(events)


async def test_the_key_of_a_connection_is_nowhere_in_them(guided: Flow, key: str, client: Client) -> None:
    run = await run_flow(guided, key)
    for name in ("trigger", "answer", "yield"):
        assert "simulator-key-123" not in json.dumps(await read(client, run, name))
    stored = [data async for data in RunEvent.objects.values_list("data", flat=True)]
    assert not any("simulator-key-123" in data for data in stored)


async def test_a_header_that_is_a_secret_is_hidden(workspace: Workspace, key: str, client: Client) -> None:
    headers = {"Authorization": "Bearer typed-into-the-flow", "Accept": "text/plain"}
    document = graph(
        [trigger(), node("call", "http.request", url="http://127.0.0.1:1/", headers=headers)], path("trigger", "call")
    )
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Calls", "", document)
    await post(flow, "run", key)
    run = await Run.objects.aget()
    shown = find((await read(client, str(run.pk), "call"))["received"], "headers")["value"]
    assert shown == {"Authorization": "[hidden]", "Accept": "text/plain"}


async def read_all(response: Any) -> str:
    assert response.status_code in (200, 202)
    return await whole(response) if response.streaming else response.content.decode()
