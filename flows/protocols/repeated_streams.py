"""The stream of a call that was made before: for all protocols alike."""

from flows.models import Run
from flows.runs.execution.runner import StartedRun
from flows.runs.prepare import StartedBefore
from flows.wire.run_links import require_log
from web.database import in_database


async def require_stream(run: StartedRun | StartedBefore) -> None:
    """Raise DomainError `log_expired` for a run that was started before and has no log any more.

    A stream made of what is kept of such a run would tell what has never come so.
    """
    if isinstance(run, StartedBefore):
        require_log(await in_database(Run.objects.get, pk=run.id))
