"""Measures where the CPU of a chunk goes: samples the server under load with py-spy, and assigns samples to parts.

`python -m bench.profile [daphne|uvicorn] [STREAMS]`. A sample is a thread that holds the interpreter. What the process
spends without it (the kernel, SQLite, switching threads) has a row of its own.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.load import Reading, run_load
from bench.targets import OTHER_CORE, PAUSE_S, Target, run_millrace, run_upstream

PY_SPY = Path(sys.executable).with_name("py-spy")
SAMPLES_PER_S = 500
SAMPLE_S = 10
STARTS = "starts: the request, the key, four rows, the SDK's call"
START_MARKS = (
    "(flows/api/run_views.py",
    "get_response_async",
    "MessageStream._send",
    "_call_and_drop_broken (web/database.py",
)
LOOP, OUTSIDE = "the event loop itself", "outside of the interpreter"
PART_PREFIXES = {
    "the server's own": ("uvicorn/", "daphne/", "twisted/", "channels/"),
    "readers: forms, Django's answer, pace": ("flows/wire/", "server/", "web/middleware/asgi", "django/"),
    "the log": ("flows/log/", "flows/events/events", "flows/events/recorder"),
    "the model's stream: client, decoder, message": (
        *("actions/anthropic/", "actions/network/"),
        *("anthropic/", "anyio/", "h11/", "httpcore2/", "httptools/", "httpx2/", "sniffio/"),
    ),
    "the engine and the actions": ("flows/", "actions/"),
}
"""By part, how the paths of its files begin. A sample belongs to the part of its innermost function that has one."""


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    streams = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with run_upstream(PAUSE_S) as url, run_millrace(url, server) as target:
        run_load(target, 4)
        costs = measure_costs(target, streams)
    sys.stdout.write(
        f"\n{streams} streams of one chunk per 20 ms, {server}\n\n| part | CPU µs per chunk |\n|---|--:|\n"
    )
    for part, cost in costs:
        sys.stdout.write(f"| {part} | {cost:.0f} |\n")
    sys.stdout.write(f"| together | {sum(cost for _, cost in costs):.0f} |\n")


def measure_costs(target: Target, streams: int) -> list[tuple[str, float]]:
    """Return the CPU of a chunk in microseconds by part, the largest first."""
    with ThreadPoolExecutor(1) as beside:
        sampling = beside.submit(sample_stacks, target)
        before, readings = target.read_cpu_s(), list[Reading]()
        while not sampling.done():
            readings.append(run_load(target, streams))
        cpu_us = (target.read_cpu_s() - before) * 1e6 / sum(len(reading.delays_ms) for reading in readings)
    samples, cpu_s = sampling.result()
    sample_us = cpu_us / (cpu_s * SAMPLES_PER_S)
    costs = {part: count * sample_us for part, count in samples.items()}
    costs[OUTSIDE] = max(0.0, cpu_us - sum(costs.values()))
    return sorted(costs.items(), key=lambda item: -item[1])


def sample_stacks(target: Target) -> tuple[Counter[str], float]:
    """Return the samples by part, and the seconds of CPU that the process took meanwhile."""
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        stacks = Path(folder) / "stacks"
        options = [
            "--gil",
            "--format",
            "raw",
            "--rate",
            str(SAMPLES_PER_S),
            "--duration",
            str(SAMPLE_S),
            "--output",
            str(stacks),
        ]
        before = target.read_cpu_s()
        subprocess.run([PY_SPY, "record", "--pid", str(target.pids[0]), *options], check=True, capture_output=True)
        return count_by_part(stacks.read_text()), target.read_cpu_s() - before


def count_by_part(stacks: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        counts[find_part(stack)] += int(count)
    return counts


def find_part(stack: str) -> str:
    """Return the part that a stack of `function (file:line)`, outermost first, belongs to."""
    if any(mark in stack for mark in START_MARKS):
        return STARTS
    for frame in reversed(stack.split(";")):
        file = frame.partition(" (")[2]
        for part, beginnings in PART_PREFIXES.items():
            if file.startswith(beginnings):
                return part
    return LOOP


if __name__ == "__main__":
    main()
