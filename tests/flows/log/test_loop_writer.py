"""Where commits are made: on the event loop while the disk is quick and nobody else writes, else in the thread."""

import asyncio
import math
import sqlite3
import threading
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection as database
from django.utils import timezone

from flows.log import loop_writer, rows
from flows.log.frames import Finish
from flows.log.handle import LogLimits
from flows.log.run_log import RunLog
from flows.models import Run, RunEvent
from tests.databases import on_sqlite
from tests.flows.log.events import appended, end, item
from tests.flows.log.runs import create_run
from workspaces.models import Workspace

pytestmark = [on_sqlite, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("ended_log")]

NEVER_SLOW = LogLimits(slow_commit_s=math.inf)
write_batch = rows.write_batch


@pytest.fixture
def run(workspace: Workspace) -> Run:
    return create_run(workspace)


@pytest.fixture
async def log() -> AsyncIterator[RunLog]:
    log = RunLog(asyncio.get_running_loop(), NEVER_SLOW)
    yield log
    log.shut_down()


@pytest.fixture
def commits(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts what was stored, by the name of the thread."""
    counts = Counter[str]()

    def write_and_count(*arguments: Any) -> None:
        write_batch(*arguments)
        counts["thread" if threading.current_thread().name == "run-log" else "loop"] += 1

    monkeypatch.setattr(rows, "write_batch", write_and_count)
    return counts


async def store(log: RunLog, run: Run, seqs: range, text: str = "x") -> None:
    """Store events of a run, each with a commit of its own."""
    handle = log.open(run.pk, seqs.start - 1)
    for seq in seqs:
        await appended(log, handle, item(seq, text))
        await log.wait_until_committed(handle)


@contextmanager
def open_file(**options: Any) -> Iterator[sqlite3.Connection]:
    """Open the test database as another process would."""
    with closing(sqlite3.connect(**database.get_connection_params() | {"isolation_level": None, **options})) as other:
        yield other


async def test_a_quick_disk_is_written_to_on_the_loop(run: Run, log: RunLog, commits: Counter[str]) -> None:
    await store(log, run, range(1, 11))
    assert commits == {"loop": 10}
    assert await RunEvent.objects.filter(run=run).acount() == 10


async def test_the_end_of_a_run_is_stored_on_the_loop(run: Run, log: RunLog, commits: Counter[str]) -> None:
    handle, now = log.open(run.pk), timezone.now()
    finish: Finish = {
        "status": "completed",
        "finished_at": now,
        "duration_ms": 7,
        "first_item_ms": None,
        "items": 0,
        "error_code": "",
        "error_message": "",
        "stored_bytes": 5,
        "tokens": "[]",
    }
    await appended(log, handle, end(1), finish)
    await log.wait_until_committed(handle)
    await run.arefresh_from_db()
    assert commits == {"loop": 1}
    assert (run.status, run.finished_at, run.duration_ms, run.first_item_ms) == ("completed", now, 7, None)
    assert run.stored_bytes == 5 + handle.appended_bytes


async def test_a_database_that_another_one_writes_to_is_left_to_the_thread(
    run: Run, log: RunLog, commits: Counter[str]
) -> None:
    await store(log, run, range(1, 3))
    handle = log.open(run.pk, 2)
    with open_file() as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        await appended(log, handle, item(3))
        while not log._batch:  # until the loop has tried
            await asyncio.sleep(0)
        assert time.monotonic() - began < 5  # of the 20 seconds for which the thread waits
        assert handle.committed == 2
        other.execute("ROLLBACK")
    await log.wait_until_committed(handle)
    assert commits == {"loop": 2, "thread": 1}
    await store(log, run, range(4, 6))
    assert commits == {"loop": 4, "thread": 1}


async def test_a_commit_that_waits_for_the_disk_is_made_in_the_thread(
    run: Run, log: RunLog, commits: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {**database.settings_dict["OPTIONS"], "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL"}
    monkeypatch.setitem(database.settings_dict, "OPTIONS", options)
    await store(log, run, range(1, 4))
    assert commits == {"thread": 3}


async def test_another_database_is_left_to_the_thread(
    run: Run, log: RunLog, commits: Counter[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log._loop_writer._database, "vendor", "postgresql")
    await store(log, run, range(1, 4))
    assert commits == {"thread": 3}


async def test_a_large_batch_and_the_next_one_are_left_to_the_thread(
    run: Run, log: RunLog, commits: Counter[str]
) -> None:
    await store(log, run, range(1, 3))
    await store(log, run, range(3, 4), "x" * loop_writer.MAX_LOOP_BYTES)
    assert commits == {"loop": 2, "thread": 1}
    await store(log, run, range(4, 6))
    assert commits == {"loop": 3, "thread": 2}


async def test_the_thread_begins_the_log_anew_after_large_batches(
    run: Run, log: RunLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever does that waits for the disk. What it writes into the head of SQLite's log is new each time."""
    with open_file() as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    await store(log, run, range(1, 2))
    heads, beginners = [read_log_head()], set[str]()

    def write_and_look(*arguments: Any) -> None:
        write_batch(*arguments)
        if (head := read_log_head()) != heads[-1]:
            heads.append(head)
            beginners.add(threading.current_thread().name)

    monkeypatch.setattr(rows, "write_batch", write_and_look)
    for seq in range(2, 42):
        await store(log, run, range(seq, seq + 1), "x" * (1 if seq % 2 else loop_writer.MAX_LOOP_BYTES))
    assert len(heads) > 2
    assert beginners == {"run-log"}


def read_log_head() -> bytes:
    return Path(f"{database.get_connection_params()['database']}-wal").read_bytes()[:32]


@pytest.mark.parametrize(("pauses_s", "expected"), [((0.05, 0.05), {"loop": 2, "thread": 2}), ((0.05, 0), {"loop": 4})])
async def test_two_slow_commits_in_a_row_bring_in_the_thread(
    run: Run, monkeypatch: pytest.MonkeyPatch, commits: Counter[str], pauses_s: tuple[float, float], expected: object
) -> None:
    count = rows.write_batch
    pauses = iter((*pauses_s, 0, 0))

    def wait_and_write(*arguments: Any) -> None:
        time.sleep(next(pauses))
        count(*arguments)

    monkeypatch.setattr(rows, "write_batch", wait_and_write)
    log = RunLog(asyncio.get_running_loop(), LogLimits(slow_commit_s=0.04))
    await store(log, run, range(1, 5))
    log.shut_down()
    assert commits == expected


async def test_a_commit_that_only_computes_is_not_slow(
    run: Run, monkeypatch: pytest.MonkeyPatch, commits: Counter[str]
) -> None:
    count = rows.write_batch

    def compute_and_write(*arguments: Any) -> None:
        until = time.thread_time() + 0.06
        while time.thread_time() < until:
            pass
        count(*arguments)

    monkeypatch.setattr(rows, "write_batch", compute_and_write)
    # Another process may take the processor meanwhile, which is waiting: hence ten times what is computed.
    log = RunLog(asyncio.get_running_loop(), LogLimits(slow_commit_s=0.6))
    await store(log, run, range(1, 5))
    log.shut_down()
    assert commits == {"loop": 4}


async def test_a_refused_row_sends_its_batch_to_the_thread_and_no_later_one(
    run: Run, log: RunLog, commits: Counter[str]
) -> None:
    orphan, handle = log.open(uuid.uuid4()), log.open(run.pk)
    await asyncio.gather(appended(log, orphan, item(1)), appended(log, handle, item(1)))
    await log.wait_until_committed(handle)
    assert commits == {"thread": 1}
    await store(log, run, range(2, 4))
    assert commits == {"thread": 1, "loop": 2}


async def test_a_broken_connection_is_opened_anew(run: Run, log: RunLog, commits: Counter[str]) -> None:
    await store(log, run, range(1, 3))
    connection = log._loop_writer._connection
    assert connection
    connection.close()
    await store(log, run, range(3, 6))
    assert commits == {"loop": 4, "thread": 1}
    assert await RunEvent.objects.filter(run=run).acount() == 5


async def test_a_commit_leaves_no_transaction_open(run: Run, log: RunLog) -> None:
    """One would keep SQLite's log from being moved as a whole."""
    await store(log, run, range(1, 5))
    with open_file(timeout=5) as other:
        busy, _, _ = other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0


async def test_sqlites_log_stays_small(run: Run, log: RunLog, commits: Counter[str]) -> None:
    """Without turns of the thread it would be as large as all events, although they are moved to the database."""
    await store(log, run, range(1, 2001), text="x" * 10_000)
    written = measure_sqlites_log()
    assert commits["loop"] > 10 * commits["thread"] > 0
    assert loop_writer.MAX_PAGES * loop_writer.PAGE_BYTES < written < 10_000_000


def measure_sqlites_log() -> int:
    return Path(f"{database.get_connection_params()['database']}-wal").stat().st_size
