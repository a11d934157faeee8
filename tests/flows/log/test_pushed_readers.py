"""Pushed readers: what is committed is sent in the commit's own turn of the loop, to every reader that can take it."""

import asyncio
import gc
import math
import time
from collections.abc import Callable
from contextlib import aclosing, closing
from typing import Any

import pytest
from django.db import connection as database

from flows.events.events import encode
from flows.log import rows
from flows.log.frames import Frame
from flows.log.handle import LIMITS, LogHandle, LogLimits
from flows.log.loop_writer import LoopWriter
from flows.log.run_log import RunLog, run_log
from flows.models import Run, RunEvent
from tests.flows.log.events import appended, end, item, write
from tests.flows.log.runs import create_run
from web.lookups import adapt_id, write_for_driver
from workspaces.models import Workspace

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]


class ScriptedPusher:
    """Takes what is pushed, and does then what a test says."""

    def __init__(self, on_push: Callable[["ScriptedPusher", list[Frame]], object] = lambda *_: None) -> None:
        self.pushed: list[Frame] = []
        self.tasks: list[asyncio.Task[Any] | None] = []
        """The task in which each push was: None in a commit."""
        self.room = asyncio.Event()
        self.room.set()
        self._on_push = on_push

    def has_room(self) -> bool:
        return self.room.is_set()

    def push(self, frames: list[Frame]) -> None:
        self.pushed += frames
        self.tasks.append(asyncio.current_task())
        self._on_push(self, frames)

    async def wait_for_room(self) -> None:
        await self.room.wait()


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return create_run(workspace)


class Reading:
    """A reader in a task of its own: what it was given, pulled and pushed, in that order."""

    def __init__(
        self, log: RunLog, run: Run, pusher: ScriptedPusher | None, *, public: bool = True, after: int = 0
    ) -> None:
        self.pulled: list[Frame] = []
        self.heartbeats = 0
        self._pusher = pusher
        self._batches = log.read(run.pk, after, public=public, pusher=pusher)
        self.task = asyncio.create_task(self._read())

    async def _read(self) -> list[int]:
        async with aclosing(self._batches) as batches:
            async for frames in batches:
                self.pulled += frames
                self.heartbeats += not frames
        pushed = self._pusher.pushed if self._pusher else []
        return sorted(frame.seq for frame in [*self.pulled, *pushed])


async def follow(log: RunLog, handle: LogHandle, run: Run, pusher: ScriptedPusher, **options: Any) -> Reading:
    """Return a reader that has read all and is pushed to."""
    reading, count = Reading(log, run, pusher, **options), len(handle.followers)
    while len(handle.followers) == count:
        await asyncio.sleep(0.001)
    return reading


async def test_what_is_committed_is_pushed_in_the_turn_of_the_commit(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    await write(log, handle, [*map(item, range(1, 20)), end(20)])
    assert await reading.task == list(range(1, 21))
    assert [frame.seq for frame in pusher.pushed] == list(range(1, 21))
    assert reading.pulled == []
    assert set(pusher.tasks) == {None}
    assert handle.followers == []


def count_stored(run: Run) -> int:
    """Count as another process would, and at once."""
    statement = write_for_driver("SELECT COUNT(*) FROM flows_runevent WHERE run_id = %s")
    driver: Any = database.Database  # type: ignore[attr-defined]  # sqlite3 or psycopg
    with closing(driver.connect(**database.get_connection_params())) as other:
        count: int = other.execute(statement, [adapt_id(run.pk)]).fetchone()[0]
    return count


async def pushed_before_stored(run: Run) -> int:
    """Return how many events were pushed that the database did not hold at that moment."""
    early: list[int] = []

    def look(_: ScriptedPusher, frames: list[Frame]) -> None:
        stored = count_stored(run)
        early.extend(frame.seq for frame in frames if frame.seq > stored)

    log = RunLog(asyncio.get_running_loop(), LogLimits(slow_commit_s=math.inf))
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, ScriptedPusher(look))
    await write(log, handle, [*map(item, range(1, 10)), end(10)])
    assert await reading.task == list(range(1, 11))
    log.shut_down()
    return len(early)


