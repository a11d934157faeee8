"""Stop, where another process executes the run: it is asked by the run's row, and looks there each second. Sync."""

from uuid import UUID

from flows.models import Run, RunStatus
from web.process import THIS

LOOK_S = 1.0
"""How often a worker looks whether it is asked to stop a run."""
WAIT_S = 5.0
"""How long the other worker is waited for. One that is frozen or dead does not answer; its lease tells then."""


def ask(run_id: UUID, reason: str) -> bool:
    """Ask whichever worker executes the run to stop it; return whether the run goes on."""
    return bool(Run.objects.filter(pk=run_id, status=RunStatus.RUNNING).update(stop_asked=reason[:200]))


def asked() -> list[tuple[UUID, str]]:
    """Return the runs of this worker that others want stopped, each with the reason."""
    running = Run.objects.filter(status=RunStatus.RUNNING, worker=THIS).exclude(stop_asked="")
    return list(running.values_list("pk", "stop_asked"))
