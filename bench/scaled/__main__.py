"""Measures web processes and workers over PostgreSQL and Redis beside one process: `python -m bench.scaled [SERVER]`.

One installation has one web process and one worker, another two of each; the third target is one process with SQLite.
All are up at once and are loaded in turn, so what counts is the ratio within a round. It needs both services on this
machine, and prints what `docs/benchmarks.md` holds.
"""

import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import psycopg
import redis

from bench.figures import Figures, compute_difference, compute_ratio
from bench.load import run_load
from bench.report import write_head
from bench.rounds import HELD, ROUNDS, measure
from bench.scaled.postgres import create_database, find_fault
from bench.targets import OTHER_CORE, PAUSE_S, read_cpu_s, run_installation, run_millrace, run_upstream
from bench.workload import LONE_CHUNK, USUAL

WORKLOADS = (USUAL, LONE_CHUNK, HELD)
REDIS_SERVER = "redis://127.0.0.1:6379"
FIRST_REDIS_NUMBER = 12
"""Each installation wakes its processes under a number of its own. The demo has 0."""
SETTLE_S = 1.5
"""PostgreSQL counts a transaction up to a second later."""
COUNT = """
SELECT xact_commit, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0'), pg_total_relation_size('flows_runevent')
FROM pg_stat_database WHERE datname = current_database()
"""
LIST_SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


@dataclass(frozen=True)
class Count:
    """What a database has done since it was made."""

    transactions: int
    log_bytes: int
    """Of PostgreSQL's own log, which it writes before the tables."""
    event_bytes: int
    """Of the table of events with its index."""
    cpu_s: dict[int, float]
    """Processor time of the sessions, by process."""


@dataclass
class Stored:
    """What the database did for the streams of one target. Each list has an element for each round."""

    database: str
    transactions_per_s: list[float] = field(default_factory=list)
    log_bytes: list[float] = field(default_factory=list)
    """Per chunk, as the next ones."""
    event_bytes: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)

    def note_load(self, each: Figures) -> None:
        """Read streams of the target, and note what its database did for them."""
        before, began = self._count(), time.monotonic()
        chunks = len(run_load(each.target, each.target.streams).delays_ms)
        took_s = time.monotonic() - began
        time.sleep(SETTLE_S)
        after = self._count()
        self.transactions_per_s.append((after.transactions - before.transactions) / took_s)
        self.log_bytes.append((after.log_bytes - before.log_bytes) / chunks)
        self.event_bytes.append((after.event_bytes - before.event_bytes) / chunks)
        lasting = before.cpu_s.keys() & after.cpu_s.keys()
        self.cpu_us.append(sum(after.cpu_s[pid] - before.cpu_s[pid] for pid in lasting) * 1e6 / chunks)

    def _count(self) -> Count:
        with psycopg.connect(self.database) as connection:
            row = connection.execute(COUNT).fetchone()
            assert row
            sessions = [pid for (pid,) in connection.execute(LIST_SESSIONS)]
        cpu_s = {}
        for pid in sessions:
            with suppress(FileNotFoundError):  # it has ended meanwhile
                cpu_s[pid] = read_cpu_s(pid)
        return Count(*map(int, row), cpu_s)


def main() -> None:
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    if fault := find_fault() or find_redis_fault():
        sys.exit(f"`make bench SCALE=1` measures PostgreSQL and Redis on this machine, and {fault}")
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    with ExitStack() as stack:
        url = stack.enter_context(run_upstream(PAUSE_S))
        single = Figures(stack.enter_context(run_millrace(url, server, WORKLOADS, keeps_house=False)))
        scaled: list[tuple[Figures, Stored]] = []
        for count in (1, 2):
            database = stack.enter_context(create_database())
            number = f"{REDIS_SERVER}/{FIRST_REDIS_NUMBER + count}"
            target = stack.enter_context(run_installation(url, server, WORKLOADS, count, database, number))
            scaled.append((Figures(target), Stored(database)))
        for each, stored in ROUNDS * scaled:
            stored.note_load(each)
        measure([single, *(each for each, _ in scaled)])
    sys.stdout.write(write_report(single, scaled, f"make bench SCALE=1 SERVER={server}") + "\n")


def find_redis_fault() -> str:
    """Return why Redis on this machine cannot be used; an empty text when it can."""
    address = urlsplit(REDIS_SERVER)
    try:
        redis.Redis(address.hostname or "", address.port or 0, socket_timeout=3).ping()
    except redis.RedisError as error:
        return f"no Redis answers at {REDIS_SERVER}: {error}"
    return ""


def write_report(single: Figures, scaled: Sequence[tuple[Figures, Stored]], command: str) -> str:
    """Return the table, with a column for each target, and what follows from it."""
    columns = [describe(each, single, stored) for each, stored in ((single, None), *scaled)]
    names = " | ".join(each.target.name for each in (single, *(each for each, _ in scaled)))
    rows = [f"| {title} | {' | '.join(column[title] for column in columns)} |" for title in columns[0]]
    (one, _), (two, _) = scaled
    sentence = (
        f"A chunk takes {statistics.median(one.busiest_us):.0f} µs of the busiest process of one pair, and "
        f"{statistics.median(two.busiest_us):.0f} of that of two: with a processor for each process, two pairs serve "
        f"{compute_ratio(one.busiest_us, two.busiest_us):.2f} times as many chunks."
    )
    return "\n".join([write_head(command), "", f"| | {names} |", "|---|" + "--:|" * len(columns), *rows, "", sentence])


def describe(each: Figures, single: Figures, stored: Stored | None) -> dict[str, str]:
    """Return what the table shows of a target, by the titles of its rows."""
    median = statistics.median
    return {
        "CPU µs per chunk, of all its processes": f"{median(each.chunk_us):.0f}",
        "… times that of the one process": f"{compute_ratio(each.chunk_us, single.chunk_us):.2f}",
        "… of the busiest process": f"{median(each.busiest_us):.0f}",
        "… of PostgreSQL's sessions, beside": f"{median(stored.cpu_us):.0f}" if stored else "",
        "20-ms streams held": f"{'≥ ' if each.is_load_limited else ''}{each.held}",
        "added to a chunk, ms, p50 and p99": f"{median(each.p50_ms):.1f}, {median(each.p99_ms):.1f}",
        "… more than by the one process": f"{compute_difference(each.p50_ms, single.p50_ms):+.1f}, "
        f"{compute_difference(each.p99_ms, single.p99_ms):+.1f}",
        "lost chunks": str(each.lost),
        "first chunk of a lone stream, ms": f"{median(each.lone_ms):.1f}",
        "first chunk of one of many, ms": f"{median(each.together_ms):.1f}",
        "CPU ms per request of one chunk": f"{median(each.request_ms):.1f}",
        "PostgreSQL's transactions per second": f"{median(stored.transactions_per_s):.0f}" if stored else "",
        "PostgreSQL's log, bytes per chunk": f"{median(stored.log_bytes):.0f}" if stored else "",
        "events and their index, bytes per chunk": f"{median(stored.event_bytes):.0f}" if stored else "",
        "idle memory, MB": f"{each.idle_mb:.0f}",
    }


if __name__ == "__main__":
    main()
