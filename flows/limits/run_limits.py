"""The limits of runs, as the settings give them. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RunLimits:
    """How much runs may take. Its defaults are those of the settings, which ordinary use does not meet."""

    live_runs: int = 1_000
    """Runs of one process that go on or wait for their turn."""
    live_runs_per_workspace: int = 500
    live_runs_per_caller: int = 250
    """Of one API key, or of one person."""
    live_runs_per_visitor: int = 5
    """Of one visitor of chat pages who is no member of the workspace."""
    live_input_bytes: int = 512 * 1024 * 1024
    """Of the inputs that the live runs of one process hold. A workspace may have half of it."""
    passes: int = 1_000_000
    """Of all loops of one run together. Paths of streamed messages are bounded by the events of a run."""
    seconds: int = 21_600
    """From when a run begins to execute. A time in which it waits for its turn is not counted."""
    event_bytes: int = 4 * 1024 * 1024
    """Of one event as it is stored: what one yield, one result or one line of the log may hold."""
    run_bytes: int = 64 * 1024 * 1024
    """Of all events of one run. What it yields is the largest part of them."""


DEFAULT_LIMITS = RunLimits()
