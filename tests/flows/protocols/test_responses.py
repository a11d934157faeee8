"""What only Responses have: sessions that a call names by an earlier answer, and last events that repeat the text."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from flows import services
from flows.log.frames import Frame
from flows.models import Flow, Run
from flows.protocols.openai_responses import encode
from flows.protocols.openai_responses.encode import ResponseEvents
from flows.protocols.text_so_far import NO_TEXT
from tests.flows.protocols.golden import read_frames
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def respond(key: str, **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {key}", **body.pop("headers", {})}
    given = {"model": "memory", "input": "Hello", **body}
    return await AsyncClient().post("/v1/responses", given, content_type="application/json", headers=headers)


@pytest.fixture
def memory(workspace: Workspace) -> Flow:
    """A flow that reads its session."""
    value = {"expression": "chatCompletionRequest.session_id"}
    nodes = [trigger(), node("yield", "control.yield_return", value=value)]
    return services.create_flow(workspace.pk, "Memory", "", graph(nodes, path("trigger", "yield")))


@pytest.fixture
def forgetful(workspace: Workspace) -> Flow:
    nodes = [trigger(), node("yield", "control.yield_return", value="Hi.")]
    return services.create_flow(workspace.pk, "Forgetful", "", graph(nodes, path("trigger", "yield")))


def read_text(answer: Any) -> str:
    return str(answer.json()["output"][0]["content"][0]["text"])


async def read_sessions() -> list[str]:
    return [session async for session in Run.objects.order_by("started_at").values_list("session_id", flat=True)]


@pytest.mark.usefixtures("memory")
async def test_a_call_that_follows_a_response_has_its_session(key: str) -> None:
    first = await respond(key)
    second = await respond(key, previous_response_id=first.json()["id"])
    third = await respond(key, previous_response_id=second.json()["id"])
    assert read_text(first) == read_text(second) == read_text(third) != ""
    assert second.json()["previous_response_id"] == first.json()["id"]


@pytest.mark.usefixtures("memory")
async def test_calls_that_follow_nothing_have_sessions_of_their_own(key: str) -> None:
    await respond(key)
    await respond(key)
    first, second = await read_sessions()
    assert first != second


@pytest.mark.usefixtures("memory")
@pytest.mark.parametrize(
    ("given", "session"),
    [
        ({"conversation": {"id": "chat-1"}}, "chat-1"),
        ({"headers": {"X-Session-Id": "chat-2"}}, "chat-2"),
        ({"headers": {"X-Session-Id": "chat-2"}, "conversation": "chat-1"}, "chat-2"),
        ({"store": False}, ""),
    ],
)
async def test_a_session_is_that_which_the_call_names(key: str, given: dict[str, Any], session: str) -> None:
    await respond(key, **given)
    assert await read_sessions() == [session]


@pytest.mark.usefixtures("memory")
async def test_a_repeated_call_finds_its_run_and_session(key: str) -> None:
    first, again = [await respond(key, headers={"Idempotency-Key": "one"}) for _ in range(2)]
    assert first.json() == again.json()
    assert await Run.objects.acount() == 1


@pytest.mark.usefixtures("forgetful")
async def test_a_flow_without_a_history_gets_no_session_and_follows_nothing(key: str) -> None:
    first = await respond(key, model="forgetful")
    assert await read_sessions() == [""]
    refused = await respond(key, model="forgetful", previous_response_id=first.json()["id"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (400, "history_not_kept")
    assert refused.json()["error"]["param"] == "previous_response_id"
    assert await Run.objects.acount() == 1


@pytest.mark.usefixtures("memory", "forgetful")
async def test_the_response_of_another_key_or_flow_is_not_found(workspace: Workspace, key: str) -> None:
    others = (
        await sync_to_async(keys.issue_key)(
            workspace, None, name="Other", policies=["execute"], environments=["development"]
        )
    )[1]
    mine, elsewhere = await respond(key), await respond(key, model="forgetful")
    not_stored = await respond(key, store=False)
    ids = [elsewhere.json()["id"], not_stored.json()["id"], "resp_x", ""]
    refused = [await respond(key, previous_response_id=id) for id in ids[:3]]
    refused.append(await respond(others, previous_response_id=mine.json()["id"]))
    assert [each.status_code for each in refused] == [400] * 4
    assert {each.json()["error"]["code"] for each in refused} == {"previous_response_not_found"}


def test_a_text_that_is_too_long_to_be_repeated_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "MAX_TEXT_MB", 5 / 1024**2)
    written = ResponseEvents("mill").encode(read_frames("cited")).decode()
    assert '"delta":" there."' in written
    assert "response.output_text.done" not in written
    failed, error = written.strip().split("\n\n")[-2:]
    assert failed.startswith("event: response.failed\n")
    assert json.loads(error.partition("data: ")[2])["error"]["code"] == "answer_too_large"


def test_sources_that_are_too_much_to_be_repeated_end_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encode, "MAX_TEXT_MB", 10_000 / 1024**2)
    first, *_, end = read_frames("cited")
    source = {"url": "https://e.test", "source": None, "title": "x" * 100, "cited_text": None}
    sources = [Frame(seq, "item", json.dumps({"kind": "source", "value": source}).encode()) for seq in range(200)]
    written = ResponseEvents("mill").encode([first, *sources, end]).decode()
    assert written.count("event: response.output_text.annotation.added") == 200
    assert "event: response.failed" in written
    assert len(written) < 2 * 200 * 400


def test_a_long_answer_is_copied_for_no_delta() -> None:
    text = NO_TEXT.add("a")
    longer, other = text.add("b"), text.add("c")
    assert (text.join(), longer.join(), other.join()) == ("a", "ab", "ac")
    assert longer.pieces is text.pieces


def test_numbers_rise_by_one_over_the_whole_answer() -> None:
    events = ResponseEvents("mill").encode(read_frames("cited")).decode().strip().split("\n\n")
    numbers = [json.loads(event.partition("data: ")[2])["sequence_number"] for event in events]
    assert numbers == list(range(len(events)))


def test_an_answer_that_was_cut_is_incomplete() -> None:
    *before, end = read_frames("cited")
    cut = Frame(end.seq, end.type, json.dumps({**json.loads(end.data), "finish_kind": "length"}).encode())
    last = ResponseEvents("mill").encode([*before, cut]).decode().strip().split("\n\n")[-1]
    assert last.startswith("event: response.incomplete\n")
    assert json.loads(last.partition("data: ")[2])["response"]["incomplete_details"] == {"reason": "max_output_tokens"}
