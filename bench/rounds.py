"""Loads targets in turn, in several rounds, and then with more and more streams, and notes what was measured."""

import sys
from enum import Enum, auto

from bench.figures import Figures
from bench.load import run_load
from bench.targets import PAUSE_S
from bench.workload import LONE_CHUNK, LONGER, Workload

ROUNDS = 3
LONE_STREAMS = 5
REQUESTS, REQUESTS_S = 150, 1.5
"""So many requests of one chunk begin within this time."""
STREAM_COUNTS = (25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500, 550, 600)
HELD = Workload(chunks=150)
"""The streams of which as many as possible are read at once."""
TRIES = 2
MAX_P99_MS = 100.0
MAX_LATENESS_MS = 20.0
"""How late the upstream may be with one chunk in a hundred: one pause. Beyond it, the streams are not 20-ms streams."""


def measure(measured: list[Figures]) -> None:
    for each in measured:
        run_load(each.target, 4)
        each.idle_mb = each.target.read_memory_mb()
    for number in range(ROUNDS):
        say(f"round {number + 1} of {ROUNDS}")
        for each in measured:
            measure_round(each)
    find_held_streams(measured)


def measure_round(each: Figures) -> None:
    target = each.target
    lone = [run_load(target, 1, LONE_CHUNK).first[0] for _ in range(LONE_STREAMS)]
    each.lone_ms.append(sorted(lone)[LONE_STREAMS // 2])
    before = target.read_cpu_s()
    requests = run_load(target, REQUESTS, LONE_CHUNK, REQUESTS_S)
    each.request_ms.append((target.read_cpu_s() - before) * 1e3 / REQUESTS)
    each.lost += requests.lost
    each_before = target.read_each_cpu_s()
    reading = run_load(target, target.streams)
    each.note_streams(reading, [now - then for now, then in zip(target.read_each_cpu_s(), each_before, strict=True)])
    if LONGER in target.requests:
        before = target.read_cpu_s()
        longer = run_load(target, target.streams, LONGER)
        each.longer_us.append((target.read_cpu_s() - before) * 1e6 / len(longer.delays_ms))


class Outcome(Enum):
    """What happened when a target was loaded with so many streams."""

    HELD = auto()
    LATE_TARGET = auto()
    LATE_UPSTREAM = auto()
    """The load itself did not keep its pace, so that nothing is known of the target."""


def find_held_streams(measured: list[Figures]) -> None:
    """Load the targets with more and more streams in turn, each until it no longer holds them."""
    holding = list(measured)
    for size in STREAM_COUNTS:
        if not holding:
            return
        say(f"{size} streams: {', '.join(each.target.name for each in holding)}")
        holding = [each for each in holding if note_size(each, size)]


def note_size(each: Figures, size: int) -> bool:
    """Return whether the target holds so many streams, which is noted."""
    outcome = load_streams(each, size)
    each.is_load_limited = outcome is Outcome.LATE_UPSTREAM
    if outcome is Outcome.HELD:
        each.held = size
    return outcome is Outcome.HELD


def load_streams(each: Figures, size: int) -> Outcome:
    """Return the best outcome of the tries: held are streams with p99 below the limit and no chunk lost."""
    outcome = Outcome.LATE_UPSTREAM
    for _ in range(TRIES):
        reading = run_load(each.target, size, HELD)
        if reading.compute_lateness(PAUSE_S, 0.99) > MAX_LATENESS_MS:
            continue
        if not reading.lost and reading.compute_percentile(0.99) < MAX_P99_MS:
            return Outcome.HELD
        outcome = Outcome.LATE_TARGET
    return outcome


def say(progress: str) -> None:
    sys.stderr.write(f"{progress}\n")
