"""Compacts runs, and deletes their logs, as housekeeping does."""

import uuid
from datetime import timedelta

from django.utils import timezone

from flows.log import archive, retention
from flows.log.archive import LIMITS, ArchiveLimits
from flows.models import Run


def compact(run_id: uuid.UUID, limits: ArchiveLimits = LIMITS) -> None:
    for _ in archive.compact_run(run_id, limits):
        pass


def expire(run_id: uuid.UUID) -> None:
    for _ in retention.expire_log(run_id):
        pass


def expire_logs() -> None:
    """Let every run have ended two months ago, and delete its log."""
    old = timezone.now() - timedelta(days=60)
    Run.objects.update(started_at=old, finished_at=old)
    for run_id in archive.find_due_runs(10):
        compact(run_id)
    for run_id in retention.find_expiring_runs(10):
        expire(run_id)
