"""Answers of megabytes: whole, in pieces, and one at a time in memory."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse

from flows import services
from flows.api import documents
from flows.log import record_reader
from flows.log.record_reader import LogReading
from flows.models import Flow, Run
from flows.wire import waiting_response
from flows.wire.json_pieces import PIECE_CHARACTERS, iterate_json
from flows.wire.large_answer import MAX_MEMORY_BYTES, answer_json
from flows.wire.streamed_response import StreamedResponse
from tests.flows.rest_client import get, post
from tests.flows.scripted import graph, node, path, trigger
from workspaces import keys
from workspaces.models import Workspace

LONG = 'ä\n"\\🙂' * PIECE_CHARACTERS
VALUES: list[Any] = [
    LONG,
    {"text": LONG, "list": [LONG, None, 1.5, True], LONG[:100]: {}},
    [[[[[["deep", LONG]]]]]],
    {},
    [],
    "",
]


@pytest.mark.parametrize("value", VALUES)
def test_the_pieces_are_the_json_of_the_value(value: Any) -> None:
    assert json.loads(b"".join(iterate_json(value))) == value


def test_a_long_text_is_written_in_parts() -> None:
    assert max(len(piece) for piece in iterate_json({"text": LONG, "list": [LONG]})) < 10 * PIECE_CHARACTERS


async def read(response: HttpResponse | StreamedResponse) -> bytes:
    if isinstance(response, HttpResponse):
        return response.content
    return b"".join([piece async for piece in response])


@pytest.mark.parametrize(("size", "is_streamed"), [(10, False), (MAX_MEMORY_BYTES, True)])
async def test_an_answer_says_its_length_and_is_held_in_memory_when_it_is_small(size: int, is_streamed: bool) -> None:
    response = await answer_json({"text": "x" * size}, 409, {"X-Run": "r"})
    assert (isinstance(response, StreamedResponse), response.status_code, response["X-Run"]) == (is_streamed, 409, "r")
    content = await read(response)
    assert json.loads(content) == {"text": "x" * size}
    assert response["Content-Length"] == str(len(content))
    response.close()


async def test_an_answer_that_nobody_reads_is_forgotten() -> None:
    response = await answer_json({"text": "x" * MAX_MEMORY_BYTES})
    assert isinstance(response, StreamedResponse)
    response.close()
    with pytest.raises(ValueError, match="closed"):
        await read(response)


class Reader:
    """Reads for a workspace, notes its name when it has got its turn, and ends when it is told."""

    def __init__(self, order: list[str], name: str, workspace_id: UUID, stored_bytes: int) -> None:
        self.end = asyncio.Event()
        self.task = asyncio.create_task(self._read(order, name, workspace_id, stored_bytes))

    async def _read(self, order: list[str], name: str, workspace_id: UUID, stored_bytes: int) -> None:
        async with LogReading(workspace_id, stored_bytes):
            order.append(name)
            await self.end.wait()


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_large_reading_goes_on_at_a_time_and_workspaces_take_turns() -> None:
    order: list[str] = []
    many, few, large = uuid4(), uuid4(), record_reader.MAX_SMALL_BYTES + 1
    readers = [Reader(order, f"many {number}", many, large) for number in range(3)]
    first_in_line = Reader(order, "left", uuid4(), large)
    await settle()
    readers.append(Reader(order, "few", few, large))
    readers.append(Reader(order, "small", many, 1))
    await settle()
    assert order == ["many 0", "small"]
    first_in_line.task.cancel()
    await settle()
    readers[0].end.set()
    await settle()
    assert order == ["many 0", "small", "few"]
    readers[1].task.cancel()  # it has left while it waited
    await settle()
    readers[3].end.set()
    await settle()
    assert order == ["many 0", "small", "few", "many 2"]
    for reader in readers:
        reader.end.set()
    await asyncio.gather(*(reader.task for reader in readers), return_exceptions=True)


@pytest.fixture
async def large_flow(workspace: Workspace) -> AsyncIterator[Flow]:
    """A flow that yields what it is sent, ten times."""
    steps = [
        trigger(),
        node("times", "control.for_each", items=list(range(10))),
        node("yield", "control.yield_return", value={"expression": "chatCompletionRequest.context"}),
    ]
    document = graph(steps, path("trigger", "times:for_each_item", "yield"))
    yield await asyncio.to_thread(services.create_flow, workspace.pk, "Large", "", document)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
class TestOfARun:
    BODY = {"prompt": "x", "context": "y" * 200_000}

    async def test_the_same_is_given_by_the_call_and_by_the_state(
        self, workspace: Workspace, large_flow: Flow, key: str
    ) -> None:
        called = await post(large_flow, "run", key, self.BODY)
        outcome = json.loads(await read(called))
        assert isinstance(called, StreamedResponse)
        assert outcome["yielded"] == [self.BODY["context"]] * 10
        state = await get(f"/api/v1/runs/{outcome['run']}", key)
        assert json.loads(await read(state))["yielded"] == outcome["yielded"]

    async def test_a_large_answer_comes_after_the_white_space(
        self, large_flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(waiting_response, "MAX_SILENCE_S", 0.0)
        content = await read(await post(large_flow, "run", key, self.BODY))
        assert content.startswith(b" ")
        assert json.loads(content)["items"] == 10

    async def test_a_list_shows_the_inputs_of_its_first_runs_as_far_as_there_is_room(
        self, workspace: Workspace, large_flow: Flow, key: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(documents, "MAX_ROW_INPUT_CHARACTERS", 1_000)
        monkeypatch.setattr(documents, "MAX_LIST_INPUT_CHARACTERS", 1_500)
        reader = (await asyncio.to_thread(keys.issue_key, workspace, None, name="r", policies=["configure"]))[1]
        for context in ("a" * 600, "b" * 600, "c" * 5_000, "d" * 600):
            await post(large_flow, "run", key, {"prompt": "x", "context": context})
        runs = (await get("/api/v1/runs", reader)).json()["runs"]
        shown = [run["input"] and run["input"]["context"][0] for run in runs]
        assert shown == ["d", None, "b", None]
        assert await Run.objects.acount() == 4
