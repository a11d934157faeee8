"""A session is one thing at every door: what a start takes, the other calls find."""

from typing import Any
from urllib.parse import quote

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from actions.anthropic.simulator import Script
from flows import services
from flows.models import Flow, Run
from tests.flows.rest_client import get, patch, post, whole
from tests.flows.scripted import graph, node, path
from workspaces import keys
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

ODD_IDS = ["cafe\u0301", "caf\u00e9", " a", "a\nb", "a\u200bb", "a/b", "a%2Fb", "a?b#c", "x/stream", "/", "x" * 200]
IN_HEADERS = ["cafe\u0301", "caf\u00e9", "a\u200bb", "a/b", "\u65e5\u672c"]
MESSAGES = [{"role": "user", "content": "Hello"}]


@pytest.fixture
async def key(workspace: Workspace) -> str:
    """An API key that may run flows and list sessions."""
    issue = sync_to_async(keys.issue_key)
    policies, environments = ["execute", "configure"], ["development"]
    _, secret = await issue(workspace, None, name="c", policies=policies, environments=environments)
    return str(secret)


@pytest.fixture
async def desk(workspace: Workspace) -> Flow:
    start = node("trigger", "chat.completion_trigger", offer_as_tool=True)
    document = graph([start, node("give", "control.yield_return", value="Hi")], path("trigger", "give"))
    return await sync_to_async(services.create_flow)(workspace.pk, "Desk", "", document)


def build_body(door: str, session: str) -> tuple[str, dict[str, Any]]:
    """Return the address of a protocol that names a session in its body, and the body."""
    asked = {"role": "user", "parts": [{"type": "text", "text": "Hello"}]}
    arguments = {"name": "desk", "arguments": {"prompt": "Hello", "session_id": session}}
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "rest": ("/api/v1/flows/desk/run", {"prompt": "Hello", "session_id": session}),
        "responses": ("/v1/responses", {"model": "desk", "input": "Hello", "conversation": session}),
        "named responses": ("/v1/responses", {"model": "desk", "input": "Hello", "conversation": {"id": session}}),
        "ai sdk": ("/api/v1/flows/desk/ui", {"id": session, "messages": [asked]}),
        "ag-ui": ("/api/v1/flows/desk/ag-ui", {"threadId": session, "runId": "r", "messages": MESSAGES}),
        "mcp": ("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": arguments}),
    }
    return calls[door]


async def send(address: str, key: str, body: dict[str, Any], **more: str) -> Any:
    headers = {"Authorization": f"Bearer {key}", **more}
    answer = await AsyncClient().post(address, body, content_type="application/json", headers=headers)
    if answer.streaming:
        await whole(answer)
    return answer


async def find_session(flow: Flow, key: str, session: str) -> list[str]:
    """Return what the other calls find of a session: its name in the list, and the ids of its runs."""
    named = await patch(f"/api/v1/flows/{flow.pk}/sessions", key, {"session_id": session, "name": "Mine"})
    assert named.status_code == 204, named.content
    rows = (await get(f"/api/v1/flows/{flow.pk}/sessions", key)).json()["sessions"]
    runs = (await get(f"/api/v1/runs?session_id={quote(session)}", key)).json()["runs"]
    return [*(row["name"] for row in rows if row["session_id"] == session), *(run["id"] for run in runs)]


@pytest.mark.parametrize("door", ["rest", "responses", "named responses", "ai sdk", "ag-ui", "mcp"])
@pytest.mark.parametrize("session", ODD_IDS)
async def test_a_session_of_a_body_is_found_by_the_other_calls(desk: Flow, key: str, door: str, session: str) -> None:
    address, body = build_body(door, session)
    answer = await send(address, key, body)
    assert await find_session(desk, key, session) == ["Mine", answer["X-Run"]]


@pytest.mark.parametrize("address", ["/v1/chat/completions", "/v1/messages", "/v1/responses"])
@pytest.mark.parametrize("session", IN_HEADERS)
async def test_a_session_of_a_header_is_that_of_a_body(desk: Flow, key: str, address: str, session: str) -> None:
    body = {"model": "desk", "messages": MESSAGES, "input": "Hello", "max_tokens": 1}
    answer = await send(address, key, body, **{"X-Session-Id": session.encode().decode("latin-1")})
    assert await find_session(desk, key, session) == ["Mine", answer["X-Run"]]


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("value", ["caf\xe9", "x\x85y", "\xff", "a\0b"])
async def test_a_header_that_is_no_text_is_refused(key: str, value: str) -> None:
    body = {"model": "desk", "messages": MESSAGES}
    answer = await send("/v1/chat/completions", key, body, **{"X-Session-Id": value})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_session_id")
    assert "X-Session-Id" in answer.json()["error"]["message"]
    assert await Run.objects.acount() == 0


# The client of the tests reads the bytes of a path as Latin-1, other than the server does.
@pytest.mark.parametrize("chat", [chat for chat in ODD_IDS if chat.isascii()])
async def test_a_chat_that_was_begun_is_resumed_and_stopped(flow: Flow, key: str, script: Script, chat: str) -> None:
    script.stall_after = 1
    started = await post(flow, "submit", key, {"prompt": "Hello", "session_id": chat})
    address = f"/api/v1/flows/{flow.pk}/ui/{quote(chat, safe='')}"
    resumed = await get(f"{address}/stream", key)
    assert (resumed.status_code, resumed["X-Run"]) == (200, started.json()["run"])
    stopped = await AsyncClient().post(f"{address}/stop", headers={"Authorization": f"Bearer {key}"})
    assert stopped.status_code == 204
    assert '"type":"abort"' in await whole(resumed)
    assert (await get(f"{address}/stream", key)).status_code == 204


async def test_a_refused_call_about_any_chat_is_told_as_the_ai_sdk_is_told(flow: Flow) -> None:
    answer = await AsyncClient().get(f"/api/v1/flows/{flow.pk}/ui/{quote(ODD_IDS[3])}/stream")
    assert (answer.status_code, answer["Content-Type"]) == (401, "text/plain; charset=utf-8")
