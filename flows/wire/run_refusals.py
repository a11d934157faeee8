"""Why a run did not complete, as the error of a call that waits for it."""

from actions.contract.errors import DomainError, ErrorKind
from flows.events.fold import RunError

KIND_OF_END: dict[str, ErrorKind] = {"failed": "upstream", "cancelled": "conflict", "interrupted": "unavailable"}
"""The kind of error by the status of a run."""


def build_run_refusal(status: str, error: RunError) -> DomainError:
    """Return the error of a run that has ended with this status and did not complete."""
    kind = KIND_OF_END.get(status, "upstream")
    retry_after_s = error["retry_after_s"]
    return DomainError(kind, error["code"], error["message"], hint=error["hint"], retry_after_s=retry_after_s)
