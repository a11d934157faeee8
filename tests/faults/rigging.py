"""What only the experiments need: slower commits, broken ones, short leases. `rig_process` changes its process."""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flows.log import rows
from flows.log.frames import Entry
from flows.log.loop_writer import LoopWriter
from flows.runs import leases
from flows.schedules import starts

COMMIT_S = float(os.environ.get("RIG_COMMIT_S", "0"))
"""How much longer a commit takes."""
SHOWN_FIRST = "RIG_SHOWN_FIRST" in os.environ
"""Break the promise on purpose: a batch is reported as stored before it is stored."""
RETRY_S = float(os.environ.get("RIG_RETRY_S", "0"))
"""How long a batch that cannot be stored is tried again."""
LEASE_S = float(os.environ.get("RIG_LEASE_S", "0"))
LOOK_S = float(os.environ.get("RIG_LOOK_S", "0"))
"""How long the task that starts schedules sleeps at most."""

_write_batch, _commit_batch = rows.write_batch, rows.commit_batch
_later_commits = ThreadPoolExecutor(1)


def write_slowly(*arguments: Any) -> None:
    time.sleep(COMMIT_S)
    _write_batch(*arguments)


def show_and_commit_later(_: LoopWriter, batch: list[Entry]) -> bool:
    """Say that a batch is stored; every batch is the loop's then."""
    _later_commits.submit(_commit_batch, batch)
    return True


def rig_process() -> None:
    """Change this process as its environment says. Called before it serves or works."""
    rows.write_batch = write_slowly  # type: ignore[assignment]  # takes whatever it passes on
    if SHOWN_FIRST:
        LoopWriter.commit = show_and_commit_later  # type: ignore[assignment, method-assign]  # broken on purpose
    if RETRY_S:
        rows.RETRY_LIMIT_S = RETRY_S
    if LEASE_S:
        leases.LEASE, leases.HEARTBEAT_INTERVAL_S = timedelta(seconds=LEASE_S), LEASE_S / 3
    if LOOK_S:
        starts.LOOK_INTERVAL_S = LOOK_S
