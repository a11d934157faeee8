"""How many runs go on at once: of one caller, of one workspace, of the process; and that none of them is for ever."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.test import Client

from actions.anthropic.simulator import Script
from actions.contract.errors import DomainError
from flows.limits.live_runs import LiveRuns, Seat, live_runs
from flows.limits.run_limits import RunLimits
from flows.models import Flow, Run
from flows.runs import start
from flows.runs.admission import admission
from flows.runs.cancel import cancel_run
from flows.runs.local_run import local_runs
from flows.runs.prepare import RunCall
from tests.flows.rest_client import call, post
from tests.flows.socket_client import Socket
from workspaces import keys
from workspaces.access import Caller
from workspaces.models import User, Workspace

in_process = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log", "ended_runs")]


def test_the_defaults_are_those_of_the_settings(settings: LazySettings) -> None:
    assert RunLimits() == settings.MILLRACE_RUN_LIMITS


@pytest.fixture
async def ended_runs(ended_log: None) -> AsyncIterator[None]:
    """Every run that a test has left ends before its log does."""
    yield
    for run in local_runs:
        await cancel_run(run.id, "The test is over.")


@pytest.fixture
def limit(settings: LazySettings, script: Script) -> Callable[..., None]:
    """Return what sets limits. Runs go on until they are stopped."""
    script.stall_after = 1

    def set_limits(**limits: int) -> None:
        settings.MILLRACE_RUN_LIMITS = replace(RunLimits(), **limits)

    return set_limits


async def submit(flow: Flow, key: str) -> UUID:
    response = await post(flow, "submit", key)
    assert response.status_code == 202, response.content
    return UUID(response.json()["run"])


def read_refusal(response: Any) -> tuple[int, str, str]:
    return response.status_code, response.json()["error"]["code"], response.headers["Retry-After"]


class TestOverRest:
    pytestmark = in_process

    @pytest.mark.parametrize("kind", ["submit", "run", "stream"])
    async def test_a_key_that_has_its_runs_gets_no_more(
        self, flow: Flow, key: str, limit: Callable[..., None], kind: str
    ) -> None:
        limit(live_runs_per_caller=2)
        first, _ = await submit(flow, key), await submit(flow, key)
        refused = await post(flow, kind, key)
        assert read_refusal(refused) == (429, "limit_caller_runs", "5")
        assert refused.json()["error"]["message"] == "This API key has reached its limit of runs at once, which is 2."
        assert await Run.objects.acount() == 2
        await cancel_run(first, "Enough.")
        assert (await post(flow, "submit", key)).status_code == 202

    async def test_a_workspace_that_has_its_runs_gets_no_more_whichever_key_asks(
        self, flow: Flow, key: str, limit: Callable[..., None], workspace: Workspace
    ) -> None:
        limit(live_runs_per_workspace=1)
        _, other = await sync_to_async(keys.issue_key)(
            workspace, None, name="other", policies=["execute"], environments=["development"]
        )
        await submit(flow, key)
        assert read_refusal(await post(flow, "submit", other)) == (429, "limit_workspace_runs", "5")

    async def test_a_full_process_refuses_everybody_for_now(
        self, flow: Flow, key: str, limit: Callable[..., None]
    ) -> None:
        limit(live_runs=1)
        await submit(flow, key)
        assert read_refusal(await post(flow, "submit", key)) == (503, "limit_server_runs", "5")

    async def test_what_waiting_runs_were_sent_is_limited(
        self, flow: Flow, key: str, limit: Callable[..., None]
    ) -> None:
        limit(live_input_bytes=200_000)
        body = {"prompt": "x" * 60_000, "session_id": "s"}  # the second waits for its turn
        assert (await post(flow, "submit", key, body)).status_code == 202
        refused = await post(flow, "submit", key, body)
        assert read_refusal(refused) == (429, "limit_workspace_inputs", "5")
        assert (await post(flow, "submit", key, {"prompt": "x"})).status_code == 202
        assert await Run.objects.acount() == 2

    async def test_a_repeated_call_finds_its_run_also_when_the_key_has_no_more(
        self, flow: Flow, key: str, limit: Callable[..., None]
    ) -> None:
        limit(live_runs_per_caller=1)
        first = await call(flow, key, "once", kind="submit")
        again = await call(flow, key, "once", kind="submit")
        assert again.json() == first.json()
        assert len(live_runs) == 1

    @pytest.mark.usefixtures("limit")
    async def test_a_start_that_is_refused_for_another_reason_keeps_no_seat(self, flow: Flow, key: str) -> None:
        assert (await post(flow, "submit", key, {"prompt": 1})).status_code == 422
        assert len(live_runs) == 0

    async def test_two_thousand_submits_leave_as_many_runs_as_the_key_may_have(
        self, flow: Flow, key: str, limit: Callable[..., None]
    ) -> None:
        limit(live_runs_per_caller=5)
        answers = await asyncio.gather(*(post(flow, "submit", key) for _ in range(100)))
        assert sorted({answer.status_code for answer in answers}) == [202, 429]
        assert await Run.objects.acount() == len(live_runs) == 5


class TestOnTheCanvas:
    pytestmark = in_process

    async def test_a_person_is_told_over_the_socket(
        self, flow: Flow, client: Client, limit: Callable[..., None]
    ) -> None:
        limit(live_runs_per_caller=1)
        socket = Socket(flow.pk, client)
        await socket.open()
        await socket.send(type="run.start", ref=1, input={"prompt": "x"}, revision=1)
        assert (await socket.answer())["type"] == "run.accepted"
        await socket.send(type="run.start", ref=2, input={"prompt": "x"}, revision=1)
        answer: dict[str, Any] = {}
        while answer.get("ref") != 2:
            answer = await socket.answer()
        assert answer["error"]["code"] == "limit_caller_runs"
        assert answer["error"]["message"] == "You have reached your limit of runs at once, which is 1."
        assert answer["error"]["hint"] == "Wait until some have ended, or stop some."
        await socket.wire.disconnect()


class TestTheLifeOfASeat:
    pytestmark = in_process

    async def test_a_caller_who_leaves_during_the_start_leaves_no_run_that_nobody_executes(
        self, flow: Flow, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        entered = asyncio.Event()
        loop = asyncio.get_running_loop()
        permissions = frozenset({"run"})
        caller = Caller("Alice", flow.workspace_id, permissions, user_id=alice.pk)  # type: ignore[arg-type]

        def read_call() -> RunCall:
            loop.call_soon_threadsafe(entered.set)
            return RunCall(caller, flow.pk, {"prompt": "x"}, 20)

        leaving = asyncio.create_task(start.start_run(read_call))
        await entered.wait()
        leaving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await leaving
        await admission.wait_for_starts()
        for run in local_runs:
            await run.wait()
        await asyncio.sleep(0)
        assert (await Run.objects.aget()).status == "completed"
        assert len(live_runs) == 0


class TestSharing:
    """The last quarter of the seats is for workspaces that have less than an equal share."""

    LIMITS = RunLimits(live_runs=8, live_runs_per_workspace=8, live_runs_per_caller=8)

    def fill(self, runs: LiveRuns, seat: Seat, limits: RunLimits = LIMITS) -> int:
        count = 0
        try:
            while True:
                runs.take_seat(seat, limits)
                count += 1
        except DomainError as error:
            assert error.code == "limit_server_runs"
        return count

    def test_a_workspace_alone_may_have_all(self) -> None:
        assert self.fill(LiveRuns(), Seat(uuid4(), "key:1")) == 8

    def test_a_workspace_that_has_its_share_leaves_the_last_quarter_to_others(self) -> None:
        runs, small = LiveRuns(), Seat(uuid4(), "key:2")
        runs.take_seat(small, self.LIMITS)
        assert self.fill(runs, Seat(uuid4(), "key:1")) == 5
        assert self.fill(runs, small) == 2

    def test_a_third_one_finds_a_seat(self) -> None:
        runs = LiveRuns()
        runs.take_seat(Seat(uuid4(), "key:2"), self.LIMITS)
        self.fill(runs, Seat(uuid4(), "key:1"))
        runs.take_seat(Seat(uuid4(), "key:3"), self.LIMITS)

    def test_a_workspace_has_half_of_the_room_for_inputs_and_all_together_have_all(self) -> None:
        runs, limits = LiveRuns(), RunLimits(live_input_bytes=100)
        first, second, third = (Seat(uuid4(), "key:1", 25) for _ in range(3))
        for seat in (first, first, second, second):
            runs.take_seat(seat, limits)
        with pytest.raises(DomainError) as refused:
            runs.take_seat(first, limits)
        assert (refused.value.kind, refused.value.code, refused.value.retry_after_s) == (
            "too_many",
            "limit_workspace_inputs",
            5,
        )
        with pytest.raises(DomainError) as refused:
            runs.take_seat(third, limits)
        assert (refused.value.kind, refused.value.code) == ("unavailable", "limit_server_inputs")
        runs.take_seat(first._replace(input_bytes=0), limits)
        runs.free_seat(first)
        runs.take_seat(third, limits)

    def test_nothing_is_left_of_seats_that_were_freed(self) -> None:
        runs, seat = LiveRuns(), Seat(uuid4(), "key:1", 10)
        runs.take_seat(seat, self.LIMITS)
        runs.take_seat(seat, None)
        runs.free_seat(seat)
        runs.free_seat(seat)
        assert (len(runs), runs._counts, runs._input_bytes, runs._workspaces) == (0, {}, {}, 0)
