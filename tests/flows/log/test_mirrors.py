"""Readers of runs that other processes execute: one query for all, at once when these tell, and regularly."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any
from uuid import UUID

import pytest

from flows.events.events import encode
from flows.log import mirrors, rows
from flows.log import reader as reader_module
from flows.log.frames import Entry, Frame, News
from flows.log.handle import LIMITS
from flows.log.run_log import RunLog, run_log
from flows.log.told_frames import write_frames
from flows.models import Run
from tests.flows.log.events import end, item
from tests.flows.log.runs import create_run
from web.database import in_database
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


@pytest.fixture
def runs(workspace: Workspace) -> list[Run]:
    return [create_run(workspace) for _ in range(5)]


async def store(run: Run, *events: Any) -> None:
    """Store events as another process does."""
    frames = [Frame(event["seq"], event["type"], encode(event)) for event in events]
    batch: list[Entry] = [(run.pk, frame, None) for frame in frames]
    await in_database(rows.commit_batch, batch)


class Reader:
    """Reads one run in a task of its own."""

    def __init__(self, log: RunLog, run: Run, after: int = 0) -> None:
        self.seqs: list[int] = []
        self._batches = log.read(run.pk, after, is_new=log.take_new(run.pk))
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for frames in self._batches:
            self.seqs += [frame.seq for frame in frames]
        await self._batches.aclose()


@pytest.fixture
async def log(monkeypatch: pytest.MonkeyPatch, looks: list[set[UUID]]) -> AsyncIterator[RunLog]:
    monkeypatch.setattr(mirrors, "LOOK_INTERVAL_S", 3600.0)
    yield run_log()


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[set[UUID]]:
    """For which runs each query asked."""
    read_news, asked = rows.read_news, []

    def note(cursors: Mapping[UUID, int], **options: Any) -> News:
        asked.append(set(cursors))
        return read_news(cursors, **options)

    monkeypatch.setattr(rows, "read_news", note)
    return asked


async def wait_until(is_true: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not is_true():
            await asyncio.sleep(0.005)


async def test_what_is_told_is_read_with_one_query_for_all_runs(
    runs: list[Run], log: RunLog, looks: list[set[UUID]]
) -> None:
    ids = {run.pk for run in runs}
    readers = [Reader(log, run) for run in (*runs, *runs)]
    for run in runs:
        await wait_until_mirrored(log, run, 2)
    for run in runs:
        await store(run, item(1), item(2))
    looks.clear()
    log.hear(dict.fromkeys(ids, b""))
    await wait_until(lambda: all(reader.seqs == [1, 2] for reader in readers))
    assert looks == [ids]
    for run in runs:
        await store(run, end(3))
    log.hear(dict.fromkeys(ids, b""))
    await asyncio.gather(*(reader.task for reader in readers))
    assert {tuple(reader.seqs) for reader in readers} == {(1, 2, 3)}
    looks.clear()
    log.hear(dict.fromkeys(ids, b""))
    assert looks == []


async def wait_until_mirrored(log: RunLog, run: Run, readers: int = 1) -> None:
    """Return when so many readers hold the mirror of the run, and the look that this begins is over."""
    await wait_until(lambda: log._mirrors._readers.get(run.pk) == readers and log._mirrors._look is None)


def tell(*events: Any) -> bytes:
    """Return what another process tells of these events, which it has stored."""
    return write_frames(Frame(event["seq"], event["type"], encode(event)) for event in events)


async def test_events_that_are_told_are_read_without_a_query(
    runs: list[Run], log: RunLog, looks: list[set[UUID]]
) -> None:
    run, other = runs[0], runs[1]
    await store(run, item(1))
    readers = [Reader(log, run), Reader(log, run)]
    await wait_until_mirrored(log, run, 2)
    looks.clear()
    await store(run, item(2), item(3), item(4), end(5))
    log.hear({run.pk: tell(item(2), item(3)), other.pk: tell(item(1))})
    log.hear({run.pk: tell(item(3), item(4))})  # what is known already comes once
    log.hear({run.pk: tell(item(2))})
    log.hear({run.pk: tell(end(5))})
    async with asyncio.timeout(20):
        await asyncio.gather(*(reader.task for reader in readers))
    assert [reader.seqs for reader in readers] == [[1, 2, 3, 4, 5]] * 2
    assert looks == []


async def test_a_reader_of_a_run_that_was_just_left_to_others_asks_once(
    runs: list[Run], log: RunLog, looks: list[set[UUID]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_module, "in_database", None)  # a reader that asks by itself fails
    run = runs[0]
    log.expect(run.pk)
    await store(run, item(1))  # before the reader came
    reader = Reader(log, run)
    await wait_until(lambda: reader.seqs == [1])
    await store(run, item(2), end(3))
    log.hear({run.pk: tell(item(2), end(3))})
    async with asyncio.timeout(20):
        await reader.task
    assert reader.seqs == [1, 2, 3]
    assert looks == [{run.pk}]


async def test_a_reader_that_comes_when_the_new_run_has_ended_reads_it_whole(
    runs: list[Run], log: RunLog, looks: list[set[UUID]]
) -> None:
    run, later = runs[0], runs[1]
    for each in (run, later):
        log.expect(each.pk)
        await store(each, item(1), item(2), end(3))
    first = Reader(log, run)
    async with asyncio.timeout(20):
        await first.task
    assert (first.seqs, looks) == ([1, 2, 3], [{run.pk}])
    log._mirrors._new[later.pk] -= mirrors.NEW_S
    looks.clear()
    async with asyncio.timeout(20):
        await asyncio.gather(Reader(log, run).task, Reader(log, later).task)
    assert looks == []  # no longer new: a page has all


async def test_no_more_than_the_newest_runs_count_as_new(
    runs: list[Run], log: RunLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "MAX_NEW", 2)
    for run in runs:
        log.expect(run.pk)
    assert [log.take_new(run.pk) for run in runs] == [False, False, False, True, True]
    assert not log.take_new(runs[-1].pk)


async def test_what_is_missing_before_told_events_is_read_from_the_database(
    runs: list[Run], log: RunLog, looks: list[set[UUID]]
) -> None:
    run = runs[0]
    await store(run, item(1))
    reader = Reader(log, run)
    await wait_until_mirrored(log, run)
    looks.clear()
    await store(run, *map(item, range(2, 6)))
    log.hear({run.pk: tell(item(5))})  # what told of 2 to 4 was lost
    await wait_until(lambda: reader.seqs == [1, 2, 3, 4, 5])
    assert looks == [{run.pk}]
    await store(run, item(6), end(7))
    log.hear({run.pk: tell(item(6), end(7))})
    async with asyncio.timeout(20):
        await reader.task
    assert reader.seqs == [*range(1, 8)]


async def test_events_that_are_told_do_not_gather_in_memory(
    runs: list[Run], log: RunLog, looks: list[set[UUID]]
) -> None:
    run = runs[0]
    reader = Reader(log, run)
    await wait_until_mirrored(log, run)
    events = [{**item(seq), "value": "x" * 4_000} for seq in range(1, 201)]
    await store(run, *events)
    for event in events:
        log.hear({run.pk: tell(event)})
        await asyncio.sleep(0)
    handle = log._handles[run.pk]
    assert len(handle.frames) < 200
    assert sum(len(frame.data) for frame in handle.frames) <= LIMITS.window_bytes
    await wait_until(lambda: reader.seqs and reader.seqs[-1] == 200)
    reader.task.cancel()


async def test_readers_come_and_go_at_any_cursor(runs: list[Run], log: RunLog, looks: list[set[UUID]]) -> None:
    run = runs[0]
    await store(run, *map(item, range(1, 6)))
    early = Reader(log, run)
    await wait_until(lambda: early.seqs == [1, 2, 3, 4, 5] and looks)
    late, ahead, gone = Reader(log, run, 2), Reader(log, run, 7), Reader(log, run)
    await wait_until(lambda: len(late.seqs) == 3 and len(gone.seqs) == 5)
    gone.task.cancel()
    await store(run, *map(item, range(6, 400)), end(400))
    log.hear({run.pk: b""})
    await asyncio.gather(early.task, late.task, ahead.task)
    assert [early.seqs, late.seqs, ahead.seqs] == [[*range(1, 401)], [*range(3, 401)], [*range(8, 401)]]


async def test_a_run_that_is_gone_or_archived_leaves_no_reader_waiting(
    runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirrors, "LOOK_INTERVAL_S", 0.02)
    log = run_log()
    readers = [Reader(log, run) for run in runs[:2]]
    await asyncio.sleep(0.1)
    await runs[0].adelete()
    await Run.objects.filter(pk=runs[1].pk).aupdate(status="failed")
    async with asyncio.timeout(20):
        await asyncio.gather(*(reader.task for reader in readers))
    assert [reader.seqs for reader in readers] == [[], []]


async def test_a_run_that_this_process_takes_over_is_read_on_from_its_own_log(runs: list[Run], log: RunLog) -> None:
    run = runs[0]
    await store(run, item(1))
    reader = Reader(log, run)
    await wait_until(lambda: reader.seqs == [1])
    handle = log.open(run.pk, 1)
    log.append(handle, item(2))
    log.append(handle, end(3))
    await log.wait_until_committed(handle)
    log.close(handle)
    async with asyncio.timeout(20):
        await reader.task
    assert reader.seqs == [1, 2, 3]
