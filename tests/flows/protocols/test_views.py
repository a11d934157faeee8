"""What the addresses of the protocols answer where no client of a vendor shows the difference."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from flows import services
from flows.events import yielded
from flows.limits.live_runs import live_runs
from flows.log.frames import MAX_BATCH_BYTES
from flows.models import Flow, Run
from flows.protocols import answers, encoder, whole_answer
from flows.protocols.anthropic_messages import encode as anthropic_encode
from flows.protocols.openai_chat import encode as openai_encode
from flows.protocols.openai_responses import encode as responses_encode
from flows.wire import waiting_response
from tests.flows.rest_client import whole
from tests.flows.scripted import graph, node, path, trigger
from web.middleware.cut_short import CutShort
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

PATHS = {"openai": "/v1/chat/completions", "responses": "/v1/responses", "anthropic": "/v1/messages"}
ENCODERS = {"openai": openai_encode, "responses": responses_encode, "anthropic": anthropic_encode}
TIMES_TOLD = {"openai": 1, "responses": 5, "anthropic": 1}
"""How often a stream tells the text: the last events of Responses repeat it."""
MESSAGES = [{"role": "user", "content": "Hello"}]


async def ask(address: str, key: str, **body: Any) -> Any:
    messages = body.pop("messages", MESSAGES)
    given = {"messages": messages, "input": messages, "max_tokens": 1, **body}
    headers = {"Authorization": f"Bearer {key}"}
    return await AsyncClient().post(address, given, content_type="application/json", headers=headers)


async def create_flow(workspace: Workspace, name: str, *nodes: dict[str, Any]) -> Flow:
    """Create a flow whose nodes follow one another."""
    document = graph([trigger(), *nodes], path("trigger", *(each["id"] for each in nodes)))
    return await sync_to_async(services.create_flow)(workspace.pk, name, "", document)


LATE_FAILURE = (
    node("wait", "control.wait", seconds=0.3),
    node("throw", "control.throw", message="The mill stands still."),
)


@pytest.fixture
def short_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the status go after a moment without a word."""
    monkeypatch.setattr(answers, "MAX_SILENCE_S", 0.02)
    monkeypatch.setattr(waiting_response, "MAX_SILENCE_S", 0.02)


@pytest.mark.usefixtures("short_silence")
@pytest.mark.parametrize("protocol", PATHS)
async def test_a_whole_answer_that_fails_after_its_white_space_is_cut_short(
    workspace: Workspace, key: str, protocol: str
) -> None:
    await create_flow(workspace, "Late", *LATE_FAILURE)
    answer = await ask(PATHS[protocol], key, model="late")
    assert (answer.status_code, answer.streaming) == (200, True)
    with pytest.raises(CutShort):
        await whole(answer)


@pytest.mark.usefixtures("short_silence")
@pytest.mark.parametrize("protocol", PATHS)
async def test_a_stream_that_fails_after_a_silence_says_so_within_it(
    workspace: Workspace, key: str, protocol: str
) -> None:
    await create_flow(workspace, "Late", *LATE_FAILURE)
    answer = await ask(PATHS[protocol], key, model="late", stream=True)
    text = await whole(answer)
    assert answer.status_code == 200
    assert "The mill stands still." in text
    assert '"error"' in text


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("protocol", PATHS)
async def test_a_failure_before_the_words_names_its_run(
    workspace: Workspace, key: str, protocol: str, stream: bool
) -> None:
    await create_flow(workspace, "Early", LATE_FAILURE[1])
    answer = await ask(PATHS[protocol], key, model="early", stream=stream)
    assert (answer.status_code, answer["X-Should-Retry"]) == (502, "false")
    assert answer["X-Run"] == str((await Run.objects.aget()).pk)
    assert "The mill stands still." in answer.json()["error"]["message"]


