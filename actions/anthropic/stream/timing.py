"""When a call waits, and when it gives up. Values only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """Waits and limits of one call, in seconds. Tests make them short."""

    silence_s: float = 60
    """How long no content may come. Pings do not count, because a dead model may still be pinged for."""
    thinking_silence_s: float = 300
    """The same while a model thinks, or a tool of the API's own is at work: both are silent for long."""
    tries: int = 3
    """How often a call is tried in all while no content has come."""
    first_pause_s: float = 0.5
    """The pause after the first try. Each further pause is twice as long, and all are spread by a quarter."""
    longest_pause_s: float = 60
    """The longest retry-after that is waited for. After a longer one the call fails and names it."""
    drain_s: float = 0.2
    """How long the end of a complete answer is waited for, so that its socket can serve the next call."""
    list_s: float = 20
    """How long the list of models may take, where the connection's own limit is not shorter."""


DEFAULT_TIMING = Timing()
