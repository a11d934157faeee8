"""A run that is stopped, or whose server stops, before it has begun: it ends as any other."""

import asyncio
import threading

import pytest
from asgiref.sync import sync_to_async

from flows.limits.live_runs import live_runs
from flows.models import Flow, Run
from flows.runs import start
from flows.runs.cancel import drain_runs
from flows.runs.local_run import LocalRun
from flows.runs.prepare import RunCall, prepare_run
from flows.runs.prepared_run import PreparedRun
from workspaces.access import Caller
from workspaces.models import User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


@pytest.fixture
def call(flow: Flow, alice: User) -> RunCall:
    caller = Caller("Alice", flow.workspace_id, frozenset({"run"}), user_id=alice.pk)
    return RunCall(caller, flow.pk, {"prompt": "x"}, 20)


async def test_a_run_that_is_stopped_before_its_first_step_has_an_end(call: RunCall) -> None:
    """So it is when two calls of one session come at once, and the second replaces the first."""
    prepared = await sync_to_async(prepare_run)(call)
    assert isinstance(prepared, PreparedRun)
    run = LocalRun(prepared)
    run.start()
    await run.cancel("run.cancelled", start.REPLACED)
    await asyncio.sleep(0)
    row = await Run.objects.aget()
    assert (row.status, row.error_message) == ("cancelled", start.REPLACED)
    assert len(live_runs) == 0


async def test_a_server_that_stops_waits_for_a_run_that_is_being_prepared(call: RunCall) -> None:
    entered, may_go_on = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def read_call() -> RunCall:
        loop.call_soon_threadsafe(entered.set)
        may_go_on.wait()
        return call

    starting = asyncio.create_task(start.start_run(read_call))
    await entered.wait()
    stopping = asyncio.create_task(drain_runs(60))
    for _ in range(5):
        await asyncio.sleep(0)
    may_go_on.set()
    await stopping
    assert (await Run.objects.aget()).status == "completed"
    await starting
