"""When the published versions of flows start by themselves: one row for each flow and environment. Sync.

A publication writes the row in its own transaction, so what is due is known without reading graphs.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone
from pydantic import ValidationError

from actions.schedule.due_times import DueTimes
from actions.schedule.trigger import ScheduleTrigger
from flows.graph.property_value import validate_property
from flows.models import Schedule
from workspaces.environments import Environment


class ScheduleRule(NamedTuple):
    """What a trigger says of its starts; named as the columns of its row are."""

    expression: str
    time_zone: str
    missed: str
    overlap: str

    @property
    def times(self) -> DueTimes:
        return DueTimes(self.expression, self.time_zone)


def follow_publication(flow_id: UUID, environment: Environment, graph: Mapping[str, Any]) -> None:
    """Store when the graph starts, which was just published there. Call it within that transaction.

    While the times stay the same, the next one stays too. What is switched off stays off.
    """
    rule = read_rule(graph)
    rows = Schedule.objects.select_for_update()  # a start that moves it on at this moment must not be undone
    row = rows.filter(flow_id=flow_id, environment=environment).first()
    if rule is None:
        if row:
            Schedule.objects.filter(pk=row.pk).update(expression="", due_at=None)
        return
    row = row or Schedule(flow_id=flow_id, environment=environment)
    has_same_times = (row.expression, row.time_zone) == (rule.expression, rule.time_zone)
    for name, value in rule._asdict().items():
        setattr(row, name, value)
    if not has_same_times:
        row.due_at = find_next(row, timezone.now())
    row.save()


def find_next(row: Schedule, moment: datetime) -> datetime | None:
    """Return when the schedule is due after `moment`; None while it is off, or has no times."""
    return DueTimes(row.expression, row.time_zone).find_next(moment) if row.is_on and row.expression else None


def read_rule(graph: Mapping[str, Any]) -> ScheduleRule | None:
    """Return what the graph's trigger says of its starts; None when it starts at no time by itself."""
    for node in graph.get("nodes", ()):
        if node["action"] == ScheduleTrigger.type:
            return _read_properties(node["properties"])
    return None


def _read_properties(properties: Mapping[str, Any]) -> ScheduleRule | None:
    if properties.get("disabled") is True:
        return None
    model = ScheduleTrigger.Properties
    given = {name: properties.get(name, model.model_fields[name].default) for name in ScheduleRule._fields}
    try:
        return ScheduleRule(**{name: validate_property(model, name, value) for name, value in given.items()})
    except ValidationError:
        return None
