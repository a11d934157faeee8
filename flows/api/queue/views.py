"""The queue of a workspace, and its schedules: read, switched off and on, tried before they are saved."""

from itertools import islice
from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from actions.contract.errors import DomainError
from actions.schedule.due_times import MAX_EXPRESSION_CHARACTERS, DueTimes, check_expression, check_time_zone
from flows.api.queue import shapes
from flows.api.queue.documents import describe_queue, describe_schedules, list_schedules
from flows.models import Schedule
from flows.schedules.switch import switch_schedule
from web.drf.serializers import FlagField, StrictSerializer
from web.errors import build_not_found
from web.openapi import Answer, operation
from web.text import read_uuid
from workspaces.access import Permission
from workspaces.api.base import WorkspaceView
from workspaces.environments import require_environment

PREVIEWED_TIMES = 5
OF_FLOW = (OpenApiParameter("flow", OpenApiTypes.UUID, description="Only the schedules of this flow."),)
PREVIEWED = (
    OpenApiParameter("expression", OpenApiTypes.STR, required=True, description="A cron expression of five fields."),
    OpenApiParameter("time_zone", OpenApiTypes.STR, description="Such as Europe/Berlin; UTC by default."),
)


class SwitchedSchedule(StrictSerializer):
    is_on = FlagField()


class QueueOfWorkspace(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "edit"}

    @operation("read_queue", "queue", Answer(shapes.Queue))
    def get(self, request: Request) -> Response:
        """Return the runs that wait, those that go on, and those that failed last."""
        return Response(describe_queue(self.caller.workspace_id, self.caller.flows))


class Schedules(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("flow",)

    @operation("list_schedules", "queue", Answer(shapes.ScheduleList), query=OF_FLOW)
    def get(self, request: Request) -> Response:
        """List when published versions start by themselves, the one that is due first first."""
        rows = list_schedules(self.caller.workspace_id, self.caller.flows)
        flow = request._request.GET.get("flow")
        if flow is not None:
            rows = rows.filter(flow_id=_read_flow_id(flow))
        return Response({"schedules": describe_schedules(rows)})


class ScheduleItem(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"PATCH": "edit"}

    @operation("switch_schedule", "queue", Answer(shapes.Schedule), body=SwitchedSchedule)
    def patch(self, request: Request, schedule_id: UUID) -> Response:
        """Switch the schedule off, or on again from this moment: what was due meanwhile is not made up for.

        A key does so only where it may publish.
        """
        row = list_schedules(self.caller.workspace_id, self.caller.flows).filter(pk=schedule_id).first()
        if row is None:
            raise build_not_found()
        is_on = self.read(SwitchedSchedule)["is_on"]
        require_environment(row.environment, self.caller.environments)
        switch_schedule(schedule_id, is_on, self.caller.actor)
        return Response(_describe_one(schedule_id))


class SchedulePreview(WorkspaceView):
    permissions: ClassVar[dict[str, Permission]] = {"GET": "view"}
    query_parameters = ("expression", "time_zone")

    @operation("preview_schedule", "queue", Answer(shapes.SchedulePreview), query=PREVIEWED)
    def get(self, request: Request) -> Response:
        """Return a cron expression in plain words, and its next times. Nothing is stored."""
        times = _read_times(request._request)
        coming = islice(times.iterate_after(timezone.now()), PREVIEWED_TIMES)
        described = [{"at": at.isoformat(), "change": times.find_clock_change(at)} for at in coming]
        return Response({"words": times.describe(), "times": described})


def _describe_one(schedule_id: UUID) -> dict[str, Any]:
    described = describe_schedules(Schedule.objects.filter(pk=schedule_id))
    if not described:
        raise build_not_found()
    return described[0]


def _read_flow_id(text: str) -> UUID:
    id = read_uuid(text)
    if id is None:
        raise DomainError("malformed", "bad_parameter", "flow must be the id of a flow.", field="flow")
    return id


def _read_times(request: HttpRequest) -> DueTimes:
    """Return what the parameters say; raises DomainError `bad_parameter`."""
    expression, zone = request.GET.get("expression", ""), request.GET.get("time_zone", "UTC")
    if len(expression) > MAX_EXPRESSION_CHARACTERS:
        message = f"expression has at most {MAX_EXPRESSION_CHARACTERS} characters."
        raise DomainError("malformed", "bad_parameter", message, field="expression")
    for name, check, value in (("expression", check_expression, expression), ("time_zone", check_time_zone, zone)):
        try:
            check(value)
        except ValueError as error:
            raise DomainError("malformed", "bad_parameter", str(error), field=name) from None
    return DueTimes(expression, zone)
