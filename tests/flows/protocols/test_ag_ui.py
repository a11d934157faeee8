"""What AG-UI tells of a run where its client would take it for something else."""

import json
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient

from flows.log.frames import Frame
from flows.models import Flow, Run
from flows.protocols.ag_ui.encode import AgentEvents
from tests.flows.protocols.golden import read_frames
from tests.flows.rest_client import whole
from tests.odd_values import CARRIED, REFUSED
from workspaces import keys
from workspaces.models import Workspace


def encode(*frames: Frame) -> list[Any]:
    written = AgentEvents("thread-1", "run-1").encode(frames).decode()
    return [json.loads(block.removeprefix("data: ")) for block in written.strip().split("\n\n")]


def build_step(seq: int, output: Any, id: str = "one") -> Frame:
    value = {"id": id, "name": "search", "input": {"word": "mill"}, "output": output}
    return Frame(seq, "item", json.dumps({"kind": "tool", "value": value}).encode())


def list_calls(events: list[Any]) -> list[tuple[str, str]]:
    return [(event["type"], event["toolCallId"]) for event in events if "toolCallId" in event]


def test_a_step_that_is_told_twice_is_one_call() -> None:
    start, *_, end = read_frames("kinds")
    events = encode(start, build_step(2, None), build_step(3, {"found": 2}), build_step(4, "again"), end)
    ends = ["TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END", "TOOL_CALL_RESULT"]
    assert list_calls(events) == [(type, "r-0") for type in ends] + [(type, "r-2") for type in ends]
    assert [event["content"] for event in events if event["type"] == "TOOL_CALL_RESULT"] == ['{"found":2}', "again"]
    assert next(event["delta"] for event in events if event["type"] == "TOOL_CALL_ARGS") == '{"word":"mill"}'


def test_of_two_readers_one_that_is_behind_is_told_the_same() -> None:
    start, *_, end = read_frames("kinds")
    steps = [build_step(seq, output, id) for seq, (id, output) in enumerate((("a", None), ("b", None), ("a", 1)), 2)]
    first, second = (AgentEvents("thread-1", "run-1") for _ in range(2))
    ahead = [first.encode([frame]) for frame in (start, *steps, end)]
    assert second.encode([start, steps[0]]) == b"".join(ahead[:2])
    assert second.encode([*steps[1:], end]) == b"".join(ahead[2:])
    assert [second.encode([]), first.encode([])] == [b"", b""]


def test_of_very_many_open_steps_each_gets_its_result() -> None:
    start, *_, end = read_frames("kinds")
    count = 20_000
    events = encode(start, *(build_step(2 + number, None, str(number)) for number in range(count)), end)
    results = [event["toolCallId"] for event in events if event["type"] == "TOOL_CALL_RESULT"]
    assert results == [event["toolCallId"] for event in events if event["type"] == "TOOL_CALL_START"]
    assert len(results) == count


@pytest.mark.parametrize("run", ["kinds", "failed_in_the_middle"])
def test_a_step_without_an_output_does_not_wait_for_the_page(run: str) -> None:
    start, *_, end = read_frames(run)
    *_, answered, last = encode(start, build_step(2, None), end)
    assert (answered["type"], answered["toolCallId"], answered["content"]) == ("TOOL_CALL_RESULT", "r-0", "")
    assert last["type"] in ("RUN_FINISHED", "RUN_ERROR")


def test_text_behind_a_step_is_another_message() -> None:
    start, first, second, *_, end = read_frames("streamed")
    events = encode(start, first, build_step(3, 1), second, end)
    assert [event["messageId"] for event in events if event["type"] == "TEXT_MESSAGE_START"] == ["r-0", "r-3"]
    assert [event["messageId"] for event in events if event["type"] == "TEXT_MESSAGE_END"] == ["r-0", "r-3"]


def test_a_run_that_is_cancelled_has_not_failed() -> None:
    start, first, *_ = read_frames("streamed")
    cancelled = Frame(3, "run.cancelled", b'{"type":"run.cancelled","reason":"Stopped.","usage":null}')
    *_, closed, end = encode(start, first, cancelled)
    assert closed["type"] == "TEXT_MESSAGE_END"
    assert end == {
        "type": "RUN_FINISHED",
        "threadId": "thread-1",
        "runId": "run-1",
        "outcome": {"type": "cancelled"},
    }


def ask(flow: Flow, key: str, body: bytes, **headers: str) -> Any:
    path, sent = f"/api/v1/flows/{flow.pk}/ag-ui", {"Authorization": f"Bearer {key}", **headers}
    return AsyncClient().post(path, body, content_type="application/json", headers=sent)


ODD = [*(text for text, _ in CARRIED.values()), *REFUSED.values()]
BODY = {"threadId": "chat-1", "runId": "run-1", "messages": [{"id": "1", "role": "user", "content": "Hello"}]}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
class TestAddress:
    async def test_a_thread_is_a_session_and_a_repeated_call_finds_its_run(self, flow: Flow, key: str) -> None:
        first, again = [
            await whole(await ask(flow, key, json.dumps(BODY).encode(), **{"Idempotency-Key": "one"})) for _ in range(2)
        ]
        run = await Run.objects.aget()
        assert (run.session_id, first) == ("chat-1", again)
        assert f'"metadata":{{"run":"{run.pk}"}}' in first

    @pytest.mark.parametrize(
        "field", ["threadId", "runId", "messages", "context", "state", "resume", "role", "content"]
    )
    async def test_odd_values_are_taken_or_refused(self, flow: Flow, key: str, field: str) -> None:
        for odd in ODD:
            message = {"id": "1", "role": "user", "content": "Hello"}
            given = {**BODY, "messages": [{**message, field: "ODD"}]} if field in message else {**BODY, field: "ODD"}
            answer = await ask(flow, key, json.dumps(given).replace('"ODD"', odd).encode())
            assert answer.status_code in (200, 400), odd
            if answer.status_code == 200:
                await whole(answer)
            else:
                assert set(answer.json()) == {"message", "code"}, odd

    async def test_a_flow_that_is_not_published_is_refused(self, workspace: Workspace, flow: Flow) -> None:
        issue = sync_to_async(keys.issue_key)
        _, key = await issue(workspace, None, name="page", policies=["execute"], environments=["production"])
        answer = await ask(flow, key, json.dumps(BODY).encode())
        assert (answer.status_code, answer.json()["code"]) == (409, "not_published")

    @pytest.mark.parametrize(("method", "status"), [("get", 405), ("put", 405)])
    async def test_other_methods_are_refused_in_the_form_of_the_protocol(
        self, flow: Flow, method: str, status: int
    ) -> None:
        answer = await getattr(AsyncClient(), method)(f"/api/v1/flows/{flow.pk}/ag-ui")
        assert (answer.status_code, set(answer.json())) == (status, {"message", "code"})
