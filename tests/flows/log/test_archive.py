"""A finished run that is compacted reads as before: the same bytes, in every format, after every cursor."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import Client
from django.utils import timezone

from flows import services
from flows.events.events import encode
from flows.log import archive, rows
from flows.log.archive import LIMITS, ArchiveLimits
from flows.log.frames import Frame
from flows.log.run_log import LogUnavailable, run_log
from flows.models import Flow, FlowVersion, Run, RunArchive, RunEvent
from flows.runs.recover import recover_runs
from server.housekeeping import run_housekeeping
from tests.flows.log.compaction import compact
from tests.flows.log.events import ALL_EVENTS, end, item, write
from tests.flows.rest_client import get, post, whole
from tests.flows.socket_client import Socket
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

FORMS = ("text/event-stream", "application/x-ndjson", "application/json", "text/plain")


@pytest.fixture
def run(workspace: Workspace) -> Run:
    flow = Flow.objects.create(workspace=workspace, name="F")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    return Run.objects.create(workspace=workspace, flow=flow, version=version, worker=uuid.uuid4())


def ended(run: Run, length: int) -> list[Frame]:
    """Store a run of so many events that ended two minutes ago; return them as they are read."""
    events = [*map(item, range(1, length)), end(length)]
    frames = [Frame(event["seq"], event["type"], encode(event)) for event in events]
    rows.commit_batch([(run.pk, frame, None) for frame in frames])
    age(run, timedelta(minutes=2))
    return rows.read_page(run.pk, 0, ALL_EVENTS)


def age(run: Run, by: timedelta) -> None:
    Run.objects.filter(pk=run.pk).update(status="completed", finished_at=timezone.now() - by)


SMALL_STEPS = ArchiveLimits(archive_events=8, rows_per_delete=3)


async def followed(flow: Flow, client: Client, run_id: str, after: int) -> list[dict[str, Any]]:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.follow", ref=1, run=run_id, after=after)
    events = await socket.events()
    await socket.wire.disconnect()
    return events


async def readings(flow: Flow, key: str, client: Client, run_id: str) -> AsyncIterator[Any]:
    """Yield all that a run can be read as: by a key and by a member, in each format, after each cursor."""
    base = f"/api/v1/runs/{run_id}"
    last = await sync_to_async(rows.read_last_seq)(uuid.UUID(run_id))
    yield (await get(base, key)).content
    yield (await sync_to_async(client.get)(base)).content
    for after in range(last + 1):
        for format_type in FORMS:
            answer = await get(f"{base}/events?after={after}&limit=3", key, Accept=format_type)
            yield answer.status_code, await whole(answer) if answer.streaming else answer.content
        page = {"Accept": "application/json"}
        yield (await sync_to_async(client.get)(f"{base}/events?after={after}", headers=page)).content
    for after in range(last):
        yield await followed(flow, client, run_id, after)


@pytest.mark.parametrize("limits", [LIMITS, ArchiveLimits(archive_events=5), ArchiveLimits(archive_bytes=500)], ids=str)
async def test_every_reading_is_the_same_bytes_as_before(
    flow: Flow, key: str, client: Client, limits: ArchiveLimits
) -> None:
    run_id = (await post(flow, "run", key)).json()["run"]
    before = [reading async for reading in readings(flow, key, client, run_id)]
    await sync_to_async(compact)(uuid.UUID(run_id), limits)
    assert await RunEvent.objects.filter(run_id=run_id).acount() == 0
    assert [reading async for reading in readings(flow, key, client, run_id)] == before


def test_after_each_step_every_page_is_the_same(run: Run) -> None:
    events = ended(run, 20)
    for _ in archive.compact_run(run.pk, SMALL_STEPS):
        for after in range(21):
            assert rows.read_page(run.pk, after, ALL_EVENTS) == events[after:]
            assert rows.read_page(run.pk, after, 6) == events[after : after + 6]
            assert rows.has_ended(run.pk, after) == (after == 20)
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 3)


def test_an_archive_ends_with_the_event_that_fills_it(run: Run) -> None:
    events = ended(run, 20)
    archive_bytes = sum(len(frame.data) for frame in events[:4]) - 1
    compact(run.pk, ArchiveLimits(archive_bytes=archive_bytes))
    assert list(run.archives.order_by("pk").values_list("last_seq", flat=True))[:2] == [4, 8]
    assert rows.read_page(run.pk, 0, ALL_EVENTS) == events


def test_a_reader_misses_nothing_when_a_step_is_done_between_its_two_looks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = ended(run, 20)
    archived, steps = rows._read_archived, archive.compact_run(run.pk, SMALL_STEPS)

    def compact_first(*args: Any) -> Iterator[Frame]:
        next(steps, None)
        return archived(*args)

    monkeypatch.setattr(rows, "_read_archived", compact_first)
    while RunEvent.objects.exists():
        assert rows.read_page(run.pk, 0, 50) == events
        assert rows.read_page(run.pk, 3, 7) == events[3:10]
        next(steps, None)


def test_the_test_above_finds_a_reader_that_looks_at_archives_first(run: Run) -> None:
    """The control: a reader that looks the other way round misses what is archived in between."""
    events = ended(run, 20)
    archived = list(rows._read_archived(run.pk, 0, 50))
    compact(run.pk)
    assert archived + list(rows._read_rows(run.pk, 0, 50, rows.MAX_PAGE_BYTES)) != events


@pytest.mark.parametrize("stop", range(12))
def test_what_stopped_after_any_step_is_gone_on_with(run: Run, stop: int) -> None:
    events = ended(run, 20)
    steps = [None for _ in islice(archive.compact_run(run.pk, SMALL_STEPS), stop)]
    assert len(steps) == min(stop, 11)
    compact(run.pk, SMALL_STEPS)
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 3)
    assert rows.read_page(run.pk, 0, ALL_EVENTS) == events


def test_who_was_slower_is_told_how_far_the_quicker_one_came_and_deletes_no_more_than_that(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two releases may make archives of two sizes."""
    events = ended(run, 20)
    read_rows = archive._read_rows

    def quicker(run_id: uuid.UUID, after: int, limits: ArchiveLimits) -> list[tuple[int, bytes]]:
        found = read_rows(run_id, after, limits)
        if found:
            archive._archive_rows(run_id, after, found[:5])
        return found

    monkeypatch.setattr(archive, "_read_rows", quicker)
    for _ in archive.compact_run(run.pk, SMALL_STEPS):
        assert rows.read_page(run.pk, 0, ALL_EVENTS) == events
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 4)


