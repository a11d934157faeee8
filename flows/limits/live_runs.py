"""The runs of this process that have not ended, counted for each workspace and caller. Pure.

A start takes a seat before anything is stored, and is refused when there is none.
"""

from collections import Counter
from threading import Lock
from typing import NamedTuple
from uuid import UUID

from actions.contract.errors import DomainError, ErrorKind
from actions.contract.sizes import format_size
from flows.limits.run_limits import RunLimits

RETRY_AFTER_S = 5
SHARED_PART = 0.75
"""So full, a process gives its last seats only to workspaces that have less than an equal share of all seats."""
WORKSPACE_PART = 0.5
"""How much of the room for inputs one workspace may have."""


class Seat(NamedTuple):
    """What one live run occupies. Whoever takes it gives it to a run, which frees it at its end, or frees it."""

    workspace_id: UUID
    owner: str
    """The caller for whom the run goes on, as `Caller.owner` returns it."""
    input_bytes: int = 0
    """What the caller sent, which the run holds until its end, also while it waits for its turn."""


class LiveCounts(NamedTuple):
    """What the live runs occupy, as a start finds it."""

    all: int
    workspace: int
    """Of the workspace that asks for a seat."""
    caller: int
    """Of the caller in it."""
    workspaces: int
    """How many other workspaces have a seat."""
    input_bytes: int
    workspace_input_bytes: int


class LiveRuns:
    """Counts seats. Used from database threads and the event loop at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._counts: Counter[UUID | tuple[UUID, str]] = Counter()
        """The seats of each workspace, and of each caller in it."""
        self._input_bytes: Counter[UUID] = Counter()
        """Of the inputs of each workspace's runs."""
        self._workspaces = 0
        """How many workspaces have a seat."""
        self._taken = 0

    def __len__(self) -> int:
        return self._taken

    def require_room(self, limits: RunLimits) -> None:
        """Raise DomainError `limit_server_runs` when the process is full, whoever asks."""
        if self._taken >= limits.live_runs:
            raise _build_server_refusal()

    def take_seat(self, seat: Seat, limits: RunLimits | None) -> None:
        """Occupy a seat; None as limits occupies it in any case, for a run that was started before.

        Raises DomainError `limit_caller_runs`, `limit_workspace_runs`, `limit_workspace_inputs`, `limit_server_inputs`
        or `limit_server_runs`; nothing is taken then.
        """
        with self._lock:
            if limits is not None:
                self._check(seat, limits)
            self._workspaces += not self._counts[seat.workspace_id]
            self._taken += 1
            self._counts[seat.workspace_id] += 1
            self._counts[seat.workspace_id, seat.owner] += 1
            self._input_bytes[seat.workspace_id] += seat.input_bytes

    def free_seat(self, seat: Seat) -> None:
        """Give a seat back."""
        with self._lock:
            self._taken -= 1
            self._input_bytes[seat.workspace_id] -= seat.input_bytes
            for key in ((seat.workspace_id, seat.owner), seat.workspace_id):
                self._counts[key] -= 1
                if not self._counts[key]:
                    del self._counts[key]
            if seat.workspace_id not in self._counts:
                self._workspaces -= 1
                del self._input_bytes[seat.workspace_id]

    def _check(self, seat: Seat, limits: RunLimits) -> None:
        of_workspace = self._counts[seat.workspace_id]
        counts = LiveCounts(
            self._taken,
            of_workspace,
            self._counts[seat.workspace_id, seat.owner],
            self._workspaces - bool(of_workspace),
            self._input_bytes.total() if seat.input_bytes else 0,
            self._input_bytes[seat.workspace_id],
        )
        check_counts(counts, seat, limits)


def check_counts(counts: LiveCounts, seat: Seat, limits: RunLimits, processes: int = 1) -> None:
    """Raise DomainError, as `take_seat` does, when there is no seat left in so many processes that execute runs."""
    if counts.all >= limits.live_runs * processes:
        raise _build_server_refusal()
    is_visitor = seat.owner.startswith("visitor:")
    of_caller = limits.live_runs_per_visitor if is_visitor else limits.live_runs_per_caller
    if counts.caller >= of_caller:
        who = "This API key has reached its" if seat.owner.startswith("key:") else "You have reached your"
        raise _build_refusal("limit_caller_runs", who, of_caller)
    if counts.workspace >= limits.live_runs_per_workspace:
        raise _build_refusal("limit_workspace_runs", "The workspace has reached its", limits.live_runs_per_workspace)
    if seat.input_bytes:
        _check_input(counts, seat.input_bytes, limits.live_input_bytes * processes)
    seats = limits.live_runs * processes
    if counts.all >= seats * SHARED_PART and counts.workspace * (counts.workspaces + 1) >= seats:
        raise _build_server_refusal()


def _check_input(counts: LiveCounts, input_bytes: int, limit: int) -> None:
    """Raise DomainError when there is no room for the input beside those of the live runs."""
    if counts.workspace_input_bytes + input_bytes > limit * WORKSPACE_PART:
        size = format_size(int(limit * WORKSPACE_PART))
        raise _build_input_refusal("too_many", "limit_workspace_inputs", f"the workspace, which is {size}")
    if counts.input_bytes + input_bytes > limit:
        raise _build_input_refusal("unavailable", "limit_server_inputs", "the server")


def _build_input_refusal(kind: ErrorKind, code: str, whose: str) -> DomainError:
    message = f"What was sent to the runs that go on or wait reaches the limit of {whose}."
    hint = "Wait until some have ended, or send less at once."
    return DomainError(kind, code, message, hint=hint, retry_after_s=RETRY_AFTER_S)


def _build_refusal(code: str, who: str, limit: int) -> DomainError:
    message, hint = f"{who} limit of runs at once, which is {limit:,}.", "Wait until some have ended, or stop some."
    return DomainError("too_many", code, message, hint=hint, retry_after_s=RETRY_AFTER_S)


def _build_server_refusal() -> DomainError:
    message = "The server executes as many runs as it may at once."
    hint = "Try again in a moment."
    return DomainError("unavailable", "limit_server_runs", message, hint=hint, retry_after_s=RETRY_AFTER_S)


live_runs = LiveRuns()
"""Of the process, because its memory and its event loop are what all workspaces share."""
