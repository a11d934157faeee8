"""How long the log of a finished run is kept, and what remains of the run after that. Sync; for database threads."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from flows.events.events import PUBLIC, run_event
from flows.events.fold import RunState, fold
from flows.log import rows
from flows.models import Run, RunArchive


def find_expiring_runs(limit: int) -> list[UUID]:
    """Return runs whose log has been kept for as long as it is to be, the oldest first.

    Only what is archived is among them, so that letting go of a log is short too.
    """
    if not settings.MILLRACE_KEEP_LOGS_DAYS:
        return []
    end = timezone.now() - timedelta(days=settings.MILLRACE_KEEP_LOGS_DAYS)
    old = Run.objects.filter(log_expired_at=None, finished_at__lt=end, compacted_at__isnull=False)
    return list(old.order_by("finished_at").values_list("pk", flat=True)[:limit])


def expire_log(run_id: UUID) -> None:
    """Delete the run's log and keep what it gave. Of several processes that do this at once, one does."""
    kept = read_state(run_id, public=True)
    kept["nodes"] = {}
    with transaction.atomic():
        row = Run.objects.filter(pk=run_id, log_expired_at=None)
        if row.update(kept=kept, log_expired_at=timezone.now()):
            RunArchive.objects.filter(run_id=run_id).delete()


def read_state(run_id: UUID, *, public: bool) -> RunState:
    """Return the fold of the run's events, the public ones only or all; of an expired log, what was kept of it."""
    frames = rows.read_page(run_id, 0, rows.ALL_EVENTS)
    # Asked after the log was read: one that expires meanwhile has left its state by then.
    kept: RunState | None = Run.objects.filter(pk=run_id).values_list("kept", flat=True).first()
    if kept is not None:
        return kept
    return fold(run_event.validate_json(frame.data) for frame in frames if not public or frame.type in PUBLIC)
