"""The run log: stored before shown, in order, once, for every reader."""

import asyncio
import gc
import math
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from typing import Any

import pytest
from django.db import OperationalError, connections
from django.utils import timezone

from flows.events.events import RunEvent as Event
from flows.events.events import encode
from flows.log import rows
from flows.log import run_log as log_module
from flows.log.frames import MAX_BATCH_BYTES, Entry, Frame
from flows.log.handle import LogHandle, LogLimits
from flows.log.loop_writer import LoopWriter
from flows.log.run_log import LogUnavailable, RunLog, run_log
from flows.models import Run, RunEvent, Worker
from flows.runs import leases
from flows.runs.recover import recover_runs
from tests.flows.log.events import appended, end, item, write
from tests.flows.log.runs import create_run
from web.database import DATABASE_THREADS
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return create_run(workspace)


async def seqs(log: RunLog, run: Run, after: int = 0) -> list[int]:
    async with aclosing(log.read(run.pk, after)) as batches:
        return [frame.seq async for frames in batches for frame in frames]


async def shown_before_stored(log: RunLog, run: Run, counted: threading.Event) -> int:
    """Return how many events a reader was shown that the database did not hold at that moment. Sets `counted`."""
    early = 0
    handle = log.open(run.pk)
    writer = asyncio.create_task(write(log, handle, [*map(item, range(1, 30)), end(30)]))
    async with aclosing(log.read(run.pk)) as batches:
        async for frames in batches:
            stored = await RunEvent.objects.filter(run=run).acount()
            early += sum(frame.seq > stored for frame in frames)
            counted.set()
    await writer
    return early


def write_slowly(*arguments: Any) -> None:
    time.sleep(0.2)
    write_batch(*arguments)


def leave_to_thread(self: LoopWriter, batch: list[Entry]) -> bool:
    return False


write_batch = rows.write_batch
NEVER_SLOW = LogLimits(slow_commit_s=math.inf)
"""Else the thread would take over commits that a test makes slow on the loop."""
WAYS = pytest.mark.parametrize("way", ["on the loop", "in the thread"])


