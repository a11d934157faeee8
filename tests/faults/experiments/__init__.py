"""The experiments: each a promise of docs/reliability.md, and what would find it broken."""

from typing import Any

from tests.faults.experiments import killed_and_restarted, stored_before_shown
from tests.faults.figures import Experiment

EXPERIMENTS: tuple[Experiment[Any], ...] = (stored_before_shown.EXPERIMENT, killed_and_restarted.EXPERIMENT)
