"""How long the log of a finished run is kept, and what remains of the run after that. Sync; for database threads."""

import zlib
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from pydantic_core import from_json, to_json

from flows.events.events import PUBLIC
from flows.events.fold import RunState, create_state
from flows.events.yielded import YieldedValues
from flows.log import rows
from flows.log.run_record import RunRecord, fold_frames
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
    record = read_record(run_id, public=True)
    kept, yields = {**record.state, "nodes": {}}, record.yielded and _pack(record.yielded)
    with transaction.atomic():
        row = Run.objects.filter(pk=run_id, log_expired_at=None)
        if row.update(kept=kept, kept_yields=yields, log_expired_at=timezone.now()):
            RunArchive.objects.filter(run_id=run_id).delete()


def read_record(run_id: UUID, *, public: bool) -> RunRecord:
    """Return what the run's events say, the public ones only or all; of an expired log, what was kept of it."""
    frames = rows.read_page(run_id, 0, rows.ALL_EVENTS)
    # Asked after the log was read: one that expires meanwhile has left its state by then.
    kept, yields = Run.objects.filter(pk=run_id).values_list("kept", "kept_yields").first() or (None, None)
    if kept is not None:
        return RunRecord(_complete(kept), None if yields is None else _unpack(yields))
    return fold_frames(frame for frame in frames if not public or frame.type in PUBLIC)


def _complete(kept: dict[str, Any]) -> RunState:
    """Return a state that was kept, with null for each fact that is younger than it."""
    error = kept["error"] and {"fault": None, "retryable": None, "retry_after_s": None, **kept["error"]}
    return cast(RunState, {**create_state(), **kept, "error": error})


def _pack(yielded: YieldedValues) -> bytes:
    return zlib.compress(to_json([yielded.values, yielded.left_out]))


def _unpack(data: bytes | memoryview) -> YieldedValues:
    values, left_out = from_json(zlib.decompress(data))
    return YieldedValues(values, left_out)