@WAYS
async def test_nothing_is_shown_that_is_not_stored(run: Run, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    if way == "in the thread":
        monkeypatch.setattr(LoopWriter, "commit", leave_to_thread)
    monkeypatch.setattr(rows, "write_batch", write_slowly)
    log = RunLog(asyncio.get_running_loop(), NEVER_SLOW)
    assert await shown_before_stored(log, run, threading.Event()) == 0
    log.shut_down()


@WAYS
async def test_the_test_above_finds_a_log_that_shows_first(run: Run, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    """The control: with the law broken on purpose, a commit that waits for the count makes the fault visible."""
    counted = threading.Event()

    def commit_after_the_count(batch: list[Entry]) -> frozenset[uuid.UUID]:
        assert counted.wait(60)
        return commit(batch)

    def say_stored_and_commit_later(self: LoopWriter, batch: list[Entry]) -> bool:
        later.submit(commit_after_the_count, batch)
        return True

    def shows_first(self: RunLog, handle: LogHandle, event: Event, finish: Any = None) -> None:
        append(self, handle, event, finish)
        handle.committed = handle.appended
        handle.changed.set()

    commit, append = rows.commit_batch, log_module.RunLog.append
    if way == "on the loop":
        monkeypatch.setattr(LoopWriter, "commit", say_stored_and_commit_later)
    else:
        monkeypatch.setattr(LoopWriter, "commit", leave_to_thread)
        monkeypatch.setattr(log_module.RunLog, "append", shows_first)
        monkeypatch.setattr(rows, "commit_batch", commit_after_the_count)
    with ThreadPoolExecutor(1) as later:
        assert await shown_before_stored(run_log(), run, counted) > 0
        later.submit(connections.close_all)


async def test_readers_that_join_at_any_time_see_the_same(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)
    readers = [asyncio.create_task(seqs(log, run)) for _ in range(5)]
    await write(log, handle, [item(seq) for seq in range(1, 50)])
    readers += [asyncio.create_task(seqs(log, run, after)) for after in (0, 10, 49)]
    await appended(log, handle, end(50))
    await log.wait_until_committed(handle)
    log.close(handle)
    late = await seqs(log, run)
    results = await asyncio.gather(*readers)
    assert late == list(range(1, 51))
    assert results == [late] * 6 + [late[10:], late[49:]]


async def test_the_end_of_a_run_is_read_from_memory(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    log = run_log()
    handle = log.open(run.pk)
    await write(log, handle, [item(1)])
    await log.wait_until_committed(handle)

    async def finish() -> None:
        await appended(log, handle, end(2))
        await log.wait_until_committed(handle)
        log.close(handle)

    monkeypatch.setattr(rows, "read_page", None)
    finishing = asyncio.create_task(finish())
    await asyncio.sleep(0)  # so that the run's own wait ends before its reader's
    assert await seqs(log, run) == [1, 2]
    await finishing


async def test_a_reader_hears_what_another_server_told_of_a_run_that_it_took_over(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)
    await write(log, handle, [item(1)])
    await log.wait_until_committed(handle)
    reader = asyncio.create_task(seqs(log, run))
    await asyncio.sleep(0.05)  # it waits for more now
    for theirs in (item(2, "theirs"), end(3)):
        await RunEvent.objects.acreate(run=run, seq=theirs["seq"], type=theirs["type"], data=encode(theirs).decode())
    handle.on_lost = lambda: log.close(handle)
    await appended(log, handle, item(2, "ours"))
    assert await reader == [1, 2, 3]


async def test_a_reader_that_stalls_does_not_hold_the_run(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)
    async with aclosing(log.read(run.pk)) as batches:
        await write(log, handle, [item(1)])
        assert [frame.seq for frame in await anext(batches)] == [1]
        await appended(log, handle, end(2))
        await log.wait_until_committed(handle)
        log.close(handle)
        del handle
        gc.collect()
        assert not [held for held in gc.get_objects() if type(held) is LogHandle and held.run_id == run.pk]
        assert [frame.seq for frame in await anext(batches)] == [2]


async def test_what_many_runs_say_within_the_pace_is_one_commit(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    # Longer than forty runs take to say something.
    log = RunLog(asyncio.get_running_loop(), LogLimits(commit_interval_s=0.2, commit_interval_per_run_s=0.2 / 40))
    sizes: list[int] = []

    def write_and_count(cursor: Any, database: Any, batch: list[Entry]) -> None:
        sizes.append(len(batch))
        write_batch(cursor, database, batch)

    monkeypatch.setattr(rows, "write_batch", write_and_count)
    handles = []
    for _ in range(40):
        copy = await Run.objects.acreate(
            workspace_id=run.workspace_id, flow_id=run.flow_id, version_id=run.version_id, worker=uuid.uuid4()
        )
        handles.append(log.open(copy.pk))
    for handle in handles:
        await write(log, handle, [item(1)])
    await asyncio.gather(*(log.wait_until_committed(handle) for handle in handles))
    assert sizes == [1, 39]
    log.shut_down()


async def test_a_reader_far_behind_reads_the_database(run: Run) -> None:
    log = RunLog(asyncio.get_running_loop(), LogLimits(committed_frames=5, uncommitted_frames=5))
    handle = log.open(run.pk)
    await write(log, handle, [item(seq) for seq in range(1, 60)])
    await appended(log, handle, end(60))
    assert await seqs(log, run) == list(range(1, 61))
    log.shut_down()


@pytest.mark.parametrize("kept", [True, False], ids=["from memory", "from the database"])
async def test_a_reader_is_given_a_bounded_piece_at_once(run: Run, kept: bool) -> None:
    log = run_log()
    handle = log.open(run.pk)
    await write(log, handle, [item(seq, text="x" * 10_000) for seq in range(1, 30)])
    await appended(log, handle, end(30))
    await log.wait_until_committed(handle)
    if not kept:
        log.close(handle)
    async with aclosing(log.read(run.pk)) as batches:
        read = [frames async for frames in batches]
    assert [frame.seq for frames in read for frame in frames] == list(range(1, 31))
    assert max(sum(len(frame.data) for frame in frames) for frames in read) <= MAX_BATCH_BYTES


async def test_one_seq_is_stored_once_and_another_writer_is_refused(run: Run, workspace: Workspace) -> None:
    log = run_log()
    first = log.open(run.pk)
    await appended(log, first, item(1))
    await log.wait_until_committed(first)
    usurper = log.open(run.pk)
    await appended(log, usurper, item(1))
    with pytest.raises(LogUnavailable):
        await log.wait_until_committed(usurper)
    assert await RunEvent.objects.filter(run=run).acount() == 1


async def test_what_waits_behind_a_refused_event_is_not_stored(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    log = run_log()
    first = log.open(run.pk)
    await write(log, first, [item(1)])
    await log.wait_until_committed(first)
    monkeypatch.setattr(rows, "write_batch", write_slowly)
    lost = log.open(run.pk)
    with pytest.raises(LogUnavailable):
        await write(log, lost, [item(1), item(2), item(3)])
        await log.wait_until_committed(lost)
    await asyncio.sleep(0.3)
    assert [row.seq async for row in RunEvent.objects.filter(run=run)] == [1]


async def test_a_run_whose_row_is_gone_does_not_harm_the_others(run: Run) -> None:
    log = run_log()
    orphan, handle = log.open(uuid.uuid4()), log.open(run.pk)
    await asyncio.gather(appended(log, orphan, item(1)), appended(log, handle, item(1)))
    await log.wait_until_committed(handle)
    with pytest.raises(LogUnavailable):
        await log.wait_until_committed(orphan)
    assert await RunEvent.objects.filter(run=run).acount() == 1


async def test_a_run_that_a_dead_process_left_is_ended_once_as_interrupted(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)
    await write(log, handle, [item(1), item(2)])
    await log.wait_until_committed(handle)
    log.close(handle)
    assert await recover_runs() == 1
    assert await recover_runs() == 0
    await run.arefresh_from_db()
    assert (run.status, run.items) == ("interrupted", 2)
    assert await seqs(log, run) == [1, 2, 3]


async def test_a_run_of_another_worker_that_lives_is_left_alone(run: Run) -> None:
    leases.process_lock.hold()
    assert run.worker
    leases.process_lock.share()
    await Worker.objects.acreate(pk=run.worker, beat_at=timezone.now())
    assert await recover_runs() == 0
    await Worker.objects.aupdate(beat_at=timezone.now() - leases.LEASE * 2)
    assert await recover_runs() == 1


async def test_open_readers_hold_no_database_connection(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)
    readers = [asyncio.create_task(seqs(log, run)) for _ in range(50)]
    await write(log, handle, [item(1)])
    await appended(log, handle, end(2))
    assert await asyncio.gather(*readers) == [[1, 2]] * 50
    names = [thread.name for thread in threading.enumerate() if thread.name.startswith("database")]
    assert len(names) <= DATABASE_THREADS


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_commit_whose_answer_was_lost_is_not_written_twice(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, is_stored: bool
) -> None:
    """The database has stored the batch or not; the connection broke before it could say so."""
    other, write = create_run(workspace), rows._write
    frames = [Frame(seq, "item", encode(item(seq))) for seq in (1, 2)]
    batch: list[Entry] = [(each.pk, frame, None) for frame in frames for each in (run, other)]
    faults = [OperationalError("the connection is lost")]

    def write_and_lose_the_answer(entries: list[Entry]) -> None:
        if is_stored or not faults:
            write(entries)
        if faults:
            raise faults.pop()

    monkeypatch.setattr(rows, "_write", write_and_lose_the_answer)
    assert rows.commit_batch(batch) == frozenset()
    assert [frame for frames in rows.read_pages(run.pk) for frame in frames] == frames
    assert RunEvent.objects.count() == 4


def test_what_another_worker_has_stored_is_refused_after_a_lost_connection_too(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, faults = rows._write, [OperationalError("the connection is lost")]

    def lose_the_connection(entries: list[Entry]) -> None:
        if faults:
            RunEvent.objects.create(run=run, seq=1, type="run.interrupted", data='{"seq":1}')
            raise faults.pop()
        write(entries)

    monkeypatch.setattr(rows, "_write", lose_the_connection)
    assert rows.commit_batch([(run.pk, Frame(1, "item", encode(item(1))), None)]) == {run.pk}


@pytest.mark.parametrize("max_bytes", [1, 250, 10**6])
def test_a_page_ends_at_its_bytes(run: Run, max_bytes: int) -> None:
    frames = [Frame(seq, "item", encode(item(seq, "x" * 60))) for seq in range(1, 6)]
    rows.commit_batch([(run.pk, frame, None) for frame in frames])
    page = rows.read_page(run.pk, 1, 3, max_bytes)
    fitting = [count for count in (1, 2, 3) if sum(len(frame.data) for frame in frames[1 : 1 + count]) <= max_bytes]
    assert page == frames[1 : 1 + max(fitting, default=1)]
