"""What is noted of times at which a schedule has started nothing. Sync; within the transaction that moves it on."""

import logging
from datetime import datetime

from flows.models import Schedule, ScheduleNote

logger = logging.getLogger(__name__)

MAX_NOTES = 20
"""Of a schedule. The oldest go."""
MAX_MESSAGE_CHARACTERS = 500


def add_note(row: Schedule, reason: str, first: datetime, last: datetime, count: int, message: str = "") -> None:
    """Note `count` times from `first` to `last`. What goes on as the newest note says is added to that one."""
    message = message[:MAX_MESSAGE_CHARACTERS]
    newest = ScheduleNote.objects.filter(schedule=row).order_by("-pk").first()
    extra = {"flow": str(row.flow_id), "environment": row.environment, "reason": reason, "count": count}
    logger.warning("schedule_started_nothing", extra=extra)
    if newest and (newest.reason, newest.message) == (reason, message) and not _has_started_since(row, newest):
        newest.count, newest.last_due_at = newest.count + count, last
        newest.save(update_fields=("count", "last_due_at"))
        return
    ScheduleNote.objects.create(
        schedule=row, reason=reason, message=message, count=count, first_due_at=first, last_due_at=last
    )
    notes = ScheduleNote.objects.filter(schedule=row).order_by("-pk")
    ScheduleNote.objects.filter(pk__in=list(notes.values_list("pk", flat=True)[MAX_NOTES:])).delete()


def _has_started_since(row: Schedule, note: ScheduleNote) -> bool:
    return row.last_due_at is not None and row.last_due_at > note.last_due_at
