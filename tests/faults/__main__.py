"""Runs the large experiments, or those that are named, and prints one table. Exits with 1 when a promise is missed.

`python -m tests.faults [P2 P9 …]`; with `--small` at the size of the tests.
"""

import asyncio
import sys
import time
import traceback
from typing import Any

from tests.faults.experiments import EXPERIMENTS
from tests.faults.figures import Experiment, Figure

write = sys.stdout.write


def main(arguments: list[str]) -> int:
    names, small = [name for name in arguments if name != "--small"], "--small" in arguments
    unknown = set(names) - {each.name for each in EXPERIMENTS}
    if unknown:
        write(f"There is no experiment {', '.join(sorted(unknown))}.\n")
        return 2
    write("| | what | promised | measured | |\n|---|---|--:|--:|---|\n")
    sys.stdout.flush()
    missed = 0
    for experiment in EXPERIMENTS:
        if not names or experiment.name in names:
            missed += run_experiment(experiment, small=small)
    write(f"\n{missed or 'No'} promise{'' if missed == 1 else 's'} missed.\n")
    return min(missed, 1)


def run_experiment(experiment: Experiment[Any], *, small: bool) -> int:
    """Run one experiment and print its rows; return how many figures miss what is promised."""
    began = time.monotonic()
    try:
        figures = asyncio.run(experiment.measure(experiment.small if small else experiment.large))
    except Exception as error:  # counts as a miss, and must not prevent the other experiments
        traceback.print_exc()
        figures = [Figure("the experiment ends", "yes", type(error).__name__, ok=False)]
    write(f"| **{experiment.name}** | **{experiment.promise}** | | {time.monotonic() - began:.0f} s | |\n")
    for figure in figures:
        write(format_row(figure))
    sys.stdout.flush()
    return sum(not figure.ok for figure in figures)


def format_row(figure: Figure) -> str:
    return f"| | {figure.what} | {figure.promised} | {figure.measured} | {'' if figure.ok else '**missed**'} |\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
