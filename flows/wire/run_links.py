"""Where a run is found over REST, and what is said when its log is there no more."""

from datetime import timedelta
from uuid import UUID

from actions.contract.errors import DomainError
from flows.models import Run
from web.middleware.sub_path import add_sub_path


def build_run_links(run_id: UUID) -> dict[str, str]:
    base = add_sub_path(f"/api/v1/runs/{run_id}")
    return {"state": base, "events": f"{base}/events", "cancel": f"{base}/cancel"}


def require_log(run: Run) -> None:
    """Raise DomainError `log_expired` when the run has no log any more."""
    if run.log_expired_at is None or run.finished_at is None:
        return
    days = round((run.log_expired_at - run.finished_at) / timedelta(days=1))
    state = build_run_links(run.pk)["state"]
    raise DomainError(
        "gone",
        "log_expired",
        f"The log of this run was deleted {days} days after its end.",
        hint="What the run gave is kept: read the run itself.",
        links={"state": state},
    )
