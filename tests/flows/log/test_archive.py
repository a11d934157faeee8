"""A finished run that is compacted reads as before: the same bytes, in every form, after every cursor."""

import asyncio
import uuid
from collections.abc import AsyncIterator
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
from flows.log.run_log import LogUnavailable, run_log
from flows.models import Flow, FlowVersion, Run, RunArchive, RunEvent
from flows.runs.recover import recover_runs
from server import housekeeping
from tests.flows.api.test_rest import get, post, whole
from tests.flows.log.test_run_log import end, item, write
from tests.flows.wire.test_socket import Socket
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

FORMS = ("text/event-stream", "application/x-ndjson", "application/json", "text/plain")


@pytest.fixture
def run(workspace: Workspace) -> Run:
    flow = Flow.objects.create(workspace=workspace, name="F")
    version = FlowVersion.objects.create(flow=flow, revision=1, graph={})
    return Run.objects.create(workspace=workspace, flow=flow, version=version, worker=uuid.uuid4())


def ended(run: Run, length: int) -> list[rows.Frame]:
    """Store a run of so many events that ended two minutes ago; return them as they are read."""
    events = [*map(item, range(1, length)), end(length)]
    frames = [rows.Frame(event["seq"], event["type"], encode(event)) for event in events]
    rows.commit([(run.pk, frame, None) for frame in frames])
    age(run, timedelta(minutes=2))
    return rows.read_page(run.pk, 0, rows.ALL)


def age(run: Run, by: timedelta) -> None:
    Run.objects.filter(pk=run.pk).update(status="completed", finished_at=timezone.now() - by)


def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BLOCK", 8)
    monkeypatch.setattr(archive, "PORTION", 3)


def compact(run_id: uuid.UUID) -> None:
    for _ in archive.compact(run_id):
        pass


async def followed(flow: Flow, client: Client, run_id: str, after: int) -> list[dict[str, Any]]:
    socket = Socket(flow.pk, client)
    await socket.open()
    await socket.send(type="run.follow", ref=1, run=run_id, after=after)
    events = await socket.events()
    await socket.wire.disconnect()
    return events


async def readings(flow: Flow, key: str, client: Client, run_id: str) -> AsyncIterator[Any]:
    """Yield all that a run can be read as: by a key and by a member, in each form, after each cursor."""
    base = f"/api/v1/runs/{run_id}"
    last = await sync_to_async(rows.last_seq)(uuid.UUID(run_id))
    yield (await get(base, key)).content
    yield (await sync_to_async(client.get)(base)).content
    for after in range(last + 1):
        for form in FORMS:
            answer = await get(f"{base}/events?after={after}&limit=3", key, Accept=form)
            yield answer.status_code, await whole(answer) if answer.streaming else answer.content
        page = {"Accept": "application/json"}
        yield (await sync_to_async(client.get)(f"{base}/events?after={after}", headers=page)).content
    for after in range(last):
        yield await followed(flow, client, run_id, after)


@pytest.mark.parametrize(("bound", "value"), [("BLOCK", 1_000), ("BLOCK", 5), ("BLOCK_BYTES", 500)])
async def test_every_reading_is_the_same_bytes_as_before(
    flow: Flow, key: str, client: Client, bound: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, bound, value)
    run_id = (await post(flow, "run", key)).json()["run"]
    before = [reading async for reading in readings(flow, key, client, run_id)]
    await sync_to_async(compact)(uuid.UUID(run_id))
    assert await RunEvent.objects.filter(run_id=run_id).acount() == 0
    assert [reading async for reading in readings(flow, key, client, run_id)] == before


def test_after_each_step_every_page_is_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(monkeypatch)
    events = ended(run, 20)
    for _ in archive.compact(run.pk):
        for after in range(21):
            assert rows.read_page(run.pk, after, rows.ALL) == events[after:]
            assert rows.read_page(run.pk, after, 6) == events[after : after + 6]
            assert rows.has_ended(run.pk, after) == (after == 20)
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 3)


def test_an_archive_ends_with_the_event_that_fills_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    events = ended(run, 20)
    monkeypatch.setattr(archive, "BLOCK_BYTES", sum(len(frame.data) for frame in events[:4]) - 1)
    compact(run.pk)
    assert list(run.archives.order_by("pk").values_list("last_seq", flat=True))[:2] == [4, 8]
    assert rows.read_page(run.pk, 0, rows.ALL) == events


