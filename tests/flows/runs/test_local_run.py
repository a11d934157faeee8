"""What a run in this process holds, and what holds it."""

import asyncio
import gc
import weakref
from uuid import UUID

import pytest
from asgiref.sync import sync_to_async

from actions.anthropic.simulator import Script
from flows.models import Flow
from flows.runs.local_run import local_runs
from tests.flows.rest_client import post, read

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


async def test_a_run_that_has_ended_is_held_by_no_timer_of_its_listeners(flow: Flow, key: str, script: Script) -> None:
    """Its connections hold keys and its log handle holds events: both go when the run has ended, not a minute later."""
    flow.graph["nodes"][0]["properties"] |= {"on_disconnect": "cancel", "disconnect_grace": 60}
    await sync_to_async(flow.save)()
    script.pause_s = 0.05
    response = await post(flow, "stream", key)
    run = local_runs.get(UUID(response["X-Run"]))
    assert run
    held = weakref.ref(run)
    assert (await read(response))[-1]["type"] == "run.completed"
    await run.wait()
    del run
    await asyncio.sleep(0)
    gc.collect()
    assert held() is None
