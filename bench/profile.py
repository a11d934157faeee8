"""Where the CPU of a chunk goes: samples the server under load with py-spy, and tells what each part takes.

`python -m bench.profile [daphne|uvicorn] [STREAMS]`. A sample is a thread that holds the interpreter. What the process
spends without it (the kernel, SQLite, waking threads) is a row of its own.
"""

import os
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.__main__ import CHUNKS, PAUSE_S, run
from bench.load import Reading
from bench.targets import OTHER_CORE, Target, millrace, upstream

PY_SPY = Path(sys.executable).with_name("py-spy")
RATE = 500
SECONDS = 10
STARTS = "starts: the request, the key, four rows, the SDK's call"
IN_A_START = ("(flows/api/run_views.py", "get_response_async", "MessageStream._send", "_guarded (web/database.py")
LOOP, OUTSIDE = "the event loop itself", "outside of the interpreter"
PARTS = {
    "the server's own": ("uvicorn/", "daphne/", "twisted/", "channels/"),
    "readers: forms, Django's answer, pace": ("flows/wire/", "server/", "web/middleware/asgi", "django/"),
    "the log": ("flows/log/", "flows/events/events", "flows/events/recorder"),
    "the model's stream: client, decoder, message": (
        *("actions/anthropic/", "actions/network/"),
        *("aiohttp/", "anthropic/", "anyio/", "h11/", "httpcore2/", "httpx2/", "sniffio/"),
    ),
    "the engine and the actions": ("flows/", "actions/"),
}
"""By part: how the files of its functions begin. A sample is that of its innermost function which is of a part."""


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    streams = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with upstream(PAUSE_S) as url, millrace(url, CHUNKS, server) as target:
        run(target, 4)
        costs = measured(target, streams)
    sys.stdout.write(
        f"\n{streams} streams of one chunk per 20 ms, {server}\n\n| part | CPU µs per chunk |\n|---|--:|\n"
    )
    for part, cost in costs:
        sys.stdout.write(f"| {part} | {cost:.0f} |\n")
    sys.stdout.write(f"| together | {sum(cost for _, cost in costs):.0f} |\n")


def measured(target: Target, streams: int) -> list[tuple[str, float]]:
    """Return the CPU of a chunk in microseconds by part, the largest first."""
    with ThreadPoolExecutor(1) as beside:
        sampling = beside.submit(sampled, target)
        before, readings = target.cpu_s(), list[Reading]()
        while not sampling.done():
            readings.append(run(target, streams))
        cpu_us = (target.cpu_s() - before) * 1e6 / sum(len(reading.late) for reading in readings)
    samples, cpu_s = sampling.result()
    of_sample = cpu_us / (cpu_s * RATE)
    costs = {part: count * of_sample for part, count in samples.items()}
    costs[OUTSIDE] = max(0.0, cpu_us - sum(costs.values()))
    return sorted(costs.items(), key=lambda item: -item[1])


def sampled(target: Target) -> tuple[Counter[str], float]:
    """Return the samples by part, and the seconds of CPU that the process took meanwhile."""
    with tempfile.TemporaryDirectory(prefix="millrace-bench-") as folder:
        stacks = Path(folder) / "stacks"
        options = ["--gil", "--format", "raw", "--rate", str(RATE), "--duration", str(SECONDS), "--output", str(stacks)]
        before = target.cpu_s()
        subprocess.run([PY_SPY, "record", "--pid", str(target.pid), *options], check=True, capture_output=True)
        return by_part(stacks.read_text()), target.cpu_s() - before


def by_part(stacks: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line in stacks.splitlines():
        stack, _, count = line.rpartition(" ")
        counts[part_of(stack)] += int(count)
    return counts


def part_of(stack: str) -> str:
    """Return the part that a stack of `function (file:line)`, outermost first, belongs to."""
    if any(mark in stack for mark in IN_A_START):
        return STARTS
    for frame in reversed(stack.split(";")):
        file = frame.partition(" (")[2]
        for part, beginnings in PARTS.items():
            if file.startswith(beginnings):
                return part
    return LOOP


if __name__ == "__main__":
    main()