@pytest.mark.parametrize("protocol", PATHS)
async def test_a_whole_answer_holds_as_much_as_there_is_room_for(
    workspace: Workspace, key: str, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"y{number}" for number in range(6)]
    await create_flow(workspace, "Long", *(node(name, "control.yield_return", value="x" * 100) for name in names))
    small = await ask(PATHS[protocol], key, model="long")
    monkeypatch.setattr(yielded, "MAX_YIELDED_BYTES", 1_000)
    refused = await ask(PATHS[protocol], key, model="long")
    streamed = await whole(await ask(PATHS[protocol], key, model="long", stream=True))
    assert "x" * 600 in small.content.decode()
    assert (refused.status_code, refused["X-Should-Retry"]) == (400, "false")
    assert await Run.objects.filter(pk=refused["X-Run"]).aexists()
    assert "`stream`" in refused.json()["error"]["message"]
    assert streamed.count("x" * 100) == 6 * TIMES_TOLD[protocol]


@pytest.mark.parametrize("protocol", PATHS)
async def test_large_values_are_read_and_joined_beside_the_event_loop(
    workspace: Workspace, key: str, protocol: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[int] = []

    def note_thread(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            threads.append(threading.get_ident())
            return function(*args)

        return call

    monkeypatch.setattr(whole_answer, "read_piece", note_thread(encoder.read_piece))
    monkeypatch.setattr(ENCODERS[protocol], "read_counts", note_thread(encoder.read_counts))
    await create_flow(workspace, "Large", node("large", "control.yield_return", value="x" * MAX_BATCH_BYTES))
    answer = await ask(PATHS[protocol], key, model="large")
    assert "x" * MAX_BATCH_BYTES in answer.content.decode()
    assert len(threads) == 2
    assert threading.get_ident() not in threads


@pytest.mark.parametrize("protocol", PATHS)
async def test_a_flow_that_only_returns_answers_with_that(workspace: Workspace, key: str, protocol: str) -> None:
    end = node("end", "control.return", value={"expression": "chatCompletionRequest.prompt"})
    await create_flow(workspace, "Return", end)
    whole_answer = (await ask(PATHS[protocol], key, model="return")).json()
    streamed = await whole(await ask(PATHS[protocol], key, model="return", stream=True))
    assert "Hello" in json.dumps(whole_answer)
    assert streamed.count("Hello") == TIMES_TOLD[protocol]


@pytest.mark.parametrize("protocol", PATHS)
async def test_what_was_said_before_reaches_the_trigger(workspace: Workspace, key: str, protocol: str) -> None:
    said = "chatCompletionRequest.history[0].content + '/' + chatCompletionRequest.prompt"
    await create_flow(workspace, "Echo", node("yield", "control.yield_return", value={"expression": said}))
    earlier = [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}]
    answer = await ask(PATHS[protocol], key, model="echo", messages=[*earlier, *MESSAGES])
    assert "One/Hello" in answer.content.decode()


async def test_the_session_is_named_in_a_header(flow: Flow, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "X-Session-Id": "chat-1"}
    body = {"model": "chat", "messages": MESSAGES}
    await AsyncClient().post(PATHS["openai"], body, content_type="application/json", headers=headers)
    assert (await Run.objects.aget()).session_id == "chat-1"


async def test_a_repeated_call_finds_its_run(flow: Flow, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": "one"}
    body = {"model": "chat", "messages": MESSAGES}
    first, again = [
        await AsyncClient().post(PATHS["openai"], body, content_type="application/json", headers=headers)
        for _ in range(2)
    ]
    assert first.json() == again.json()
    assert await Run.objects.acount() == 1


async def test_an_unknown_address_below_v1_has_the_protocols_error(key: str) -> None:
    answer = await ask("/v1/embeddings", key)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "invalid_request_error")
    theirs = await ask("/v1/messages/batches", key)
    assert (theirs.status_code, theirs.json()["type"]) == (404, "error")


async def test_a_count_of_tokens_takes_a_seat_of_a_run_and_gives_it_back(flow: Flow, key: str, settings: Any) -> None:
    path, model = "/v1/messages/count_tokens", str(flow.pk)
    for most, status in ((1, 200), (1, 200), (0, 429)):
        settings.MILLRACE_RUN_LIMITS = replace(settings.MILLRACE_RUN_LIMITS, live_runs_per_caller=most)
        assert (await ask(path, key, model=model)).status_code == status
    assert not live_runs
