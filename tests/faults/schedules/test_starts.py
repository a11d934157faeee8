"""Each due time starts one run, whichever web process is killed or frozen when it comes."""

import asyncio
import signal
import time

from tests.faults.rig import Server
from tests.faults.scaled import Installation, needs_services, run_installation

pytestmark = needs_services
LOOK_S = 0.2
"""How long a process sleeps at most, instead of 30 seconds."""
SOON = """
UPDATE flows_schedule SET due_at = date_trunc('milliseconds', now()) + interval '1 second'
RETURNING extract(epoch FROM due_at)::float8, extract(epoch FROM now())::float8
"""
STARTED = "SELECT count(*) FROM flows_run WHERE starts_with(owner, 'schedule:')"
COMPLETED = f"{STARTED} AND status = 'completed'"
NOTED = "SELECT count(*) FROM flows_schedulenote"


async def let_be_due(installation: Installation) -> float:
    """Let a time come in a second; return the moment of the loop's clock at which it comes."""
    ((due_at, now),) = await asyncio.to_thread(installation.query, SOON)
    assert isinstance(due_at, float) and isinstance(now, float)
    return time.monotonic() + due_at - now


async def wait_for_runs(installation: Installation, count: int) -> None:
    """Return when so many runs of the schedule have completed."""
    async with asyncio.timeout(60):
        while await asyncio.to_thread(installation.query, COMPLETED) != [(count,)]:
            await asyncio.sleep(0.05)


async def check_killed_at_its_time(installation: Installation, killed: Server, delay_s: float, count: int) -> None:
    due_at = await let_be_due(installation)
    await asyncio.sleep(due_at + delay_s - time.monotonic())
    killed.kill()
    await wait_for_runs(installation, count)
    killed.start()
    await killed.wait_until_ready()


async def test_a_due_time_starts_one_run_while_processes_die_and_freeze() -> None:
    async with run_installation(webs=2, workers=1, RIG_LOOK_S=str(LOOK_S)) as installation:
        one, other = installation.webs
        await let_be_due(installation)
        await wait_for_runs(installation, 1)
        one.signal(signal.SIGSTOP)
        await let_be_due(installation)
        await wait_for_runs(installation, 2)
        one.signal(signal.SIGCONT)
        for round, (killed, delay_s) in enumerate([(one, 0.0), (other, 0.01), (one, 0.03), (other, 0.06)]):
            await check_killed_at_its_time(installation, killed, delay_s, 3 + round)
        assert await asyncio.to_thread(installation.query, STARTED) == [(6,)]
        assert await asyncio.to_thread(installation.query, NOTED) == [(0,)]


async def test_a_time_that_no_process_has_seen_is_started_when_one_comes_back() -> None:
    async with run_installation(webs=1, workers=1, RIG_LOOK_S=str(LOOK_S)) as installation:
        (web,) = installation.webs
        due_at = await let_be_due(installation)
        web.kill()
        await asyncio.sleep(due_at - time.monotonic())
        web.start()
        await wait_for_runs(installation, 1)
        assert await asyncio.to_thread(installation.query, NOTED) == [(0,)]
