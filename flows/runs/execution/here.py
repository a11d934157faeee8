"""Executes runs in the process that has stored them, or in a worker that has taken them."""

from uuid import UUID

from flows.limits.live_runs import Seat, live_runs
from flows.runs.execution.runner import StartedRun
from flows.runs.local_run import LocalRun
from flows.runs.prepared_run import PreparedRun
from web.process_id import PROCESS_ID


class RunsHere:
    """Executes runs in this process."""

    worker: UUID | None = PROCESS_ID
    has_queue = False

    def require_room(self, seat: Seat) -> None:
        """Do nothing: the seats of the process are all there are."""

    def put(self, run_id: UUID) -> None:
        """Do nothing: `begin` executes the run."""

    async def cancel_waiting(self, run_id: UUID, reason: str) -> bool:
        return False

    def begin(self, prepared: PreparedRun) -> StartedRun:
        run = LocalRun(prepared)
        run.start()
        return run

    async def begin_again(self, prepared: PreparedRun) -> None:
        live_runs.take_seat(prepared.seat, None)  # it was admitted when it was started
        LocalRun(prepared).start()