def test_a_run_that_is_deleted_meanwhile_is_let_go(run: Run) -> None:
    ended(run, 20)
    steps = archive.compact_run(run.pk, SMALL_STEPS)
    next(steps)
    run.delete()
    assert list(steps) == [None] * 3  # the portions of the block that was being deleted
    assert RunArchive.objects.count() == 0


def test_of_many_at_once_one_archives_each_event(run: Run) -> None:
    events = ended(run, 79)

    def work(_: int) -> None:
        compact(run.pk, SMALL_STEPS)
        connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 10)
    assert rows.read_page(run.pk, 0, ALL_EVENTS) == events


def test_only_what_has_ended_a_while_ago_is_due_and_only_once(run: Run) -> None:
    assert archive.find_due_runs(10) == []
    ended(run, 5)
    age(run, timedelta(seconds=30))
    assert archive.find_due_runs(10) == []
    age(run, timedelta(seconds=90))
    assert archive.find_due_runs(10) == [run.pk]
    compact(run.pk)
    assert archive.find_due_runs(10) == []


async def test_the_housekeeper_works_off_what_is_due(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    events = await sync_to_async(ended)(run, 30)
    keeping = asyncio.create_task(run_housekeeping(interval_s=0.01))
    while await RunEvent.objects.acount():
        await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert await sync_to_async(rows.read_page)(run.pk, 0, ALL_EVENTS) == events


async def test_a_lost_worker_that_wakes_after_all_was_archived_writes_nothing(run: Run) -> None:
    """It would go on where the run was ended: that place stays taken, though the log has been put away."""
    log = run_log()
    frozen = log.open(run.pk)
    await write(log, frozen, [item(1), item(2)])
    await log.wait_until_committed(frozen)
    log.close(frozen)
    assert await recover_runs() == 1
    await sync_to_async(compact)(run.pk)
    before = await sync_to_async(rows.read_page)(run.pk, 0, ALL_EVENTS)
    assert [(frame.seq, frame.type) for frame in before][-1] == (3, "run.interrupted")
    awake = log.open(run.pk, 2)
    with pytest.raises(LogUnavailable):
        await write(log, awake, [item(3), item(4)])
        await log.wait_until_committed(awake)
    assert await sync_to_async(rows.read_page)(run.pk, 0, ALL_EVENTS) == before
    await run.arefresh_from_db()
    assert run.status == "interrupted"


def test_a_deleted_flow_takes_its_archives_with_it(flow: Flow, key: str) -> None:
    run = Run.objects.create(
        workspace_id=flow.workspace_id,
        flow=flow,
        version=flow.versions.get(),
        worker=uuid.uuid4(),
    )
    ended(run, 5)
    compact(run.pk)
    services.delete_flow(flow)
    assert RunArchive.objects.count() == 0
