"""The experiments: each a promise of docs/reliability.md, and what would find it broken."""

from typing import Any

from tests.faults.experiments import (
    killed_and_restarted,
    leaving,
    readers,
    repeated_calls,
    second_process,
    stalled_readers,
    stored_before_shown,
    upstream_faults,
)
from tests.faults.figures import Experiment

EXPERIMENTS: tuple[Experiment[Any], ...] = (
    stored_before_shown.EXPERIMENT,
    upstream_faults.EXPERIMENT,
    killed_and_restarted.EXPERIMENT,
    repeated_calls.EXPERIMENT,
    readers.EXPERIMENT,
    second_process.EXPERIMENT,
    stalled_readers.EXPERIMENT,
    leaving.EXPERIMENT,
)
