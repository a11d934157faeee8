"""A call of any protocol that was made before: what it finds when its log has gone, and what never starts a run."""

import json
from typing import Any, NamedTuple

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient
from django.utils import timezone

from flows import services
from flows.events import yielded
from flows.models import Flow, Run
from tests.flows.log.compaction import expire_logs
from tests.flows.rest_client import whole
from tests.flows.scripted import graph, node, path
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

MESSAGES = [{"role": "user", "content": "Hello"}]
CHAT = {"model": "desk", "messages": MESSAGES, "max_tokens": 5}
RESPONSE = {"model": "desk", "input": "Hello"}
UI_CHAT = {"id": "c", "messages": [{"role": "user", "parts": [{"type": "text", "text": "Hello"}]}]}
AGENT_RUN = {"threadId": "t", "runId": "r", "messages": MESSAGES}


def build_tool_call(**more: Any) -> dict[str, Any]:
    params = {"name": "desk", "arguments": {"prompt": "Hello"}, **more}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


class Call(NamedTuple):
    """A call of a protocol that starts a run."""

    address: str
    body: dict[str, Any]
    headers: dict[str, str] = {}  # nobody changes it


WHOLE_CALLS = {
    "openai": Call("/v1/chat/completions", CHAT),
    "responses": Call("/v1/responses", RESPONSE),
    "anthropic": Call("/v1/messages", CHAT),
    "mcp": Call("/mcp", build_tool_call()),
}
STREAMED_CALLS = {
    "openai stream": Call("/v1/chat/completions", {**CHAT, "stream": True}),
    "responses stream": Call("/v1/responses", {**RESPONSE, "stream": True}),
    "anthropic stream": Call("/v1/messages", {**CHAT, "stream": True}),
    "ai sdk": Call("/api/v1/flows/desk/ui", UI_CHAT),
    "ag-ui": Call("/api/v1/flows/desk/ag-ui", AGENT_RUN),
    "mcp stream": Call("/mcp", build_tool_call(_meta={"progressToken": 1})),
}
CALLS = {**WHOLE_CALLS, **STREAMED_CALLS}


async def send(name: str, key: str, **headers: str) -> Any:
    address, body, own = CALLS[name]
    named = {header.replace("_", "-"): text for header, text in headers.items()}
    given = {"Authorization": f"Bearer {key}", **own, **named}
    return await AsyncClient().post(address, body, content_type="application/json", headers=given)


def read_code(answer: Any) -> str | None:
    """Return the code of a refused call; None where the errors of its protocol have none."""
    if answer["Content-Type"] != "application/json":
        return None
    body = answer.json()
    error = body.get("error", body)
    code: str | None = error.get("data", error).get("code")
    return code


async def read_text(answer: Any) -> str:
    return await whole(answer) if answer.streaming else str(answer.content.decode())


@pytest.fixture
async def desk(workspace: Workspace) -> Flow:
    """A flow that yields a text, a value and data, and is a tool too."""
    nodes = [
        node("text", "control.yield_return", value={"expression": "chatCompletionRequest.prompt"}),
        node("value", "control.yield_return", value={"expression": '{"a": 1}'}),
        node("data", "control.yield_return", value="apart", kind="data"),
    ]
    return await create_desk(workspace, *nodes)


async def create_desk(workspace: Workspace, *nodes: dict[str, Any]) -> Flow:
    start = node("trigger", "chat.completion_trigger", offer_as_tool=True)
    document = graph([start, *nodes], path("trigger", *(each["id"] for each in nodes)))
    return await sync_to_async(services.create_flow)(workspace.pk, "Desk", "", document)


async def let_logs_expire() -> None:
    await sync_to_async(expire_logs)()
    await Run.objects.aupdate(started_at=timezone.now())  # so that their keys are not free yet


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", WHOLE_CALLS)
async def test_a_whole_answer_is_given_again_when_the_log_has_gone(key: str, name: str) -> None:
    first = (await send(name, key, Idempotency_Key="once")).json()
    await let_logs_expire()
    again = await send(name, key, Idempotency_Key="once")
    assert (again.status_code, again.json()) == (200, first)
    assert "Hello" in json.dumps(first)
    assert await Run.objects.acount() == 1


@pytest.mark.parametrize("name", WHOLE_CALLS)
async def test_a_failure_is_told_again_when_the_log_has_gone(workspace: Workspace, key: str, name: str) -> None:
    await create_desk(workspace, node("throw", "control.throw", message="The mill stands still."))
    first = await send(name, key, Idempotency_Key="once")
    await let_logs_expire()
    again = await send(name, key, Idempotency_Key="once")
    assert "The mill stands still." in again.content.decode()
    assert (again.status_code, strip(again.json())) == (first.status_code, strip(first.json()))


def strip(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body without the id of its request."""
    return {name: value for name, value in body.items() if name != "request_id"}


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", WHOLE_CALLS)
async def test_what_was_not_kept_of_a_large_answer_is_not_left_out_silently(
    key: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await send(name, key, Idempotency_Key="once")
    monkeypatch.setattr(yielded, "MAX_YIELDED_BYTES", 200)
    await let_logs_expire()
    again = await send(name, key, Idempotency_Key="once")
    assert "has yielded more than" in again.content.decode()


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", STREAMED_CALLS)
async def test_a_stream_is_refused_when_the_log_has_gone(key: str, name: str) -> None:
    assert "Hello" in await read_text(await send(name, key, Idempotency_Key="once"))
    await let_logs_expire()
    again = await send(name, key, Idempotency_Key="once")
    assert (again.status_code, again.streaming) == (410, False)
    assert "The log of this run was deleted" in again.content.decode()
    assert read_code(again) in ("log_expired", None)  # Anthropic's and the AI SDK's errors have no code
    assert await Run.objects.acount() == 1


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("last", ["3", "0", "nonsense"])
async def test_a_last_event_id_alone_never_starts_a_run(key: str, name: str, last: str) -> None:
    answer = await send(name, key, Last_Event_ID=last)
    assert answer.status_code == 409
    assert "would start another run" in answer.content.decode()
    assert read_code(answer) in ("resume_needs_key", None)
    assert await Run.objects.acount() == 0


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("name", CALLS)
async def test_a_last_event_id_with_a_key_finds_the_run_from_its_beginning(key: str, name: str) -> None:
    unused = await send(name, key, Idempotency_Key="once", Last_Event_ID="3")
    assert (unused.status_code, await Run.objects.acount()) == (409, 0)
    first = await read_text(await send(name, key, Idempotency_Key="once", Last_Event_ID=""))
    again = await read_text(await send(name, key, Idempotency_Key="once", Last_Event_ID="3"))
    assert first == again
    assert await Run.objects.acount() == 1


@pytest.mark.usefixtures("desk")
async def test_a_request_of_an_mcp_session_is_found_without_a_key_of_its_own(key: str) -> None:
    first = await send("mcp", key, Mcp_Session_Id="a")
    again = await send("mcp", key, Mcp_Session_Id="a", Last_Event_ID="3")
    assert (again.status_code, again["X-Run"]) == (200, first["X-Run"])
    unknown = await send("mcp", key, Mcp_Session_Id="b", Last_Event_ID="3")
    assert (read_code(unknown), await Run.objects.acount()) == ("nothing_to_resume", 1)
