"""How a run fails that has reached a limit of its own. Pure."""

from actions.contract.errors import ActionError
from actions.contract.sizes import format_size


class RunLimitError(ActionError):
    """The run has reached a limit. It fails at the node where it is, and nothing in the flow catches that."""


def build_events_error(limit: int) -> RunLimitError:
    return RunLimitError("limit_events", f"The run has {limit:,} events, which is the limit.", "Does a loop end?")


def build_passes_error(limit: int) -> RunLimitError:
    message = f"The loops of the run have made {limit:,} passes together, which is the limit."
    return RunLimitError("limit_passes", message, "Are loops within loops, or is a list longer than it should be?")


def build_seconds_error(limit: int) -> RunLimitError:
    message = f"The run has gone on for {limit:,} seconds, which is the limit."
    return RunLimitError("limit_seconds", message, "What does it wait for? Set a time limit there.")


def build_event_bytes_error(size: int, limit: int) -> RunLimitError:
    message = f"A value of {format_size(size)} is too large: a run may tell {format_size(limit)} at once."
    return RunLimitError("limit_event_bytes", message, "Yield or return a part of it at a time.")


def build_run_bytes_error(limit: int) -> RunLimitError:
    message = f"What the run has yielded and told is {format_size(limit)} together, which is the limit."
    return RunLimitError("limit_run_bytes", message, "Yield or log less, or divide the work among several runs.")
