"""Switches a schedule off and on. Sync."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from flows.models import Schedule
from flows.versions.schedules import find_next
from web.errors import build_not_found
from workspaces.audit.record import Actor, Deed, Subject, record


def switch_schedule(schedule_id: UUID, is_on: bool, by: Actor) -> None:
    """Let a schedule start runs, or none. Switched on, it is due from this moment on. Raises DomainError `not_found`.

    A run that goes on is not touched.
    """
    with transaction.atomic():
        row = Schedule.objects.select_for_update(of=("self",)).select_related("flow").filter(pk=schedule_id).first()
        if row is None:
            raise build_not_found()
        if row.is_on == is_on:
            return
        row.is_on = is_on
        row.due_at = find_next(row, timezone.now())
        row.save(update_fields=("is_on", "due_at"))
        deed: Deed = "schedule.switched_on" if is_on else "schedule.switched_off"
        record(row.flow.workspace_id, by, deed, Subject(row.flow_id, row.flow.name), f"in {row.environment}")
