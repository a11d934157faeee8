"""Measures each target in turn, in one run, and prints one table. Takes about six minutes.

`python -m bench [daphne|uvicorn]`.
"""

import asyncio
import os
import statistics
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from bench.load import SPREAD_S, Reading, read_streams
from bench.targets import OTHER_CORE, Target, run_millrace, run_relay, run_upstream

PAUSE_S = 0.02
CHUNKS = 250
STREAMS = 50
STREAM_COUNTS = (25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500)
ACTIONS = 3
MAX_P99_MS = 100.0

TargetBuilder = Callable[[str, int, str], AbstractContextManager[Target]]


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    rows = []
    for build in (run_relay, run_millrace, partial(run_millrace, actions=ACTIONS)):
        with run_upstream(PAUSE_S) as url:
            rows.append(measure(build, url, server))
    report(rows, server)


def measure(build: TargetBuilder, url: str, server: str) -> dict[str, float | str]:
    with build(url, CHUNKS, server) as target:
        run_load(target, 4)
        idle = target.read_memory_mb()
        first = [run_load(target, 1).first[0] for _ in range(5)]
        before = target.read_cpu_s()
        reading = run_load(target, STREAMS)
        cpu = (target.read_cpu_s() - before) / len(reading.delays_ms)
        return {
            "target": target.name,
            "first": statistics.median(first),
            "first_50": statistics.median(reading.first),
            "p50": reading.compute_percentile(0.50),
            "p99": reading.compute_percentile(0.99),
            "lost": reading.lost,
            "cpu": cpu * 1e6,
            "held": find_held_streams(target),
            "idle": idle,
        }


def find_held_streams(target: Target) -> int:
    """Return how many streams of one chunk per 20 ms are read at once with p99 below the limit and no chunk lost."""
    largest = 0
    for size in STREAM_COUNTS:
        reading = run_load(target, size)
        if reading.lost or reading.compute_percentile(0.99) >= MAX_P99_MS:
            break
        largest = size
    return largest


def run_load(target: Target, streams: int) -> Reading:
    return asyncio.run(read_streams(target.port, target.request, streams, CHUNKS, SPREAD_S))


def report(rows: list[dict[str, float | str]], server: str) -> None:
    write = sys.stdout.write
    write(f"\n{STREAMS} streams of one chunk per {PAUSE_S * 1000:.0f} ms, {CHUNKS} chunks each, one core, {server}\n\n")
    write("| target | first chunk ms (1 stream) | first chunk ms (50) | added p50 ms | added p99 ms | lost |"
        " CPU µs per chunk | 20-ms streams held | idle memory MB |\n")  # fmt: skip
    write("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
    for row in rows:
        write(
            "| {target} | {first:.1f} | {first_50:.1f} | {p50:.1f} | {p99:.1f} | {lost} | {cpu:.0f} | {held} |"
            " {idle:.0f} |\n".format(**row)
        )
    bare, ours, longer = rows
    ratio = float(ours["cpu"]) / float(bare["cpu"])
    added = float(ours["first"]) - float(bare["first"])
    more = float(longer["cpu"]) - float(ours["cpu"])
    write(f"\nMillrace beside the relay: {ratio:.2f} times its CPU per chunk, {added:+.1f} ms to the first chunk.\n")
    write(f"Two more actions in the path of a message: {more:+.0f} µs of CPU per chunk.\n")


if __name__ == "__main__":
    main()
