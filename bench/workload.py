"""What a target is asked for."""

from typing import NamedTuple


class Workload(NamedTuple):
    """One stream of a target."""

    chunks: int = 250
    actions: int = 1
    """How many actions each message passes in the flow. A relay has none, whatever this says."""


USUAL = Workload()
LONGER = Workload(actions=3)
LONE_CHUNK = Workload(chunks=1)
"""A request of which only its start and its end remain."""