@pytest.mark.parametrize("way", ["on the loop", "in the thread"])
async def test_nothing_is_pushed_that_is_not_stored(run: Run, monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    write_batch = rows.write_batch

    def write_slowly(*arguments: Any) -> None:
        time.sleep(0.05)
        write_batch(*arguments)

    monkeypatch.setattr(rows, "write_batch", write_slowly)
    if way == "in the thread":
        monkeypatch.setattr(LoopWriter, "commit", lambda *_: False)
    assert await pushed_before_stored(run) == 0


async def test_the_test_above_finds_a_log_that_pushes_first(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the law broken on purpose."""
    monkeypatch.setattr(LoopWriter, "commit", lambda *_: True)
    assert await pushed_before_stored(run) == 10


async def test_a_push_that_fails_ends_its_reader_and_no_other(run: Run) -> None:
    def fail(*_: object) -> None:
        raise ConnectionError("scripted")

    def cancel(*_: object) -> None:
        raise asyncio.CancelledError

    log = run_log()
    handle = log.open(run.pk)
    first, failing, cancelled, last = [
        await follow(log, handle, run, pusher)
        for pusher in (ScriptedPusher(), ScriptedPusher(fail), ScriptedPusher(cancel), ScriptedPusher())
    ]
    await write(log, handle, [item(1), item(2)])
    await appended(log, handle, end(3))
    assert await first.task == await last.task == [1, 2, 3]
    with pytest.raises(ConnectionError, match="scripted"):
        await failing.task
    with pytest.raises(asyncio.CancelledError):
        await cancelled.task


async def test_a_reader_that_is_full_is_left_and_goes_on_from_its_cursor(run: Run) -> None:
    def fill(pusher: ScriptedPusher, _: object) -> None:
        pusher.room.clear()

    log, pusher = (
        RunLog(asyncio.get_running_loop(), LogLimits(committed_frames=5, uncommitted_frames=5)),
        ScriptedPusher(fill),
    )
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    await write(log, handle, [item(seq) for seq in range(1, 50)])
    await log.wait_until_committed(handle)
    assert [frame.seq for frame in pusher.pushed] == [1]
    assert reading.pulled == []
    pusher.room.set()
    while len(reading.pulled) < 48:  # the most of it from the database: memory holds ten
        await asyncio.sleep(0.001)
    await appended(log, handle, end(50))
    assert await reading.task == list(range(1, 51))
    assert [frame.seq for frame in pusher.pushed] == [1, 50]
    log.shut_down()


async def test_a_reader_that_is_full_does_not_hold_the_run(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher(lambda pusher, _: pusher.room.clear())
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    await write(log, handle, [item(1), item(2), end(3)])
    await log.wait_until_committed(handle)
    log.close(handle)
    del handle
    await asyncio.sleep(0)
    gc.collect()
    assert not [held for held in gc.get_objects() if type(held) is LogHandle and held.run_id == run.pk]
    pusher.room.set()
    assert await reading.task == [1, 2, 3]


async def test_no_more_is_pushed_at_once_than_a_reader_is_given(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    for seq in range(1, 5):  # in one turn of the loop, so in one commit
        assert log.append(handle, item(seq, "x" * 25_000)) is None
    await log.wait_until_committed(handle)
    await appended(log, handle, end(5))
    assert await reading.task == [1, 2, 3, 4, 5]
    assert [frame.seq for frame in reading.pulled][:4] == [1, 2, 3, 4]


@pytest.mark.parametrize("is_pushed", [True, False])
async def test_an_event_that_is_too_large_for_memory_is_read_from_the_database(run: Run, is_pushed: bool) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher) if is_pushed else Reading(log, run, None)
    async with asyncio.timeout(10):
        await write(log, handle, [item(1), item(2, "x" * LIMITS.window_bytes), end(3)])
        assert await reading.task == [1, 2, 3]


async def test_a_run_that_goes_on_from_its_stored_events_is_read_from_the_last_of_them(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    await write(log, first := log.open(run.pk), [item(1), item(2)])
    await log.wait_until_committed(first)
    handle = log.open(run.pk, 2)
    reading = Reading(log, run, pusher, after=1)
    async with asyncio.timeout(10):
        while not handle.followers:
            await asyncio.sleep(0.001)
        await appended(log, handle, end(3))
        assert await reading.task == [2, 3]


async def test_callers_are_not_pushed_the_trace(run: Run) -> None:
    log, mine, callers = run_log(), ScriptedPusher(), ScriptedPusher()
    handle = log.open(run.pk)
    trace: Any = {"type": "node.started", "seq": 1, "ms": 1, "node": "n"}
    member = await follow(log, handle, run, mine, public=False)
    caller = await follow(log, handle, run, callers)
    await write(log, handle, [trace, item(2)])
    await appended(log, handle, end(3))
    assert (await member.task, await caller.task) == ([1, 2, 3], [2, 3])


async def test_a_wake_up_is_a_heartbeat_for_a_pushed_reader(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    (before,) = handle.followers
    log.wake_readers()
    while handle.followers in ([], [before]):
        await asyncio.sleep(0.001)
    assert reading.heartbeats == 1
    await appended(log, handle, end(1))
    assert await reading.task == [1]


async def test_a_cancelled_reader_is_pushed_nothing_more(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    reading.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading.task
    assert handle.followers == []
    await appended(log, handle, item(1))
    await log.wait_until_committed(handle)
    assert pusher.pushed == []


async def test_a_reader_of_a_lost_run_ends(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    first = log.open(run.pk)
    await write(log, first, [item(1)])
    await log.wait_until_committed(first)
    usurper = log.open(run.pk)
    reading = await follow(log, usurper, run, pusher)
    await appended(log, usurper, item(1))
    async with asyncio.timeout(10):
        assert await reading.task == []
    assert usurper.is_lost


async def test_a_pushed_reader_hears_what_another_server_tells_of_a_run_that_it_took_over(run: Run) -> None:
    log, pusher = run_log(), ScriptedPusher()
    handle = log.open(run.pk)
    reading = await follow(log, handle, run, pusher)
    for theirs in (item(1, "theirs"), end(2)):
        await RunEvent.objects.acreate(run=run, seq=theirs["seq"], type=theirs["type"], data=encode(theirs).decode())
    # The task of a run closes the log when it is cancelled: in the next turn of the loop.
    handle.on_lost = lambda: asyncio.get_running_loop().call_soon(log.close, handle)
    await appended(log, handle, item(1, "ours"))
    assert await reading.task == [1, 2]
    assert pusher.pushed == []


async def test_readers_that_are_pushed_and_readers_that_pull_see_the_same(run: Run) -> None:
    log = run_log()
    handle = log.open(run.pk)

    def stumble(pusher: ScriptedPusher, frames: list[Frame]) -> None:
        if frames[-1].seq % 7 == 0:
            pusher.room.clear()
            asyncio.get_running_loop().call_later(0.01, pusher.room.set)

    readings = [
        await follow(log, handle, run, ScriptedPusher(stumble if index % 2 else lambda *_: None)) for index in range(6)
    ]
    await write(log, handle, [item(seq) for seq in range(1, 100)])
    readings.append(Reading(log, run, ScriptedPusher(), after=40))
    await asyncio.sleep(0.02)
    await appended(log, handle, end(100))
    assert [await reading.task for reading in readings] == [list(range(1, 101))] * 6 + [list(range(41, 101))]
