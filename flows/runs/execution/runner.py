"""The one interface behind which runs are executed in this process (`here.py`), or by workers (`queue.py`)."""

from typing import Protocol
from uuid import UUID

from flows.limits.live_runs import Seat
from flows.runs.prepared_run import PreparedRun


class StartedRun(Protocol):
    """A run that was stored, and that is executed here or elsewhere."""

    @property
    def id(self) -> UUID: ...

    @property
    def revision(self) -> int:
        """Of the flow, as the run executes it."""


class Runner(Protocol):
    """Sees to it that stored runs are executed."""

    worker: UUID | None
    """What the row of a new run names as its process; None leaves the run to whichever worker takes it."""
    has_queue: bool
    """Whether runs are stored in one transaction with `require_room` and `put`."""

    def require_room(self, seat: Seat) -> None:
        """Raise DomainError when the processes that execute runs have no seat left for one more run. Sync.

        Call it in the transaction that stores the run. The seats of this process are counted before.
        """

    def put(self, run_id: UUID) -> None:
        """Let the run be executed once its transaction is committed. Sync; call it in that transaction."""

    async def cancel_waiting(self, run_id: UUID, reason: str) -> bool:
        """Cancel a run that no worker has taken yet; return whether it was one."""

    def begin(self, prepared: PreparedRun) -> StartedRun:
        """Begin to execute a stored run, or leave it to others. Its seat is taken; the run frees it, or this does."""

    async def begin_again(self, prepared: PreparedRun) -> None:
        """The same for a run of this process that was lost and begins anew. It has no seat."""


_runner: list[Runner] = []
"""The one of this process, once Django is ready: what prepares runs must not import what executes them."""


def get_runner() -> Runner:
    """Return how this process executes the runs that it stores."""
    return _runner[0]


def set_runner(runner: Runner) -> None:
    """Say how this process executes the runs that it stores."""
    _runner[:] = [runner]
