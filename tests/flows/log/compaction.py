"""Compacts a run as housekeeping does."""

import uuid

from flows.log import archive
from flows.log.archive import LIMITS, ArchiveLimits


def compact(run_id: uuid.UUID, limits: ArchiveLimits = LIMITS) -> None:
    for _ in archive.compact_run(run_id, limits):
        pass
