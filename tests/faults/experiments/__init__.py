"""The experiments: each checks one promise of docs/reliability.md."""

from typing import Any

from tests.faults.experiments import (
    abuse,
    idle_streams,
    killed_and_restarted,
    leaks,
    leaving,
    on_postgres,
    rated_load,
    readers,
    repeated_calls,
    scaled_out,
    second_process,
    stalled_readers,
    start_keys,
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
    start_keys.EXPERIMENT,
    idle_streams.EXPERIMENT,
    rated_load.EXPERIMENT,
    leaks.EXPERIMENT,
    abuse.EXPERIMENT,
    on_postgres.EXPERIMENT,
    scaled_out.EXPERIMENT,
)
