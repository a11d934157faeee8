"""Measures Millrace beside a bare relay and a lean one: `python -m bench [daphne|uvicorn] [PROCESSES]`.

All servers are up at once and are loaded in turn, in several rounds, so that all see the same machine; what counts is
the ratio within a round. It prints what `docs/benchmarks.md` holds. Takes about five minutes.
"""

import os
import sys
from contextlib import ExitStack

from bench.figures import Figures
from bench.report import write_report
from bench.rounds import HELD, measure
from bench.targets import OTHER_CORE, PAUSE_S, run_lean_relay, run_millrace, run_processes, run_relay, run_upstream
from bench.workload import LONE_CHUNK, LONGER, USUAL


def main() -> None:
    os.sched_setaffinity(0, {OTHER_CORE % (os.cpu_count() or 1)})
    server = sys.argv[1] if len(sys.argv) > 1 else "daphne"
    processes = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with ExitStack() as stack:
        url = stack.enter_context(run_upstream(PAUSE_S))
        plain = (USUAL, LONE_CHUNK, HELD)
        relay = stack.enter_context(run_relay(url, server, plain))
        others = [
            stack.enter_context(run_lean_relay(url, server, plain)),
            stack.enter_context(run_millrace(url, server, (*plain, LONGER), keeps_house=False)),
        ]
        if processes > 1:
            others.append(stack.enter_context(run_processes(url, server, plain, processes)))
        measured = [Figures(target) for target in (relay, *others)]
        measure(measured)
    command = f"make bench SERVER={server}" + (f" PROCESSES={processes}" if processes > 1 else "")
    sys.stdout.write(write_report(measured[0], measured[1:], command) + "\n")


if __name__ == "__main__":
    main()
