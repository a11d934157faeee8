"""Each due time starts one run, whoever looks and however often; what starts none is noted."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.utils import timezone

from flows import services
from flows.limits.run_limits import RunLimits
from flows.models import Run, Schedule, ScheduleNote
from flows.runs.local_run import local_runs
from flows.runs.start import start_run
from flows.schedules import starts
from flows.schedules.due import ClaimedElsewhere, find_next_due, plan_start
from flows.schedules.starts import LOOK_INTERVAL_S, start_due
from tests.flows.schedules.scheduled import create_scheduled, draw, let_be_due, publish
from web.process_id import PROCESS_ID
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

HOUR = timedelta(hours=1)


@pytest.fixture
async def ended_log(ended_log: None) -> AsyncIterator[None]:
    yield
    for run in local_runs:
        await run.cancel("run.cancelled", "The test is over.")


async def make(workspace: Workspace, ago: timedelta = timedelta(0), **properties: Any) -> Schedule:
    """Return a schedule of each ten minutes whose time has come, as it was read then."""
    schedule = await sync_to_async(create_scheduled)(workspace, **properties)
    await sync_to_async(let_be_due)(schedule, ago)
    return await Schedule.objects.select_related("flow").aget()


async def end_runs() -> list[Run]:
    """Return all runs, the oldest first, when they have ended."""
    for run in local_runs:
        await run.wait()
    return [run async for run in Run.objects.order_by("started_at")]


async def list_notes() -> list[tuple[str, int]]:
    return [(note.reason, note.count) async for note in ScheduleNote.objects.order_by("pk")]


async def test_a_due_time_starts_one_run_and_moves_on(workspace: Workspace) -> None:
    schedule = await make(workspace, missed="run_once")
    due_at = schedule.due_at
    assert due_at is not None
    await start_due()
    (run,) = await end_runs()
    assert (run.status, run.environment, run.owner) == ("completed", "production", f"schedule:{schedule.pk}")
    assert run.input["due_at"] == due_at.isoformat()
    await schedule.arefresh_from_db()
    assert (schedule.last_due_at, schedule.last_run_id) == (due_at, run.pk)
    assert schedule.due_at == due_at + timedelta(minutes=10)
    assert await start_due() > starts.AFTER_STARTS_S
    assert await Run.objects.acount() == 1


async def test_of_many_that_look_at_once_one_starts_the_run(workspace: Workspace) -> None:
    await make(workspace, missed="run_once")
    await asyncio.gather(*(start_due() for _ in range(4)))
    assert len(await end_runs()) == 1


async def test_a_process_that_was_frozen_before_its_start_starts_nothing_twice(workspace: Workspace) -> None:
    schedule = await make(workspace, missed="run_once")
    start = await sync_to_async(plan_start)(schedule)
    assert start is not None
    await start_due()
    with pytest.raises(ClaimedElsewhere):
        await start_run(start.build_call)
    assert not await sync_to_async(start.refuse)("It wakes up.")
    assert len(await end_runs()) == 1
    assert await list_notes() == []


async def test_a_schedule_that_is_switched_off_or_changed_meanwhile_starts_nothing(workspace: Workspace) -> None:
    schedule = await make(workspace, missed="run_once")
    start = await sync_to_async(plan_start)(schedule)
    assert start is not None
    await Schedule.objects.aupdate(is_on=False, due_at=None)
    with pytest.raises(ClaimedElsewhere):
        await start_run(start.build_call)
    assert await Run.objects.acount() == 0


async def test_missed_times_are_noted_and_start_nothing(workspace: Workspace) -> None:
    await make(workspace, ago=HOUR, expression="5,15 0 1 1 *")
    await start_due()
    assert await Run.objects.acount() == 0
    assert await list_notes() == [("missed", 1)]
    next_due = await sync_to_async(find_next_due)()
    assert next_due is not None and next_due > timezone.now()


async def test_one_late_run_makes_up_for_all_missed_times(workspace: Workspace) -> None:
    await make(workspace, ago=HOUR, missed="run_once")
    await start_due()
    (run,) = await end_runs()
    missed = run.input["missed"]
    assert missed in (5, 6)
    assert await list_notes() == [("missed", missed)]


async def test_times_that_are_missed_again_share_a_note_until_a_run_starts(workspace: Workspace) -> None:
    schedule = await make(workspace, ago=3 * HOUR, expression="5,15 0 1 1 *")
    for hours in (3, 2):
        await sync_to_async(let_be_due)(schedule, hours * HOUR)
        await start_due()
    assert await list_notes() == [("missed", 2)]
    await Schedule.objects.aupdate(last_due_at=timezone.now() - HOUR)
    await sync_to_async(let_be_due)(schedule, HOUR / 2)
    await start_due()
    assert await list_notes() == [("missed", 2), ("missed", 1)]


@pytest.mark.parametrize(("overlap", "runs", "notes"), [("skip", 1, [("overlap", 1)]), ("start", 2, [])])
async def test_the_overlap_rule_decides_while_a_run_goes_on(
    workspace: Workspace, overlap: str, runs: int, notes: list[tuple[str, int]]
) -> None:
    schedule = await make(workspace, missed="run_once", overlap=overlap)
    version = await schedule.flow.versions.aget()
    owner = f"schedule:{schedule.pk}"
    fields = {"workspace": workspace, "flow": schedule.flow, "version": version, "owner": owner, "worker": PROCESS_ID}
    await Run.objects.acreate(**fields)
    await start_due()
    for run in local_runs:
        await run.wait()
    assert await Run.objects.acount() == runs
    assert await list_notes() == notes


async def test_a_refused_start_is_noted_with_its_reason_and_stops_no_other(workspace: Workspace) -> None:
    bad = draw()
    bad["nodes"][1]["properties"]["value"] = {"expression": "nothing.there"}
    await sync_to_async(lambda: publish(services.create_flow(workspace.pk, "Broken", "", bad)))()
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Report", "", draw(missed="run_once"))
    await sync_to_async(publish)(flow)
    await Schedule.objects.aupdate(missed="run_once")
    for schedule in [row async for row in Schedule.objects.all()]:
        await sync_to_async(let_be_due)(schedule)
    await start_due()
    (run,) = await end_runs()
    assert run.flow_id == flow.pk
    note = await ScheduleNote.objects.aget()
    assert note.reason == "refused"
    assert note.message.startswith("'Broken' cannot run: ")
    assert await start_due() > starts.RETRY_S


async def test_a_schedule_whose_zone_is_gone_is_noted_and_stops_no_other(workspace: Workspace) -> None:
    gone = await make(workspace, missed="run_once")
    await Schedule.objects.aupdate(time_zone="Gone/Zone")
    flow = await sync_to_async(services.create_flow)(workspace.pk, "Other", "", draw(missed="run_once"))
    await sync_to_async(publish)(flow)
    await sync_to_async(let_be_due)(await Schedule.objects.aget(flow=flow))
    await start_due()
    (run,) = await end_runs()
    assert run.flow_id == flow.pk
    note = await ScheduleNote.objects.aget()
    assert (note.schedule_id, note.reason, note.message) == (gone.pk, "refused", starts.UNREADABLE)
    assert await start_due() > starts.RETRY_S


async def test_a_start_without_room_waits_and_is_tried_again(workspace: Workspace, settings: LazySettings) -> None:
    schedule = await make(workspace, missed="run_once")
    settings.MILLRACE_RUN_LIMITS = replace(RunLimits(), live_runs_per_workspace=0)
    assert await start_due() == starts.RETRY_S
    await schedule.arefresh_from_db()
    assert schedule.due_at is not None and schedule.due_at < timezone.now()
    assert await list_notes() == []
    settings.MILLRACE_RUN_LIMITS = RunLimits()
    await start_due()
    assert len(await end_runs()) == 1


async def test_a_flow_that_is_deleted_takes_its_schedule_with_it(workspace: Workspace) -> None:
    schedule = await make(workspace, missed="run_once")
    start = await sync_to_async(plan_start)(schedule)
    await sync_to_async(services.delete_flow)(schedule.flow)
    assert start is not None
    await starts._try_to_start(schedule)
    assert await start_due() == LOOK_INTERVAL_S
    assert await Run.objects.acount() == 0
