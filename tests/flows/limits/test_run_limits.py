"""How much one run may do: it fails at the node where it is, nothing catches that, and all until then is kept."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings

from actions.contract.errors import ActionError
from flows import services
from flows.engine.node_visits import describe_error
from flows.engine.resources import CallableFlow, RunResources
from flows.events import recorder
from flows.limits.run_limits import RunLimits
from flows.log import rows
from flows.models import Flow, Run
from tests.flows.rest_client import get, post, read, read_json
from tests.flows.scripted import analyse, graph, kinds, node, path, run, trigger
from workspaces.models import Workspace

PROMPT = {"expression": "chatCompletionRequest.prompt"}


def limited(**limits: int) -> RunResources:
    return RunResources(run_id="r", limits=replace(RunLimits(), **limits))


def loop(id: str, *items: Any) -> dict[str, Any]:
    return node(id, "control.for_each", items=list(items))


def describe_end(events: list[Any]) -> tuple[str, str | None]:
    return events[-1]["code"], events[-1]["node"]


class TestPasses:
    LOOPS = graph(
        [
            trigger(),
            node("rescue", "test.rescue"),
            loop("outer", 1, 2, 3),
            loop("inner", 1, 2, 3),
            node("log", "control.log", message="pass"),
            node("caught", "control.log", message="caught"),
        ],
        [
            *path("trigger", "rescue:try", "outer:for_each_item", "inner:for_each_item", "log"),
            *path("rescue:catch", "caught"),
        ],
    )

    async def test_loops_within_loops_end_where_they_are_and_nothing_catches_that(self) -> None:
        events = await run(self.LOOPS, resources=limited(passes=6))
        assert describe_end(events) == ("limit_passes", "inner")
        assert "node.failed inner" in kinds(events)
        assert "node.started caught" not in kinds(events)
        assert kinds(events).count("log log") == 4

    async def test_as_many_passes_as_may_be_are_made(self) -> None:
        events = await run(self.LOOPS, resources=limited(passes=12))
        assert events[-1]["type"] == "run.completed"

    async def test_a_loop_without_a_path_lets_others_go_on_and_is_counted(self) -> None:
        document = graph(
            [trigger(), node("while", "control.while", condition={"expression": "true"}, maximum=10_000)],
            path("trigger", "while"),
        )
        others = 0

        async def go_on() -> None:
            nonlocal others
            while True:
                others += 1
                await asyncio.sleep(0)

        other = asyncio.create_task(go_on())
        events = await run(document, resources=limited(passes=50))
        other.cancel()
        assert describe_end(events) == ("limit_passes", "while")
        assert others >= 50

    async def test_passes_of_a_called_flow_count_and_its_caller_is_blamed(self) -> None:
        called = analyse(graph([trigger(), loop("inner", 1, 2, 3)], path("trigger", "inner"))).plan
        assert called
        document = graph(
            [trigger(), node("call", "control.run_flow", flow="called", input={"prompt": "x"})], path("trigger", "call")
        )
        resources = replace(limited(passes=2), flows={"called": CallableFlow("Called", called)})
        assert describe_end(await run(document, resources=resources)) == ("limit_passes", "call")


async def test_a_run_that_takes_too_long_fails_at_the_node_that_waits() -> None:
    document = graph(
        [trigger(), node("rescue", "test.rescue"), node("wait", "control.wait", seconds=3600)],
        path("trigger", "rescue:try", "wait"),
    )
    events = await run(document, resources=limited(seconds=0))
    assert describe_end(events) == ("limit_seconds", "wait")
    assert "node.failed wait" in kinds(events)


async def test_a_run_with_too_many_events_fails_once_at_its_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recorder, "MAX_EVENTS", 10)
    events = await run(TestPasses.LOOPS)
    assert describe_end(events) == ("limit_events", "log")
    assert [event["seq"] for event in events] == list(range(1, 13))


def test_what_an_error_says_is_cut_where_it_quotes_a_document() -> None:
    told = describe_error(ActionError("c", "x" * 100_000, "y" * 100_000))
    assert (len(told["message"]), len(told["hint"])) == (2_001, 2_001)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("ended_log")
class TestBytes:
    async def build_flow(self, workspace: Workspace, *nodes: dict[str, Any], steps: tuple[str, ...]) -> Flow:
        document = graph([trigger(), *nodes], path("trigger", *steps))
        return await sync_to_async(services.create_flow)(workspace.pk, "Large", "", document)

    def set_limits(self, settings: LazySettings, **limits: int) -> None:
        settings.MILLRACE_RUN_LIMITS = replace(RunLimits(), **limits)

    @pytest.mark.parametrize("action", ["control.yield_return", "control.return"])
    async def test_a_value_that_is_too_large_fails_the_run_at_its_node(
        self, workspace: Workspace, key: str, settings: LazySettings, action: str
    ) -> None:
        self.set_limits(settings, event_bytes=150_000)
        flow = await self.build_flow(workspace, node("give", action, value=PROMPT), steps=("give",))
        answer = (await post(flow, "run", key, {"prompt": "x" * 180_000})).json()
        assert (answer["status"], answer["error"]["code"], answer["items"]) == ("failed", "limit_event_bytes", 0)
        events = await sync_to_async(rows.read_page)((await Run.objects.aget()).pk, 0, 100)
        assert [frame.seq for frame in events] == list(range(1, len(events) + 1))
        assert [frame.type for frame in events[-2:]] == ["node.failed", "run.failed"]
        assert b'"node":"give"' in events[-1].data

    async def test_a_run_that_tells_too_much_keeps_what_it_gave(
        self, workspace: Workspace, key: str, settings: LazySettings
    ) -> None:
        self.set_limits(settings, run_bytes=200_000)
        give = node("give", "control.yield_return", value=PROMPT)
        flow = await self.build_flow(workspace, loop("loop", *range(1_000)), give, steps=("loop:for_each_item", "give"))
        events = await read(await post(flow, "stream", key, {"prompt": "x" * 9_800}))
        assert describe_end(events) == ("limit_run_bytes", "give")
        row = await Run.objects.aget()
        assert (row.status, row.error_code, row.items) == ("failed", "limit_run_bytes", 19)
        answer = await read_json(await get(f"/api/v1/runs/{row.pk}", key))
        assert len(answer["yielded"]) == len(answer["state"]["text"]) / 9_800 == 19
        assert answer["error"]["message"].startswith("What the run has yielded and told is")

    async def test_a_page_of_events_is_bounded_in_bytes_and_its_cursor_goes_on(
        self, workspace: Workspace, key: str
    ) -> None:
        give = node("give", "control.yield_return", value=PROMPT)
        flow = await self.build_flow(workspace, loop("loop", *range(50)), give, steps=("loop:for_each_item", "give"))
        run_id = (await read_json(await post(flow, "run", key, {"prompt": "x" * 100_000})))["run"]
        seqs: list[int] = []
        page: dict[str, Any] = {"next": 0, "ended": False}
        while not page["ended"]:
            answer = await get(f"/api/v1/runs/{run_id}/events?after={page['next']}", key, accept="application/json")
            assert len(answer.content) <= rows.MAX_PAGE_BYTES + 100
            page = answer.json()
            seqs += [event["seq"] for event in page["events"] if event["type"] == "item"]
        assert len(seqs) == 50
