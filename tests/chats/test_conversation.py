"""A whole flow with a memory, called over REST: follow-up questions, a reducer, and two callers of one session id."""

from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client

from actions.anthropic.simulator import Script
from chats.models import ChatMessage, ChatSession
from connections.models import Connection
from flows import services
from flows.models import Flow
from tests.conftest import sign_in_client
from tests.flows.conftest import connection, ended_log, key, script, simulator
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys
from workspaces.models import User, Workspace

__all__ = ["connection", "ended_log", "key", "script", "simulator"]  # fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

SESSION = "chatCompletionRequest.session_id"


def build_graph(connection_id: str, action: str) -> dict[str, Any]:
    """Trigger, get, a completion with a reducer, save, return."""
    asked = {"connection": connection_id, "model_id": "claude-haiku-5-5", "max_completion_tokens": 1000}
    prompt = {"expression": "chatCompletionRequest.prompt"}
    session, response = {"expression": SESSION}, {"expression": "response"}
    edges = path("trigger", "get", "answer", "save", "return")
    reducer = {"id": "reduce", "kind": "attachment", "source": "answer", "source_port": "history_reducer"}
    return graph(
        [
            trigger(),
            node("get", "chat.get_history", session_id=session),
            node("answer", action, user_prompt=prompt, history={"expression": "history"}, **asked),
            node("reducer", "chat.history_truncation_reducer", target_count=2, threshold_count=2),
            node("save", "chat.save_history", session_id=session, user_message=prompt, response=response),
            node("return", "control.return", value={"expression": "response.text"}),
        ],
        [*edges, {**reducer, "target": "reducer", "target_port": "host"}],
    )


@pytest.fixture(params=["anthropic.chat_completion", "anthropic.streaming_chat_completion"])
def flow(request: pytest.FixtureRequest, workspace: Workspace, connection: Connection) -> Flow:
    return services.create_flow(workspace.pk, "Talk", "", build_graph(str(connection.pk), request.param))


async def ask(flow: Flow, key: str, prompt: str, session: str = "s") -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    body = {"prompt": prompt, "session_id": session}
    url = f"/api/v1/flows/{flow.pk}/run"
    response = await AsyncClient().post(url, data=body, content_type="application/json", headers=headers)
    assert response.status_code == 200, response.content
    return response.json()


def read_last_request(script: Script) -> list[str]:
    """Return what the last request said, turn by turn."""
    turns = script.requests[-1]["messages"]
    return [turn["content"] if isinstance(turn["content"], str) else turn["content"][-1]["text"] for turn in turns]


async def test_a_follow_up_question_is_asked_with_what_was_said(flow: Flow, key: str, script: Script) -> None:
    for prompt in ("One?", "Two?", "Three?"):
        await ask(flow, key, prompt)
    assert read_last_request(script) == ["Two?", "A mill race carries water.", "Three?"]
    assert await ChatMessage.objects.acount() == 6
    assert {message.run_id async for message in ChatMessage.objects.all()} != {None}


async def test_a_session_is_the_callers_own(flow: Flow, key: str, script: Script, workspace: Workspace) -> None:
    _, other = await sync_to_async(keys.issue_key)(
        workspace, None, name="other", policies=["execute"], environments=["development"]
    )
    await ask(flow, key, "One?")
    await ask(flow, other, "Two?")
    assert read_last_request(script) == ["Two?"]
    await ask(flow, other, "Three?", session="t")
    assert read_last_request(script) == ["Three?"]
    assert await ChatSession.objects.acount() == 3


async def test_a_refused_answer_is_not_asked_again(flow: Flow, key: str, script: Script) -> None:
    script.refuse_after = 1
    await ask(flow, key, "One?")
    script.refuse_after = None
    await ask(flow, key, "Two?")
    assert read_last_request(script) == ["Two?"]


async def test_a_caller_without_a_session_is_answered_without_a_memory(flow: Flow, key: str, script: Script) -> None:
    for prompt in ("One?", "Two?"):
        assert (await ask(flow, key, prompt, session=""))["status"] == "completed"
    assert read_last_request(script) == ["Two?"]
    assert not await ChatSession.objects.aexists()


@pytest.mark.django_db
def test_an_admin_of_the_server_can_delete_a_session_and_reads_none(alice: User, workspace: Workspace) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True, is_superuser=True)
    session = ChatSession.objects.create(workspace=workspace, owner="key:1", session_id="s-1")
    ChatMessage.objects.create(session=session, position=1, role="user", content="private words")
    keeper: Client = sign_in_client(alice)
    address = f"/admin/chats/chatsession/{session.pk}/"
    pages = ["/admin/chats/chatsession/", f"{address}change/", f"{address}delete/"]
    shown = "".join(keeper.get(page).content.decode() for page in pages)
    assert ("s-1" in shown, "private words" in shown) == (True, False)
    assert keeper.post(f"{address}delete/", {"post": "yes"}).status_code == 302
    assert not ChatMessage.objects.exists()
