"""What a target is asked for."""

from typing import NamedTuple

from bench.protocols.calls import NATIVE


class Workload(NamedTuple):
    """One stream of a target."""

    chunks: int = 250
    actions: int = 1
    """How many actions each message passes in the flow. A relay has none, whatever this says."""
    form: str = NATIVE
    """In which protocol Millrace is called: one of `CALLS`."""


USUAL = Workload()
LONGER = Workload(actions=3)
LONE_CHUNK = Workload(chunks=1)
"""A request of which only its start and its end remain."""
