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

from bench.load import SPREAD_S, Reading, load
from bench.targets import OTHER_CORE, Target, millrace, relay, upstream

PAUSE_S = 0.02
CHUNKS = 250
STREAMS = 50
SIZES = (25, 50, 75, 100, 125, 150, 175, 200, 250, 300, 350, 400, 450, 500)
ACTIONS = 3
LIMIT_MS = 100.0

Build = Callable[[str, int, str], AbstractContextManager[Target]]


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    rows = []
    for build in (relay, millrace, partial(millrace, actions=ACTIONS)):
        with upstream(PAUSE_S) as url:
            rows.append(measure(build, url, server))
    report(rows, server)


def measure(build: Build, url: str, server: str) -> dict[str, float | str]:
    with build(url, CHUNKS, server) as target:
        run(target, 4)
        idle = target.memory_mb()
        first = [run(target, 1).first[0] for _ in range(5)]
        before = target.cpu_s()
        reading = run(target, STREAMS)
        cpu = (target.cpu_s() - before) / len(reading.late)
        return {
            "target": target.name,
            "first": statistics.median(first),
            "first_50": statistics.median(reading.first),
            "p50": reading.percentile(0.50),
            "p99": reading.percentile(0.99),
            "lost": reading.lost,
            "cpu": cpu * 1e6,
            "held": held(target),
            "idle": idle,
        }


def held(target: Target) -> int:
    """Return the most streams of one chunk per 20 ms that were read with p99 below the limit and none lost."""
    most = 0
    for size in SIZES:
        reading = run(target, size)
        if reading.lost or reading.percentile(0.99) >= LIMIT_MS:
            break
        most = size
    return most


def run(target: Target, streams: int) -> Reading:
    return asyncio.run(load(target.port, target.request, streams, CHUNKS, SPREAD_S))


def report(rows: list[dict[str, float | str]], server: str) -> None:
    out = sys.stdout.write
    out(f"\n{STREAMS} streams of one chunk per {PAUSE_S * 1000:.0f} ms, {CHUNKS} chunks each, one core, {server}\n\n")
    out("| target | first chunk ms (1 stream) | first chunk ms (50) | added p50 ms | added p99 ms | lost |"
        " CPU µs per chunk | 20-ms streams held | idle memory MB |\n")  # fmt: skip
    out("|---|--:|--:|--:|--:|--:|--:|--:|--:|\n")
    for row in rows:
        out(
            "| {target} | {first:.1f} | {first_50:.1f} | {p50:.1f} | {p99:.1f} | {lost} | {cpu:.0f} | {held} |"
            " {idle:.0f} |\n".format(**row)
        )
    bare, ours, longer = rows
    ratio = float(ours["cpu"]) / float(bare["cpu"])
    added = float(ours["first"]) - float(bare["first"])
    more = float(longer["cpu"]) - float(ours["cpu"])
    out(f"\nMillrace beside the relay: {ratio:.2f} times its CPU per chunk, {added:+.1f} ms to the first chunk.\n")
    out(f"Two more actions in the path of a message: {more:+.0f} µs of CPU per chunk.\n")


if __name__ == "__main__":
    main()
