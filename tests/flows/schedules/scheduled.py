"""Flows that begin with a schedule, and what brings their time."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from flows import services
from flows.models import Flow, Schedule
from flows.versions.listing import get_version
from flows.versions.publish import publish_version
from tests.flows.scripted import graph, node, path
from workspaces.audit.record import SERVER
from workspaces.environments import Environment
from workspaces.models import Workspace

WORDS = "{{ schedule.input.desk }} {{ schedule.missed }} {{ schedule.late }}"


def draw(expression: str = "*/10 * * * *", **properties: Any) -> dict[str, Any]:
    trigger = node("trigger", "schedule.trigger", expression=expression, fixed_input={"desk": "north"}, **properties)
    return graph([trigger, node("return", "control.return", value=WORDS)], path("trigger", "return"))


def create_scheduled(workspace: Workspace, expression: str = "*/10 * * * *", **properties: Any) -> Schedule:
    """Return the schedule of a flow whose only version is published to production."""
    flow = services.create_flow(workspace.pk, "Report", "", draw(expression, **properties))
    publish(flow)
    return Schedule.objects.get()


def publish(flow: Flow, environment: Environment = "production") -> None:
    publish_version(get_version(flow, flow.revision), environment, "", SERVER)


def let_be_due(schedule: Schedule, ago: timedelta = timedelta(0)) -> datetime:
    """Let the time that was due last, so long ago, be the next one of the schedule; return it."""
    moment = timezone.now() - ago
    due_at = moment.replace(minute=moment.minute // 10 * 10, second=0, microsecond=0)
    Schedule.objects.filter(pk=schedule.pk).update(due_at=due_at)
    return due_at