def test_a_reader_misses_nothing_when_a_step_is_done_between_its_two_looks(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    small_steps(monkeypatch)
    events = ended(run, 20)
    archived, steps = rows._archived, archive.compact(run.pk)

    def compact_first(*args: Any) -> list[rows.Frame]:
        next(steps, None)
        return archived(*args)

    monkeypatch.setattr(rows, "_archived", compact_first)
    while RunEvent.objects.exists():
        assert rows.read_page(run.pk, 0, 50) == events
        assert rows.read_page(run.pk, 3, 7) == events[3:10]
        next(steps, None)


def test_the_test_above_finds_a_reader_that_looks_at_archives_first(run: Run) -> None:
    """The control: a reader that looks the other way round misses what is archived in between."""
    events = ended(run, 20)
    archived = rows._archived(run.pk, 0, 50)
    compact(run.pk)
    assert archived + rows._rows(run.pk, 0, 50) != events


@pytest.mark.parametrize("stop", range(12))
def test_what_stopped_after_any_step_is_gone_on_with(run: Run, stop: int, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(monkeypatch)
    events = ended(run, 20)
    steps = [None for _ in islice(archive.compact(run.pk), stop)]
    assert len(steps) == min(stop, 11)
    compact(run.pk)
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 3)
    assert rows.read_page(run.pk, 0, rows.ALL) == events


def test_who_was_slower_is_told_how_far_the_quicker_one_came_and_deletes_no_more_than_that(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two releases may make archives of two sizes."""
    small_steps(monkeypatch)
    events = ended(run, 20)
    read_rows = archive._rows

    def quicker(run_id: uuid.UUID, done: int) -> list[tuple[int, bytes]]:
        found = read_rows(run_id, done)
        if found:
            archive._archive(run_id, done, found[:5])
        return found

    monkeypatch.setattr(archive, "_rows", quicker)
    for _ in archive.compact(run.pk):
        assert rows.read_page(run.pk, 0, rows.ALL) == events
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 4)


def test_a_run_that_is_deleted_meanwhile_is_let_go(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(monkeypatch)
    ended(run, 20)
    steps = archive.compact(run.pk)
    next(steps)
    run.delete()
    assert list(steps) == [None] * 3  # the portions of the block that was being deleted
    assert RunArchive.objects.count() == 0


def test_of_many_at_once_one_archives_each_event(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    small_steps(monkeypatch)
    events = ended(run, 79)

    def work(_: int) -> None:
        compact(run.pk)
        connections.close_all()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert (RunEvent.objects.count(), RunArchive.objects.count()) == (0, 10)
    assert rows.read_page(run.pk, 0, rows.ALL) == events


def test_only_what_has_ended_a_while_ago_is_due_and_only_once(run: Run) -> None:
    assert archive.due(10) == []
    ended(run, 5)
    age(run, timedelta(seconds=30))
    assert archive.due(10) == []
    age(run, timedelta(seconds=90))
    assert archive.due(10) == [run.pk]
    compact(run.pk)
    assert archive.due(10) == []


async def test_the_housekeeper_works_off_what_is_due(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "EVERY_S", 0.01)
    events = await sync_to_async(ended)(run, 30)
    keeping = asyncio.create_task(housekeeping.keep_house())
    while await RunEvent.objects.acount():
        await asyncio.sleep(0.01)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert await sync_to_async(rows.read_page)(run.pk, 0, rows.ALL) == events


async def test_a_lost_worker_that_wakes_after_all_was_archived_writes_nothing(run: Run) -> None:
    """It would go on where the run was ended: that place stays taken, though the log has been put away."""
    log = run_log()
    frozen = log.open(run.pk)
    await write(log, frozen, [item(1), item(2)])
    await log.flush(frozen)
    log.close(frozen)
    assert await recover_runs() == 1
    await sync_to_async(compact)(run.pk)
    before = await sync_to_async(rows.read_page)(run.pk, 0, rows.ALL)
    assert [(frame.seq, frame.type) for frame in before][-1] == (3, "run.interrupted")
    awake = log.open(run.pk, 2)
    with pytest.raises(LogUnavailable):
        await write(log, awake, [item(3), item(4)])
        await log.flush(awake)
    assert await sync_to_async(rows.read_page)(run.pk, 0, rows.ALL) == before
    await run.arefresh_from_db()
    assert run.status == "interrupted"


def test_a_deleted_flow_takes_its_archives_with_it(flow: Flow, key: str) -> None:
    run = Run.objects.create(
        workspace_id=flow.workspace_id,
        flow=flow,
        version=FlowVersion.objects.create(flow=flow, revision=1, graph={}),
        worker=uuid.uuid4(),
    )
    ended(run, 5)
    compact(run.pk)
    services.delete_flow(flow)
    assert RunArchive.objects.count() == 0
