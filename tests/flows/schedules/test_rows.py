"""A publication says when a flow starts by itself; nothing else does."""

from datetime import UTC, datetime

import pytest

from flows import services
from flows.models import Flow, Schedule
from tests.flows.schedules.scheduled import create_scheduled, draw, publish
from tests.flows.scripted import graph, trigger
from workspaces.models import Workspace

pytestmark = pytest.mark.django_db


def save(flow: Flow, **properties: object) -> Flow:
    current = services.get_flow(flow.workspace_id, flow.pk)
    return services.save_graph(current, current.revision, draw(**properties))  # type: ignore[arg-type]  # of any type


def test_a_draft_has_no_schedule_and_a_published_version_has_one_for_its_environment(workspace: Workspace) -> None:
    flow = services.create_flow(workspace.pk, "Report", "", draw("0 9 * * *", time_zone="Europe/Berlin"))
    assert not Schedule.objects.exists()
    publish(flow, "test")
    schedule = Schedule.objects.get()
    assert (schedule.environment, schedule.expression, schedule.time_zone) == ("test", "0 9 * * *", "Europe/Berlin")
    assert (schedule.missed, schedule.overlap, schedule.is_on) == ("note", "skip", True)
    assert schedule.due_at is not None and schedule.due_at > datetime.now(UTC)


def test_the_next_time_stays_while_the_times_do(workspace: Workspace) -> None:
    schedule = create_scheduled(workspace)
    passed = datetime(2026, 1, 1, tzinfo=UTC)
    Schedule.objects.update(due_at=passed)
    publish(save(schedule.flow, overlap="start"))
    schedule.refresh_from_db()
    assert (schedule.due_at, schedule.overlap) == (passed, "start")
    publish(save(schedule.flow, expression="*/5 * * * *"))
    schedule.refresh_from_db()
    assert schedule.due_at is not None and schedule.due_at > datetime.now(UTC)


def test_a_version_without_a_schedule_ends_it_and_one_that_is_off_stays_off(workspace: Workspace) -> None:
    schedule = create_scheduled(workspace)
    Schedule.objects.update(is_on=False, due_at=None)
    flow = services.get_flow(workspace.pk, schedule.flow_id)
    publish(services.save_graph(flow, flow.revision, graph([trigger()], [])))
    schedule.refresh_from_db()
    assert (schedule.expression, schedule.due_at) == ("", None)
    publish(save(schedule.flow))
    schedule.refresh_from_db()
    assert (schedule.expression, schedule.due_at, schedule.is_on) == ("*/10 * * * *", None, False)


@pytest.mark.parametrize("properties", [{"disabled": True}, {"expression": "nonsense"}, {"time_zone": "Moon/Base"}])
def test_a_trigger_that_is_disabled_or_cannot_be_read_starts_nothing(
    workspace: Workspace, properties: dict[str, object]
) -> None:
    publish(services.create_flow(workspace.pk, "Report", "", draw(**properties)))  # type: ignore[arg-type]  # of any type
    assert not Schedule.objects.exists()
