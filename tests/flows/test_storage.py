"""What a workspace stores is counted, shown to its admins, and limited."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.test import Client

from actions.contract.errors import ActionError
from chats import services as chats
from chats.models import ChatMessage
from document_collections import services as collections
from document_collections.models import Collection, Document
from flows import services as flows
from flows.models import Flow, Run, RunArchive, RunEvent
from tests.flows.log.compaction import compact, expire_logs
from tests.flows.rest_client import post
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys, storage
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

PROMPT = {"prompt": "x" * 10_000}


@pytest.fixture
def flow(workspace: Workspace) -> Flow:
    give = node("give", "control.yield_return", value={"expression": "chatCompletionRequest.prompt"})
    return flows.create_flow(workspace.pk, "Echo", "", graph([trigger(), give], path("trigger", "give")))


@pytest.fixture
def key(workspace: Workspace) -> str:
    return keys.issue_key(workspace, None, name="test", policies=["execute"], environments=["development"])[1]


def read_storage(client: Client) -> Any:
    answer = client.get("/api/v1/storage")
    assert answer.status_code == 200
    return answer.json()


def count_event_bytes() -> int:
    return sum(len(data.encode()) for data in RunEvent.objects.values_list("data", flat=True))


async def test_a_run_counts_its_input_and_its_events_then_what_remains_of_them(flow: Flow, key: str) -> None:
    await post(flow, "run", key, PROMPT)
    await sync_to_async(_check_bytes_of_run)()


def _check_bytes_of_run() -> None:
    run = Run.objects.get()
    input_bytes = len(json.dumps(run.input))
    assert abs(run.stored_bytes - input_bytes - count_event_bytes()) < 100  # the body had less names than the input
    assert count_event_bytes() > 10_000
    compact(run.pk)
    run.refresh_from_db()
    archived = sum(len(data) for data in RunArchive.objects.values_list("data", flat=True))
    assert run.stored_bytes == input_bytes + archived
    assert 0 < archived < 5_000
    expire_logs()
    run.refresh_from_db()
    assert not RunArchive.objects.exists()
    assert run.kept_yields
    assert abs(run.stored_bytes - input_bytes - len(json.dumps(run.kept)) - len(run.kept_yields)) < 200


def test_a_collection_counts_its_chunks(workspace: Workspace, client: Client) -> None:
    collection = collections.create(workspace.pk, "Manuals", "", None)
    document = Document.objects.create(collection=collection, name="a.txt", uploaded=True, size=5_000)
    assert read_storage(client)["largest"] == [_describe(collection, 5_000)]
    Document.objects.filter(pk=document.pk).update(status="ready", stored_bytes=7_000)
    assert read_storage(client)["largest"] == [_describe(collection, 7_000)]


def _describe(collection: Collection, size: int) -> dict[str, Any]:
    return {"kind": "collection", "id": str(collection.pk), "name": "Manuals", "bytes": size}


def test_conversations_count_their_messages_and_keep_so_many_bytes(
    workspace: Workspace, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats, "MAX_KEPT_BYTES", 2_500)
    exchange = [{"role": "user", "content": "q" * 100}, {"role": "assistant", "content": "a" * 900}]
    for _ in range(4):
        chats.append(workspace.pk, "key:1", "s", exchange, None)
    sizes = [len(content) + 2 for content in ChatMessage.objects.values_list("content", flat=True)]
    assert sum(sizes) == 902 + 102 + 902 + 102
    parts = [{"kind": "conversations", "id": None, "name": "Conversations", "bytes": sum(sizes)}]
    assert read_storage(client)["largest"] == parts
    large = [{"role": "user", "content": "q" * 3_000}, {"role": "assistant", "content": "a" * 3_000}]
    chats.append(workspace.pk, "key:1", "s", large, None)
    assert [len(turn["content"]) for turn in chats.load(workspace.pk, "key:1", "s", 1_000)] == [3_000, 3_000]


def test_an_admin_sees_what_holds_most(workspace: Workspace, client: Client, settings: LazySettings) -> None:
    settings.MILLRACE_MAX_WORKSPACE_BYTES = 1_000_000
    for number in range(12):
        collection = collections.create(workspace.pk, f"Number {number}", "", None)
        Document.objects.create(collection=collection, name="a.txt", status="ready", stored_bytes=1_000 + number)
    shown = read_storage(client)
    assert (shown["used_bytes"], shown["allowed_bytes"]) == (12_066, 1_000_000)
    assert [part["name"] for part in shown["largest"]] == [f"Number {number}" for number in range(11, 1, -1)]


def test_an_admin_is_told_when_it_is_nearly_full(
    workspace: Workspace, client: Client, editors_client: Client, settings: LazySettings
) -> None:
    settings.MILLRACE_MAX_WORKSPACE_BYTES = 10 * 1024 * 1024
    collection = collections.create(workspace.pk, "Manuals", "", None)
    Document.objects.create(collection=collection, name="a.txt", status="ready", stored_bytes=9 * 1024 * 1024)
    (fault,) = client.get("/api/v1/me").json()["setup_faults"]
    assert fault.startswith("The workspace stores 9 MB of the 10 MB that are allowed. When it is full, no run starts,")
    assert editors_client.get("/api/v1/me").json()["setup_faults"] == []


def test_another_workspace_sees_nothing_of_it(workspace: Workspace, bobs_client: Client) -> None:
    collection = collections.create(workspace.pk, "Manuals", "", None)
    Document.objects.create(collection=collection, name="a.txt", status="ready", stored_bytes=1_000)
    shown = read_storage(bobs_client)
    assert (shown["used_bytes"], shown["largest"]) == (0, [])


async def test_a_workspace_that_is_full_starts_no_run(flow: Flow, key: str, settings: LazySettings) -> None:
    settings.MILLRACE_MAX_WORKSPACE_BYTES = 0
    for call in ("run", "stream", "submit"):
        answer = await post(flow, call, key, PROMPT)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (413, "limit_workspace_bytes")
        stored = await sync_to_async(flow.versions.get)()
        assert error["message"] == f"The workspace stores {stored.stored_bytes} bytes, and 0 bytes are allowed."
        assert "under Storage" in error["hint"]
    assert await Run.objects.acount() == 0


def test_another_workspace_is_not_concerned(
    workspace: Workspace, other_workspace: Workspace, settings: LazySettings
) -> None:
    settings.MILLRACE_MAX_WORKSPACE_BYTES = 1_000
    collection = collections.create(workspace.pk, "Full", "", None)
    Document.objects.create(collection=collection, name="a.txt", status="ready", stored_bytes=1_000)
    with pytest.raises(ActionError):
        storage.storage.require_room(workspace.pk)
    storage.storage.require_room(other_workspace.pk)
