"""Cancelling a run that another process executes: its row holds the request, and that process looks there. Sync."""

from uuid import UUID

from flows.models import Run, RunStatus
from web.lookups import adapt_id, fetch_all, write_for_driver
from web.process_id import PROCESS_ID

LOOK_INTERVAL_S = 1.0
"""How often a process looks whether it is asked to cancel a run."""
PENDING = "SELECT id, stop_asked FROM flows_run WHERE status = 'running' AND worker = %s AND stop_asked <> ''"
MAX_REASON_CHARACTERS = 200


def request_cancel(run_id: UUID, reason: str, by: str = "") -> bool:
    """Ask whichever process executes the run to cancel it; return whether the run goes on.

    `reason` is what every caller of the run may read; `by` is who asks, for members of the workspace.
    """
    running = Run.objects.filter(pk=run_id, status=RunStatus.RUNNING)
    request = {"stop_asked": reason[:MAX_REASON_CHARACTERS], "stopped_by": by[:MAX_REASON_CHARACTERS]}
    return bool(running.update(**request))


def note_canceller(run_id: UUID, by: str) -> None:
    """Keep who has cancelled the run, unless that is known."""
    Run.objects.filter(pk=run_id, status=RunStatus.CANCELLED, stopped_by="").update(
        stopped_by=by[:MAX_REASON_CHARACTERS]
    )


def read_pending_cancels() -> list[tuple[UUID, str]]:
    """Return the runs of this process that others ask it to cancel, each with the reason."""
    rows = fetch_all(write_for_driver(PENDING), [adapt_id(PROCESS_ID)])
    return [(UUID(str(id)), reason) for id, reason in rows]


def read_status(run_id: UUID) -> str:
    """Return the status of a run as its row tells it."""
    return str(Run.objects.values_list("status", flat=True).get(pk=run_id))
